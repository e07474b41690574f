/** What one daemon of a network is, whatever runs it. */

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

/** A file by its path relative to a directory of the target. */
export interface PlannedFile {
  readonly path: string;
  /** May hold references. */
  readonly content: string;
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
