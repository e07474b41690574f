import { type Argument, extraArguments, renderArguments } from "../arguments";
import type { ClusterPlacement, Daemon, Exposure, Port } from "../plan";
import { ref } from "../references";
import { CONFIGURATION_VARIABLE, daemonImage } from "./images";
import {
  feesKey,
  ITN_KEY,
  keyFile,
  libp2pKey,
  passwordFile,
  RUNTIME_CONFIGURATION,
  uptimeKey,
  walletKey,
} from "./names";
import { PORTS } from "./ports";
import { releaseOf } from "./releases";
import { peerPort } from "./seeds";
import type { MinaNetwork } from "./settings";
import { type MinaPeer, stopDelay } from "./topology";
import { DEFAULT_RESOURCES, peerWorkload, resourcesOf } from "./workload";

/** Everything of the network that a daemon's arguments depend on. */
export interface MinaContext {
  readonly settings: MinaNetwork;
  readonly placement: ClusterPlacement;
  /** How peers find each seed. */
  readonly seedAddresses: ReadonlyMap<string, string>;
}

/** Where a daemon keeps its chain, below its volume. */
const CONFIGURATION = `${ref.data}/.mina-config`;

/** How long a daemon may take to read its ledger and open its ports, the first time on a slow disk. */
const START_SECONDS = 1800;

/** How long a daemon may take to write what it has in memory. */
const GRACE_SECONDS = 120;

/** Of 10 MB each, twice: the daemon writes its longest lines to a second row of files. */
const LOG_FILES = 50;

/** A daemon that is a peer of the network, whatever its role. */
export function peerDaemon(peer: MinaPeer, context: MinaContext): Daemon {
  const { settings } = context;
  const { daemon } = releaseOf(settings.version);
  const image = daemonImage(settings, peer.settings.image);
  return {
    name: peer.name,
    node: peer.name,
    role: peer.role,
    client: "mina",
    version: settings.version,
    program: "mina",
    args: [
      "daemon",
      ...renderArguments(daemon, peerArguments(peer, context), "separate"),
      ...extraArguments(peer.settings.extraArgs, "separate"),
    ],
    files: [],
    env: environment(peer, context),
    ports: portsOf(peer),
    // Open before the chain begins and for a seed that is alone: being in step is for checks to tell, not for Services (T8, T23).
    readiness: { kind: "tcp", port: "p2p", timeoutSeconds: START_SECONDS },
    stop: { graceSeconds: GRACE_SECONDS },
    afterCrash: "keep",
    after: [],
    restartsWith: [],
    workload: peerWorkload(peer, settings, image, leasesOf(peer)),
  };
}

/** All arguments of a daemon but the user's extra ones. */
export function peerArguments(peer: MinaPeer, context: MinaContext): Argument[] {
  const others = [...context.seedAddresses].filter(([seed]) => seed !== peer.name);
  return [
    ...commonArguments(peer, context.settings),
    ...roleArguments(peer, context),
    ...others.map(([, address]): Argument => ["peer", address]),
  ];
}

function commonArguments({ name, p2pPort, settings, ...peer }: MinaPeer, network: MinaNetwork): Argument[] {
  const { proofLevel } = network.genesis;
  return [
    ["config-directory", CONFIGURATION],
    ["config-file", `${ref.shared}/${RUNTIME_CONFIGURATION}`],
    ["log-json"],
    ["log-level", settings.logLevel],
    // Bounds what its own log takes of the volume: the default level and number fill small ones (T16).
    ["file-log-level", "Info"],
    ["file-log-rotations", LOG_FILES],
    ["client-port", PORTS.client],
    ["rest-port", PORTS.graphql],
    ["metrics-port", PORTS.metrics],
    ["external-port", p2pPort],
    // Left out, the daemon would ask strangers for its address, and tell peers that of a gateway (T9).
    ["external-ip", ref.externalIp],
    ["libp2p-keypair", ref.secret(keyFile(libp2pKey(name)))],
    ["enable-peer-exchange", "true"],
    ["max-connections", settings.maxConnections],
    ["stop-time", stopHours(peer, network)],
    ...(settings.graphql ? [["insecure-rest-server"] as const] : []),
    ...(proofLevel === "full" ? [] : [["proof-level", proofLevel] as const]),
    ...(peer.role === "seed" ? [["seed"] as const] : []),
  ];
}

