import { z } from "zod";
import ownServices from "./own-services.json";
import type { ClusterPlacement, Daemon, Image, Port, Resources, Service } from "./plan";
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

/** Node.js, for programs of our own; the same image that the chart prepares pods with. */
const NODE_IMAGE: Image = {
  reference: "docker.io/library/node:22.21.0-alpine3.22",
  command: ["node"],
  user: { uid: 1000, gid: 1000 },
  home: "/home/node",
};

const SMALL: Resources = { cpuMilli: 50, memoryMiB: 96, memoryLimitMiB: 256 };

/** A program of the folder services/. */
export type OwnService = keyof typeof ownServices;

export interface OwnServiceArgs {
  readonly name: string;
  readonly cluster: string;
  readonly script: OwnService;
  readonly port: Port;
  readonly env: Readonly<Record<string, string>>;
  readonly image?: string | undefined;
  readonly replicas?: number;
  readonly metricsPath?: string;
}

/** A service that is one of our own scripts, run by Node.js from the volume it is written to. */
export function ownService(args: OwnServiceArgs): Service {
  const { name, cluster, script, port, env, image, replicas = 1, metricsPath } = args;
  return {
    name,
    cluster,
    image: image === undefined ? NODE_IMAGE : { ...NODE_IMAGE, reference: image },
    args: [`${ref.data}/${script}`],
    env,
    files: [{ path: script, content: ownServices[script] }],
    ports: [port],
    replicas,
    resources: SMALL,
    storageGiB: 0,
    metricsPath,
  };
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
