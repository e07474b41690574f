import type { NetworkMonitoring } from "./monitoring";

/**
 * The plan: the full list of what one network is, before anything exists. Every target (processes on this machine,
 * Kubernetes) renders it; every command reads it. Pure data: it can be printed, compared and stored as JSON, and it
 * never holds a private key. Strings may hold references (see references.ts) to what is known only at run time.
 */

/** Transport protocols of a port. */
export type Transport = "tcp" | "udp";

/**
 * Who may reach a port.
 * - `peers`: daemons anywhere, the whole world on a public network
 * - `world`: users anywhere; of services only
 * - `network`: daemons of the same network, and commands of its operator
 * - `pod`: the other programs of its pod only; what listens there is bound to 127.0.0.1
 */
export type Exposure = "peers" | "world" | "network" | "pod";

/** One listening port. The number is the bound, the advertised and the published one: there is no mapping. */
export interface Port {
  /** Unique within the daemon, e.g. `p2p`, `rpc`, `metrics`. */
  readonly name: string;
  /** 1 to 65535. */
  readonly number: number;
  readonly transports: readonly Transport[];
  readonly exposure: Exposure;
}

/** How a target tells that a daemon answers. `port` names a port of the same daemon. */
export type ReadinessProbe =
  /** It listens on nothing: it is ready once it runs. */
  | { readonly kind: "running"; readonly timeoutSeconds: number }
  | { readonly kind: "tcp"; readonly port: string; readonly timeoutSeconds: number }
  | {
      readonly kind: "http";
      readonly port: string;
      readonly path: string;
      /** JSON-RPC or other body; makes the request a POST. */
      readonly body?: string;
      /** HTTP status codes that count as ready. */
      readonly statuses: readonly number[];
      readonly timeoutSeconds: number;
    };

/** A container image and the words that start the program in it. */
export interface Image {
  /** `name:tag`, or `name@sha256:…`, as its publisher names it. */
  readonly reference: string;
  /** What the container runs before the daemon's `args`, e.g. `["mina"]`: the image's own entry point is never relied upon. */
  readonly command: readonly string[];
  /**
   * Whom it runs as. Undefined where the image allows root only; all capabilities are dropped all the same.
   * `home` is what `$HOME` says, and the directory it may write below, besides its volumes.
   */
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
  readonly home: string;
}

/** What a pod asks for, and what it may take at most. */
export interface Resources {
  /** Thousandths of a core it is promised. It may use what is idle: there is no limit. */
  readonly cpuMilli: number;
  /** Promised MiB. */
  readonly memoryMiB: number;
  /** MiB at which it is killed. */
  readonly memoryLimitMiB: number;
}

/**
 * Which address peers are told.
 * - `seed`: a reserved one, under a DNS name
 * - `node`: the public address of the machine it happens to run on, found out at its start; `{{external-ip}}`
 * - `none`: it has no peers
 */
export type Advertised = "seed" | "node" | "none";

/** How a daemon runs in a cluster. */
export interface Workload {
  /** Name of the cluster in its environment. */
  readonly cluster: string;
  /** Daemons of one pool and cluster are one Helm release, e.g. `seeds` or `fast-workers`: a DNS label. */
  readonly pool: string;
  /**
   * The pod it is a container of. Most have one of their own, of their own name; the others of a pod are its companions,
   * and reach each other on 127.0.0.1.
   */
  readonly pod: string;
  /**
   * - `one`: a StatefulSet of one pod, so that never two of one name and one set of keys run
   * - `many`: a Deployment of `replicas` pods that hold no key and no data
   */
  readonly kind: "one" | "many";
  /** 1 for `one`. 0 keeps all but the pods. */
  readonly replicas: number;
  readonly image: Image;
  readonly resources: Resources;
  /** GiB of the volume behind `{{data}}`; 0 for one that goes with the pod. */
  readonly storageGiB: number;
  readonly advertises: Advertised;
  /** Labels of the nodes it may run on: those of a pool with `peers`, of a pool of that name, … */
  readonly nodes: { readonly peers?: boolean; readonly spot?: boolean; readonly nodePool?: string };
  /** Spread over zones and machines: whom it should not share one with, by pool. Empty where it does not matter. */
  readonly spread: "hard" | "soft" | "none";
  /** Names of keys of which a second user would do harm. A Lease for each keeps a pod that was cut off from going on. */
  readonly leases: readonly string[];
  /** Path of Prometheus' metrics on the port named `metrics`; undefined where it serves none. */
  readonly metricsPath: string | undefined;
  /** Pools of the network whose pods alone may reach its `network` ports; empty for the whole network. */
  readonly clients: readonly string[];
}