/** Daemons stop themselves at different hours, so that a network never restarts as a whole (T11). */
function stopHours({ role, index }: Pick<MinaPeer, "role" | "index">, { stopTime }: MinaNetwork): number {
  return stopTime.hours + stopDelay(role, index, stopTime.staggerHours);
}

function roleArguments(peer: MinaPeer, { settings }: MinaContext): Argument[] {
  switch (peer.role) {
    case "seed":
    case "node":
      return [];
    case "block-producer":
      return producerArguments(peer.name, settings);
    case "snark-coordinator": {
      const pool = poolOf(peer, settings);
      return [
        ["run-snark-coordinator", ref.publicKey(feesKey(pool.name))],
        ["snark-worker-fee", pool.feeMina],
        ["work-selection", pool.workSelection],
      ];
    }
    case "archive":
      return [["archive-address", `127.0.0.1:${PORTS.archive}`]];
    case "itn-node":
      return [
        ["itn-graphql-port", PORTS.itnGraphql],
        ["itn-keys", ref.publicKey(ITN_KEY)],
        ["itn-max-logs", settings.itnNodes.maxLogs],
      ];
  }
}

function producerArguments(name: string, { blockProducers }: MinaNetwork): Argument[] {
  const producer: Argument[] = [["block-producer-key", ref.secret(keyFile(walletKey(name)))]];
  const { uptimeUrl } = blockProducers;
  if (uptimeUrl === undefined) return producer;
  return [
    ...producer,
    ["uptime-url", uptimeUrl],
    ["uptime-submitter-key", ref.secret(keyFile(uptimeKey(name)))],
  ];
}

function poolOf({ index }: MinaPeer, { snark }: MinaNetwork): MinaNetwork["snark"][number] {
  const pool = snark[index];
  if (pool === undefined) throw new Error(`no SNARK pool ${index}`);
  return pool;
}

function environment(peer: MinaPeer, { settings, placement }: MinaContext): Record<string, string> {
  const { name, role } = peer;
  const { cpuMilli } = resourcesOf(peer.settings.resources, DEFAULT_RESOURCES.daemon);
  const producer = role === "block-producer";
  const uptime = producer && settings.blockProducers.uptimeUrl !== undefined;
  const itn = role === "itn-node" && releaseOf(settings.version).itnInUsualImages;
  return {
    [CONFIGURATION_VARIABLE]: CONFIGURATION,
    MINA_CLIENT_TRUSTLIST: trustList(peer, settings, placement).join(","),
    MINA_LIBP2P_PASS: ref.secretValue(passwordFile(libp2pKey(name))),
    ...(producer && { MINA_PRIVKEY_PASS: ref.secretValue(passwordFile(walletKey(name))) }),
    ...(uptime && { UPTIME_PRIVKEY_PASS: ref.secretValue(passwordFile(uptimeKey(name))) }),
    ...(itn && { ITN_FEATURES: "1" }),
    RAYON_NUM_THREADS: String(threads(cpuMilli)),
  };
}

/** Threads for proofs: as many as the cores that a pod is promised. */
export function threads(cpuMilli: number): number {
  return Math.max(1, Math.round(cpuMilli / 1000));
}

/** Who may use a daemon's client port: itself, and the pods of its cluster by their real range (T10). */
function trustList(
  { cluster }: MinaPeer,
  { clientTrustList }: MinaNetwork,
  { clusters }: ClusterPlacement,
): string[] {
  const pods = clusters.find(({ name }) => name === cluster)?.podCidr;
  return ["127.0.0.1/32", ...(clientTrustList ?? (pods === undefined ? [] : [pods]))];
}

function portsOf(peer: MinaPeer): Port[] {
  const { role, settings } = peer;
  const inside = (name: string, number: number, exposure: Exposure): Port => ({
    name,
    number,
    exposure,
    transports: ["tcp"],
  });
  return [
    peerPort(peer),
    // Nobody but its own pod has business at the client port of a producer.
    inside("client", PORTS.client, role === "block-producer" ? "pod" : "network"),
    inside("graphql", PORTS.graphql, settings.graphql ? "network" : "pod"),
    inside("metrics", PORTS.metrics, "network"),
    ...(role === "itn-node" ? [inside("itn-graphql", PORTS.itnGraphql, "network")] : []),
  ];
}

/** Keys that two daemons at once would spoil: an identity that routes to both, a wallet that makes two blocks of one slot. */
function leasesOf({ name, role }: MinaPeer): string[] {
  return role === "block-producer" ? [libp2pKey(name), walletKey(name)] : [libp2pKey(name)];
}
