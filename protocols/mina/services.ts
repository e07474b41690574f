import { z } from "zod";
import { type Problem, TestnetError } from "../../errors/problem";
import type { ClusterPlacement, Daemon, Service } from "../plan";
import { addressOf, byCluster, internalPort, ownService, serviceOptions } from "../services";
import type { MinaNetwork } from "./settings";

/**
 * Programs beside the daemons, each off unless named. For a faucet, a transaction load and an explorer no image with a
 * version is published for everybody that was found; see docs/mina.md.
 */
export const minaServicesSettings = z
  .strictObject({
    transactionsExpected: z
      .boolean()
      .default(false)
      .describe(
        "Whether somebody sends transactions all the time: alerts then tell when none come. Default false.",
      ),
    graphqlProxy: z
      .strictObject({ ...serviceOptions })
      .optional()
      .describe(
        "Read-only GraphQL before the daemons of a cluster that have `graphql`, inside that cluster only: no mutations, no keys.",
      ),
  })
  .prefault({})
  .describe("Programs beside the daemons. Default none.");

const NAME = "graphql-proxy";

/** Name of the port of a daemon whose GraphQL pods of the network reach. */
export const GRAPHQL_PORT = "graphql";

/**
 * Services of a network. A service asks daemons of its own cluster only: clusters are not connected.
 * Pure. @throws TestnetError TN1007
 */
export function minaServices(
  { services: { graphqlProxy }, availability }: MinaNetwork,
  placement: ClusterPlacement,
  daemons: readonly Daemon[],
): Service[] {
  if (graphqlProxy === undefined) return [];
  const serving = byCluster(placement, daemons, ({ ports }) =>
    ports.some(({ name, exposure }) => name === GRAPHQL_PORT && exposure === "network"),
  );
  const cluster = graphqlProxy.cluster ?? [...serving.keys()][0];
  const upstreams = serving.get(cluster ?? "");
  if (cluster === undefined || upstreams === undefined) {
    throw new TestnetError(noUpstream(graphqlProxy.cluster, [...serving.keys()]));
  }
  return [
    ownService({
      name: NAME,
      cluster,
      script: "graphql-proxy.mjs",
      port: internalPort("http", 8080),
      env: {
        PROXY_PORT: "8080",
        PROXY_UPSTREAMS: JSON.stringify(
          upstreams.map((daemon) => `${addressOf(placement.network, daemon, GRAPHQL_PORT)}/graphql`),
        ),
      },
      image: graphqlProxy.image,
      replicas: availability === "high" ? 2 : 1,
    }),
  ];
}

function noUpstream(given: string | undefined, clusters: readonly string[]): Problem {
  return {
    code: "TN1007",
    at: "testnet:network.services.graphqlProxy",
    message: "no daemon of the cluster lets pods of the network reach its GraphQL",
    ...(given !== undefined && { given }),
    ...(clusters.length > 0 && { allowed: clusters.join(", ") }),
    remedy: "Set `graphql: true` for the seeds, nodes or archives there, or name another `cluster`.",
  };
}