/** How a daemon is stopped: SIGTERM, then SIGKILL after the grace time. */
export interface StopPolicy {
  /** Seconds a database may take to flush. */
  readonly graceSeconds: number;
}

/** One running program of a network. */
export interface Daemon {
  /** Unique within the network, stable under growth, a DNS label. e.g. `geth-1`. */
  readonly name: string;
  /** The peer this daemon is part of, e.g. `node-1` for `geth-1`, `prysm-1` and `prysm-validator-1`. */
  readonly node: string;
  /** The protocol's own word, e.g. `execution`, `consensus`, `validator`. */
  readonly role: string;
  /** The client, e.g. `geth`. */
  readonly client: string;
  /** The client's version without a leading v. */
  readonly version: string;
  /** Name of the executable, e.g. `beacon-chain`. */
  readonly program: string;
  /** Arguments as an array, never a shell string; may hold references. */
  readonly args: readonly string[];
  /** Files of its own, relative to its data directory, written before it starts: what has no flag. */
  readonly files: readonly PlannedFile[];
  /** Environment variables beyond the target's own. */
  readonly env: Readonly<Record<string, string>>;
  readonly ports: readonly Port[];
  readonly readiness: ReadinessProbe;
  readonly stop: StopPolicy;
  /**
   * What becomes of its data when it ended without an orderly stop, and others of its chain live on.
   * - `keep`: it goes on from them
   * - `refetch`: they are dropped, and it fetches them from its peers
   */
  readonly afterCrash: "keep" | "refetch";
  /**
   * Daemons that must be running before this one starts, and that stop only after this one has stopped.
   * The order of an orderly stop is what makes a chain resumable.
   */
  readonly after: readonly string[];
  /**
   * Those of `after` at whose restart this one is stopped first, and started again when the network's `afterStart` actions
   * are done: what acts on another's view of the chain must not act on an old one.
   */
  readonly restartsWith: readonly string[];
  /** How it runs in a cluster; undefined where it is a process of this machine. */
  readonly workload?: Workload;
}

/** Forms in which clients read the private key that identifies them. */
export type NodeKeyFormat = "hex" | "raw";

/**
 * A key a target makes (local) or expects in the secret manager (clouds). Private parts stay with the target; the plan
 * refers to the public ones by reference.
 */
export type KeyRequest =
  /** A secp256k1 key that identifies an execution client: its enode is `{{enode NAME}}`. */
  | {
      readonly kind: "enode";
      readonly name: string;
      readonly host: string;
      /** How its file is written: `hex` (default) is the file NAME, `raw` is the file NAME/key of 32 bytes. */
      readonly format?: NodeKeyFormat;
      readonly tcpPort: number;
      readonly udpPort: number;
    }
  /** A secp256k1 key that identifies a consensus client: its minimal signed record is `{{enr NAME}}`, its libp2p id `{{peer-id NAME}}`. */
  | {
      readonly kind: "enr";
      readonly name: string;
      readonly host: string;
      readonly format?: NodeKeyFormat;
      readonly tcpPort: number;
      readonly udpPort: number;
    }
  /** A 32-byte shared secret as hex, e.g. of the engine API. */
  | { readonly kind: "jwt"; readonly name: string }
  /** Funded accounts of one fresh mnemonic, path m/44'/60'/0'/0/i; addresses are `{{address NAME/i}}`. */
  | { readonly kind: "accounts"; readonly name: string; readonly count: number }
  /** A key pair that owns and signs on Mina: files NAME/key and NAME/password, public key `{{public-key NAME}}`. */
  | { readonly kind: "mina-wallet"; readonly name: string }
  /** An Ed25519 libp2p identity in Mina's file format: files NAME/key and NAME/password, id `{{peer-id NAME}}`. */
  | { readonly kind: "mina-libp2p"; readonly name: string }
  /** An Ed25519 key that signs requests to the ITN GraphQL of Mina: file NAME/key, public part `{{public-key NAME}}`. */
  | { readonly kind: "mina-itn"; readonly name: string }
  /** BLS validator keys from..from+count-1 of the network's validator mnemonic, as an encrypted wallet of `format`. */
  | {
      readonly kind: "validators";
      readonly name: string;
      /** Whose files: a Prysm wallet, or the directories that the other clients read (EIP-2335 keystores). */
      readonly format: "prysm" | "lighthouse" | "teku" | "nimbus" | "lodestar";
      readonly from: number;
      readonly count: number;
      /** 4-byte version as 0x hex that the deposits are signed for. */
      readonly genesisForkVersion: string;
    };

