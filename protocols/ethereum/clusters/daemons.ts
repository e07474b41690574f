import { type Program, renderArguments } from "../../arguments";
import type { Advertised, Daemon, Image, Port, Resources, Workload } from "../../plan";
import { CONSENSUS_CLIENTS, EXECUTION_CLIENTS } from "../clients";
import { port } from "../ports";
import { releaseFor } from "../releases";
import type { NodePart } from "../settings";
import type { Place, ProgramArguments } from "./place";
import { CONSENSUS_PROGRAMS, EXECUTION_PROGRAMS } from "./programs";
import { resourcesOf, storageOf, VALIDATOR_GIB } from "./sizes";
import { POD_PORTS } from "./topology";

/** How long an execution client may take to write its state at a stop. */
const EXECUTION_GRACE_SECONDS = 300;

/** How long the databases of the others may take to close. */
const GRACE_SECONDS = 60;

/** How long a client may take to answer: large databases are looked through first. */
const START_SECONDS = 600;

/** The daemons of a node: each a pod of its own, of its own name, so that one can be replaced without the others. */
export function nodeDaemons(place: Place): Daemon[] {
  const { validator } = place.node;
  const pair = [executionDaemon(place), consensusDaemon(place)];
  return validator === undefined ? pair : [...pair, validatorDaemon(place, validator)];
}

function executionDaemon(place: Place): Daemon {
  const { node, settings } = place;
  const { pool, ports } = node;
  const runs = EXECUTION_PROGRAMS[pool.execution];
  const { version, release } = releaseFor(settings, EXECUTION_CLIENTS[pool.execution], pool.executionVersion);
  return {
    ...common(place, "execution", node.execution),
    client: pool.execution,
    version,
    program: release.execution.name,
    args: rendered(release.execution, runs.arguments(place), pool.extraArgs.execution),
    ports: [
      port("p2p", ports.execution, "peers", "tcp", "udp"),
      port("rpc", POD_PORTS.executionRpc, "network", "tcp"),
      ...(runs.webSocket ? [port("websocket", POD_PORTS.executionWebSocket, "network", "tcp")] : []),
      port("engine", POD_PORTS.engine, "network", "tcp"),
      port("metrics", POD_PORTS.executionMetrics, "network", "tcp"),
    ],
    readiness: {
      kind: "http",
      port: "rpc",
      path: "/",
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_blockNumber", params: [] }),
      statuses: [200],
      timeoutSeconds: START_SECONDS,
    },
    stop: { graceSeconds: EXECUTION_GRACE_SECONDS },
    workload: {
      ...workload(place, "execution", node.execution, release.executionImage),
      storageGiB: storageOf(settings, node, "execution"),
      advertises: advertised(place),
      metricsPath: runs.metricsPath,
    },
  };
}

function consensusDaemon(place: Place): Daemon {
  const { node, settings } = place;
  const { pool, ports } = node;
  const runs = CONSENSUS_PROGRAMS[pool.consensus];
  const { version, release } = releaseFor(settings, CONSENSUS_CLIENTS[pool.consensus], pool.consensusVersion);
  return {
    ...common(place, "consensus", node.consensus),
    client: pool.consensus,
    version,
    program: release.consensus.name,
    args: rendered(release.consensus, runs.arguments(place), pool.extraArgs.consensus),
    ports: [
      p2pPort(ports.consensus, runs.quic),
      port("discovery", ports.discovery, "peers", "udp"),
      ...(runs.grpc ? [port("grpc", POD_PORTS.beaconGrpc, "network", "tcp")] : []),
      port("api", POD_PORTS.beaconApi, "network", "tcp"),
      port("metrics", POD_PORTS.consensusMetrics, "network", "tcp"),
    ],
    readiness: {
      kind: "http",
      port: "api",
      path: "/eth/v1/node/health",
      // 206 is said by one that synchronizes, and before the first slot.
      statuses: [200, 206],
      timeoutSeconds: START_SECONDS,
    },
    stop: { graceSeconds: GRACE_SECONDS },
    workload: {
      ...workload(place, "consensus", node.consensus, release.consensusImage),
      storageGiB: storageOf(settings, node, "consensus"),
      advertises: advertised(place),
    },
  };
}

function validatorDaemon(place: Place, name: string): Daemon {
  const { node, settings } = place;
  const { pool } = node;
  const runs = CONSENSUS_PROGRAMS[pool.consensus];
  const { version, release } = releaseFor(settings, CONSENSUS_CLIENTS[pool.consensus], pool.consensusVersion);
  const timeoutSeconds = START_SECONDS;
  return {
    ...common(place, "validator", name),
    client: pool.consensus,
    version,
    program: release.validator.name,
    args: rendered(release.validator, runs.validatorArguments(place, name), pool.extraArgs.validator),
    ports: [port("metrics", POD_PORTS.validatorMetrics, "network", "tcp")],
    readiness:
      runs.validatorHealth === undefined
        ? { kind: "tcp", port: "metrics", timeoutSeconds }
        : { kind: "http", port: "metrics", path: runs.validatorHealth, statuses: [200], timeoutSeconds },
    stop: { graceSeconds: GRACE_SECONDS },
    workload: {
      ...workload(place, "validator", name, release.validatorImage),
      storageGiB: VALIDATOR_GIB,
      advertises: "none",
      nodes: nodesFor(place, false),
      // Two clients that sign with one key are slashed.
      leases: [name],
    },
  };
}

/** What a program is started with: words, its flags and those of the user. */
export function rendered(
  program: Program,
  { words, flags }: ProgramArguments,
  extra: readonly string[],
): string[] {
  return [...(words ?? []), ...renderArguments(program, flags, "joined"), ...extra];
}

function p2pPort(number: number, quic: boolean): Port {
  return quic ? port("p2p", number, "peers", "tcp", "udp") : port("p2p", number, "peers", "tcp");
}

function common({ node }: Place, role: NodePart, name: string) {
  return {
    name,
    node: node.name,
    role,
    files: [],
    env: {},
    afterCrash: "keep",
    // Nobody waits for another in a cluster: clients call again until they are answered.
    after: [],
    restartsWith: [],
  } as const;
}

function workload(
  place: Place,
  part: NodePart,
  name: string,
  image: Image,
): Omit<Workload, "storageGiB" | "advertises"> {
  const { node, settings } = place;
  const reference = node.pool.images[part] ?? image.reference;
  const resources: Resources = resourcesOf(settings, node, part);
  return {
    cluster: node.cluster,
    pool: `${node.pool.name}-${part}`,
    pod: name,
    kind: "one",
    replicas: 1,
    image: { ...image, reference },
    resources,
    nodes: nodesFor(place, true),
    spread: "soft",
    leases: [],
    metricsPath: "/metrics",
    // The engine API asks for a secret that only its own consensus client has.
    clients: [],
  };
}

function nodesFor({ node }: Place, peers: boolean): Workload["nodes"] {
  const { nodePool } = node.pool;
  return { ...(peers && { peers: true }), spot: false, ...(nodePool !== undefined && { nodePool }) };
}

function advertised({ node }: Place): Advertised {
  return node.isSeed ? "seed" : "node";
}
