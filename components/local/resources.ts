import * as pulumi from "@pulumi/pulumi";
import type { AfterStart, Daemon, Genesis, KeyRequest } from "../../protocols/plan";
import type { PortRange } from "./network-record";

/**
 * The resources of our provider plugin `testnet-local` (components/local/provider), as the program sees them. Inputs are
 * plain data of the plan; private keys exist only in files of the network's home and are no input or output.
 */

/** A machine's network home: directories, a range of ports checked to be free. Deleting it removes all its files. */
export class HomeResource extends pulumi.CustomResource {
  declare readonly directory: pulumi.Output<string>;

  constructor(name: string, args: HomeArgs, opts?: pulumi.CustomResourceOptions) {
    super("testnet-local:index:Home", name, { directory: undefined, ...args }, opts);
  }
}

export interface HomeArgs {
  readonly network: string;
  /** Changing it restarts every daemon on new ports. */
  readonly ports: PortRange;
  /** Number of the chain. Raising it starts a fresh one. */
  readonly era: number;
  /** Every port a daemon will listen on, by daemon; checked to be free before anything starts. */
  readonly listening: Readonly<Record<string, readonly ListeningPort[]>>;
}

export interface ListeningPort {
  readonly number: number;
  readonly transports: readonly ("tcp" | "udp")[];
}

/** The keys of one era. Only their public parts are outputs. */
export class KeysResource extends pulumi.CustomResource {
  /** Public parts by reference, e.g. `enode geth-1` → `enode://…`. */
  declare readonly publicKeys: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: KeysArgs, opts?: pulumi.CustomResourceOptions) {
    super("testnet-local:index:Keys", name, { publicKeys: undefined, ...args }, opts);
  }
}

export interface KeysArgs {
  readonly network: string;
  /** Another era has other keys: changing it replaces. */
  readonly era: number;
  /** More requests make more keys; existing keys never change. */
  readonly requests: readonly KeyRequest[];
}

/** The genesis files of one era. They never change: what would change them is refused, a fresh chain needs a new era. */
export class GenesisResource extends pulumi.CustomResource {
  /** Unix seconds of the first slot. */
  declare readonly genesisTime: pulumi.Output<number>;

  constructor(name: string, args: GenesisArgs, opts?: pulumi.CustomResourceOptions) {
    super("testnet-local:index:Genesis", name, { genesisTime: undefined, ...args }, opts);
  }
}

export interface GenesisArgs {
  readonly network: string;
  readonly era: number;
  readonly genesis: Genesis;
}

/**
 * The files of a chain in clusters, made once an era on the machine that deploys, and kept in the state: nothing is left on
 * its disk. They never change: what would change them is refused, a fresh chain needs a new era.
 */
export class ChainFilesResource extends pulumi.CustomResource {
  /** Unix seconds of the first slot. */
  declare readonly genesisTime: pulumi.Output<number>;
  /** By path relative to the shared directory: those that the genesis publishes. */
  declare readonly files: pulumi.Output<Record<string, ChainFile>>;

  constructor(name: string, args: ChainFilesArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "testnet-local:index:ChainFiles",
      name,
      { genesisTime: undefined, files: undefined, ...args },
      opts,
    );
  }
}

export interface ChainFilesArgs {
  readonly network: string;
  readonly era: number;
  readonly genesis: Genesis;
  /** Public parts of keys by the reference that stands for them, e.g. `address funded/0` or `deposits`. */
  readonly publicKeys: Readonly<Record<string, string>>;
}

/** A file of a chain. */
export interface ChainFile {
  /** Of the bytes, uncompressed, as hex. */
  readonly sha256: string;
  /** The file gzipped, as base64. */
  readonly gzip: string;
  /** Length, uncompressed. */
  readonly bytes: number;
}

/** One daemon as a detached process of this machine. Created when it answers its readiness probe. */
export class ProcessResource extends pulumi.CustomResource {
  declare readonly pid: pulumi.Output<number>;
  declare readonly log: pulumi.Output<string>;

  constructor(name: string, args: ProcessArgs, opts?: pulumi.CustomResourceOptions) {
    super("testnet-local:index:Process", name, { pid: undefined, log: undefined, ...args }, opts);
  }
}

export interface ProcessArgs {
  readonly network: string;
  /** The data directory belongs to an era: changing it restarts the daemon on an empty one. */
  readonly era: number;
  /** Changing program, version, args, env or ports restarts the daemon with its data kept. */
  readonly daemon: Daemon;
  /** Daemons that are stopped before this one is started: those that restart with it. Changing it does nothing by itself. */
  readonly stopsFirst?: readonly StoppedFirst[];
  /** Process ids of the daemons this one restarts with; a new one restarts it. */
  readonly restartsWith?: pulumi.Input<Record<string, pulumi.Input<number>>>;
}

export interface StoppedFirst {
  readonly name: string;
  readonly program: string;
  readonly graceSeconds: number;
}

/** What is done after daemons (re)started, each time one of them did. */
export class AfterStartResource extends pulumi.CustomResource {
  constructor(name: string, args: AfterStartArgs, opts?: pulumi.CustomResourceOptions) {
    super("testnet-local:index:AfterStart", name, { ...args }, opts);
  }
}

export interface AfterStartArgs {
  readonly network: string;
  readonly era: number;
  readonly action: AfterStart;
  /** RPC addresses of the daemons the action names. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Process ids; a new one runs the action again. */
  readonly pids: pulumi.Input<Record<string, pulumi.Input<number>>>;
}