/** A file by its path relative to a directory of the target. */
export interface PlannedFile {
  readonly path: string;
  /** May hold references. */
  readonly content: string;
}

/** A tool run that turns shared files into other shared files. */
export interface ToolRun {
  readonly program: string;
  readonly args: readonly string[];
  /** Files it must leave behind, relative to the shared directory. */
  readonly produces: readonly string[];
}

/** How the chain's first state is made: files written, then tools run in the shared directory, once an era. */
export interface Genesis {
  /** The same for all daemons, relative to the network's shared directory. */
  readonly files: readonly PlannedFile[];
  readonly runs: readonly ToolRun[];
  /** Seconds from the moment genesis is made to the chain's first slot; `{{genesis-time}}` is that slot in Unix seconds. */
  readonly delaySeconds: number;
  /** Unix seconds of the first slot where the settings fix it; `delaySeconds` then counts for nothing. */
  readonly startsAt?: number;
  /** Files of `files` and `produces` that whoever joins needs. Default: all. */
  readonly published?: readonly string[];
}

/** An execution client whose head is above what its consensus client knows is set back to it. */
export interface AlignExecutionHeads {
  readonly kind: "align-execution-heads";
  readonly pairs: readonly { readonly execution: string; readonly consensus: string }[];
}

/**
 * Consensus clients that were away learn of the blocks that the others have made meanwhile. Where none of the validators'
 * clients runs, and the chain stands, blocks are made in their place until all have the same head.
 */
export interface AwaitCommonHead {
  readonly kind: "await-common-head";
  readonly consensus: readonly string[];
  readonly validators: readonly string[];
}

/** What must be done after daemons (re)started and before those may start that no action is about. */
export type AfterStart = AlignExecutionHeads | AwaitCommonHead;

export type Protocol = "ethereum" | "mina";

/** What a protocol needs to know of the place a network is planned for. */
export type Placement = LocalPlacement | ClusterPlacement;

/** Processes of this machine. */
export interface LocalPlacement {
  readonly target: "local";
  /** The stack's name. */
  readonly network: string;
  /** The address daemons bind and advertise. */
  readonly host: string;
  /** The only addresses peers may have, as CIDR. */
  readonly peersWithin: string;
  /** Whether daemons search for peers beyond those they are told of. */
  readonly discovery: boolean;
  /** First port of the network. */
  readonly portsFrom: number;
  /** Number of the chain. */
  readonly era: number;
  /** Whether all daemons may stand still for hours or days, as on a laptop; the chain's penalties then allow for it. */
  readonly mayPause: boolean;
}

/** Pods of the clusters of an environment. */
export interface ClusterPlacement {
  readonly target: "kubernetes";
  /** The stack's name, which is the namespace's in every cluster. */
  readonly network: string;
  /** Number of the chain. */
  readonly era: number;
  /** First port that peers reach. */
  readonly portsFrom: number;
  /** Public DNS name below which the network's names lie, e.g. `prod-testnet.testnets.example.org`; undefined without one. */
  readonly domain: string | undefined;
  /** In the order of the environment. */
  readonly clusters: readonly ClusterGround[];
}

/** What a protocol may know of a cluster. */
export interface ClusterGround {
  readonly name: string;
  readonly region: string;
  /** Addresses of its pods, as CIDR. */
  readonly podCidr: string;
  readonly nodePools: readonly NodePoolGround[];
}

/** Machines of one kind. */
export interface NodePoolGround {
  readonly name: string;
  /** Machine type of the cloud; undefined where it is not known. */
  readonly machine: string | undefined;
  /** Whether peers of the world reach them. */
  readonly peers: boolean;
  readonly spot: boolean;
  readonly cpus: number | undefined;
  readonly memoryGiB: number | undefined;
  readonly architecture: "x86_64" | "arm64";
  /** Extensions of the processor that clients may need. */
  readonly features: readonly ("avx" | "avx2" | "bmi2")[];
}

