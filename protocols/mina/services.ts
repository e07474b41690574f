import { type Problem, TestnetError } from "../../errors/problem";
import type { ClusterPlacement, Daemon, PublicDoor, Service } from "../plan";
import { addressOf, byCluster, readProxy } from "../services";
import type { MinaNetwork } from "./settings";

const NAME = "graphql-proxy";

/** How the world finds the proxy. */
const DOOR: PublicDoor = { title: "GraphQL", label: "graphql", path: "/graphql" };

/** A page asks for a handful at once; a query may cost a daemon much. */
const PER_SECOND = 10;

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
    readProxy(
      {
        name: NAME,
        cluster,
        script: "graphql-proxy.mjs",
        upstreams: upstreams.map((daemon) => `${addressOf(placement.network, daemon, GRAPHQL_PORT)}/graphql`),
        innerPort: 8080,
        door: graphqlProxy.public ? DOOR : undefined,
        perSecond: PER_SECOND,
        image: graphqlProxy.image,
        replicas: availability === "high" ? 2 : 1,
      },
      placement,
    ),
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
