import { z } from "zod";
import ownServices from "./own-services.json";
import { publicPort } from "./peer-ports";
import type { ClusterPlacement, Daemon, Image, Port, PublicDoor, Resources, Service } from "./plan";
import { portOf } from "./plan";
import { ref } from "./references";
import { imageReference } from "./settings";

/** What the services of all protocols are made with. Pure. */

/** Keys of every service, beside its own. */
export const serviceOptions = {
  cluster: z
    .string()
    .optional()
    .describe("Cluster to run in. Default: the first with a daemon that it can ask."),
  image: imageReference.optional().describe("Image in place of the usual one."),
};

/** The key of services that users of the world may reach. */
export const publicOption = {
  public: z
    .boolean()
    .default(false)
    .describe(
      "Whether the world reaches it: at a port of the network's own, a reserved address and a DNS name, without TLS. Default false.",
    ),
};

/** Node.js, for programs of our own; the same image that the chart prepares pods with. */
const NODE_IMAGE: Image = {
  reference: "docker.io/library/node:22.21.0-alpine3.22",
  command: ["node"],
  user: { uid: 1000, gid: 1000 },
  home: "/home/node",
};

const SMALL: Resources = { cpuMilli: 50, memoryMiB: 96, memoryLimitMiB: 256 };

/** A file of the folder services/. */
export type OwnFile = keyof typeof ownServices;

export interface OwnServiceArgs {
  readonly name: string;
  readonly cluster: string;
  readonly script: OwnFile;
  /** Files that the script imports. */
  readonly imports?: readonly OwnFile[];
  readonly port: Port;
  readonly env: Readonly<Record<string, string>>;
  readonly image?: string | undefined;
  readonly replicas?: number;
  readonly metricsPath?: string;
  readonly resources?: Resources;
}

/** A service that is one of our own scripts, run by Node.js from the volume it is written to. */
export function ownService(args: OwnServiceArgs): Service {
  const { name, cluster, script, imports = [], port, env, image, replicas = 1, metricsPath } = args;
  return {
    name,
    cluster,
    image: image === undefined ? NODE_IMAGE : { ...NODE_IMAGE, reference: image },
    args: [`${ref.data}/${script}`],
    env,
    files: [script, ...imports].map((file) => ({ path: file, content: ownServices[file] })),
    ports: [port],
    replicas,
    resources: args.resources ?? SMALL,
    storageGiB: 0,
    metricsPath,
  };
}

/** Bodies of many requests at once, in both directions, and what Node.js makes of them. */
const PROXY: Resources = { cpuMilli: 100, memoryMiB: 128, memoryLimitMiB: 512 };

export interface ReadProxyArgs extends Pick<
  OwnServiceArgs,
  "name" | "cluster" | "script" | "image" | "replicas"
> {
  /** Whom it asks. */
  readonly upstreams: readonly string[];
  /** Its port where it is reached inside its cluster only. */
  readonly innerPort: number;
  /** How the world finds it; undefined where it does not. */
  readonly door: PublicDoor | undefined;
  /** Requests a second that one address of the world may make. */
  readonly perSecond: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** A read-only proxy before daemons. Who asks from inside is trusted with as much as he likes; the world is not. */
export function readProxy(
  { upstreams, innerPort, door, perSecond, env, ...args }: ReadProxyArgs,
  { portsFrom }: ClusterPlacement,
): Service {
  const port: Port =
    door === undefined
      ? internalPort("http", innerPort)
      : { name: "http", number: publicPort(portsFrom), transports: ["tcp"], exposure: "world" };
  const service = ownService({
    ...args,
    imports: ["read-proxy.mjs"],
    port,
    env: {
      PROXY_PORT: String(port.number),
      PROXY_UPSTREAMS: JSON.stringify(upstreams),
      ...(door !== undefined && { PROXY_PER_SECOND: String(perSecond) }),
      ...env,
    },
    resources: PROXY,
  });
  return door === undefined ? service : { ...service, door };
}

/** A port that only pods of the network reach, and Prometheus where it is named `metrics`. */
export function internalPort(name: string, number: number): Port {
  return { name, number, transports: ["tcp"], exposure: "network" };
}

/** Where a port of a daemon is inside its cluster. */
export function addressOf(network: string, daemon: Daemon, port: string): string {
  return `http://${daemon.name}.${network}.svc.cluster.local:${portOf(daemon, port).number}`;
}

/** Daemons with such a port by cluster, in the order of the placement; clusters without one are left out. */
export function byCluster(
  placement: ClusterPlacement,
  daemons: readonly Daemon[],
  isWanted: (daemon: Daemon) => boolean,
): Map<string, Daemon[]> {
  const wanted = daemons.filter(isWanted);
  const clusters = placement.clusters.map(({ name }): [string, Daemon[]] => [
    name,
    wanted.filter(({ workload }) => workload?.cluster === name),
  ]);
  return new Map(clusters.filter(([, found]) => found.length > 0));
}