/** A daemon others find first. Everything about it comes from here: record, address, port, entry of the peer list. */
export interface Seed {
  /** Its pod. */
  readonly daemon: string;
  readonly cluster: string;
  /** Name of its DNS A record below the network's domain, e.g. `seed-1`. */
  readonly label: string;
  /** The ports of the daemon with the exposure `peers`. */
  readonly ports: readonly Port[];
}

/** How users of the world find a service: by its port with the exposure `world`. */
export interface PublicDoor {
  /** What it speaks there, e.g. `JSON-RPC`. */
  readonly title: string;
  /** Name of its DNS A record below the network's domain, e.g. `rpc`. */
  readonly label: string;
  /** Path of its URL, e.g. `/graphql`. */
  readonly path: string;
}

/** What stands beside the daemons, reaching them as any client does: a faucet, an explorer, … */
export interface Service {
  /** DNS label, unique among daemons and services. */
  readonly name: string;
  readonly cluster: string;
  readonly image: Image;
  /** May hold references. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly files: readonly PlannedFile[];
  readonly ports: readonly Port[];
  readonly replicas: number;
  readonly resources: Resources;
  /** GiB of its volume; 0 for none. */
  readonly storageGiB: number;
  readonly metricsPath: string | undefined;
  /** Left out where it is reached inside its cluster only. */
  readonly door?: PublicDoor;
}

/** What a network has in clusters beyond its daemons. */
export interface ClusterPlan {
  /** The range of ports that peers reach, the same in every cluster. */
  readonly peerPorts: { readonly from: number; readonly to: number };
  readonly seeds: readonly Seed[];
  /** The published peer list, one entry a line; may hold references. */
  readonly peerList: readonly string[];
  readonly services: readonly Service[];
  readonly monitoring: NetworkMonitoring;
  /** How an outsider joins. */
  readonly join: JoinGuide;
}

/** What an outsider runs: the files of the join bundle lie in the working directory. */
export interface JoinGuide {
  /** e.g. `docker run … mina daemon --peer-list-file peers.txt …`; may hold references. */
  readonly command: readonly string[];
  /** Further words, one paragraph each. */
  readonly notes: readonly string[];
}

/** The full list of what one network is. */
export interface NetworkPlan {
  readonly protocol: Protocol;
  /** The stack's name. */
  readonly network: string;
  /** Number of the chain since the network exists, from 1. */
  readonly era: number;
  readonly daemons: readonly Daemon[];
  readonly keys: readonly KeyRequest[];
  readonly genesis: Genesis;
  /** Done one after the other. */
  readonly afterStart: readonly AfterStart[];
  /**
   * Daemons that hold the chain. At least one of them must be running, or have stopped in order, for the chain to go on;
   * a crash of all of them loses it.
   */
  readonly chainKeepers: readonly string[];
  /** What a person or a program connects to, most wanted first. */
  readonly endpoints: readonly Endpoint[];
  /** Seconds of the shortest time in which the chain moves: how long a check of progress must wait. */
  readonly blockSeconds: number;
  /** What it has in clusters; undefined on this machine. */
  readonly clusters?: ClusterPlan;
}

/** An address of the network worth telling. */
export interface Endpoint {
  /** The daemon, or the service, behind it. */
  readonly daemon: string;
  /** What it is, e.g. `JSON-RPC`. */
  readonly title: string;
  readonly url: string;
}

/** Whether the port is one of its machine, too, and open to the world. */
export function isOpen({ exposure }: Port): boolean {
  return exposure === "peers" || exposure === "world";
}

/** The port by which a daemon tells that it is ready; undefined where it listens on none. */
export function readinessPort(daemon: Daemon): Port | undefined {
  const { readiness } = daemon;
  return readiness.kind === "running" ? undefined : portOf(daemon, readiness.port);
}

/** The daemon's port of that name. A missing one is a mistake of ours, not of the user. */
export function portOf(daemon: Daemon, name: string): Port {
  const port = daemon.ports.find((candidate) => candidate.name === name);
  if (port === undefined) throw new Error(`daemon ${daemon.name} has no port named ${name}`);
  return port;
}
