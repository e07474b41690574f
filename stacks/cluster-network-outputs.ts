import type * as pulumi from "@pulumi/pulumi";
import type { CostOutput } from "./cost/bill";
import type { Lifetime } from "./lifetime";

/** What a network of clusters tells: read by `testnet join`, by people and by programs. Nothing secret. */
export interface ClusterNetworkOutputs {
  /** Raised when a field changes its meaning or goes. */
  readonly version: 1;
  readonly protocol: string;
  readonly network: string;
  readonly era: number;
  /** Name of the environment's stack, or the context of a kubeconfig. */
  readonly standsOn: string;
  readonly owner: string;
  readonly lifetime: Lifetime;
  /** `testnet:protect`: the reaper leaves it, and its name is asked for before it is lost. */
  readonly protect: boolean;
  /** Whether none of its pods runs, by `testnet pause`. */
  readonly paused: boolean;
  /** What it is charged for; undefined on a cluster that is there already. */
  readonly cost: CostOutput | undefined;
  /** Unix seconds of the chain's first slot. */
  readonly genesisTime: pulumi.Output<number>;
  /** First and last port that peers reach. */
  readonly peerPorts: { readonly from: number; readonly to: number };
  readonly seeds: readonly EntranceOutput[];
  /** Services that users of the world reach. */
  readonly publicServices: readonly PublicServiceOutput[];
  readonly daemons: readonly ClusterDaemonOutput[];
  readonly join: JoinOutput;
}

/** What the world calls by a name. */
export interface EntranceOutput {
  /** Of its pod. */
  readonly name: string;
  readonly cluster: string;
  /** Its public DNS name; undefined without a zone. */
  readonly host: string | undefined;
  /** Its reserved address; undefined where there is none. */
  readonly address: pulumi.Output<string> | undefined;
  readonly ports: readonly { readonly number: number; readonly transports: readonly string[] }[];
}

export interface PublicServiceOutput extends EntranceOutput {
  /** What it speaks, e.g. `JSON-RPC`. */
  readonly title: string;
  /** By its name; undefined without a zone. */
  readonly url: string | undefined;
}

export interface ClusterDaemonOutput {
  readonly name: string;
  readonly cluster: string;
  readonly pool: string;
  readonly role: string;
  readonly replicas: number;
  /** Stable name inside its cluster. */
  readonly host: string;
}

/** The join bundle. */
export interface JoinOutput {
  /** Entries of the peer list. */
  readonly peers: pulumi.Output<string[]>;
  readonly files: pulumi.Output<Readonly<Record<string, JoinFile>>>;
  /** The one command an outsider runs. */
  readonly command: pulumi.Output<string[]>;
  readonly notes: readonly string[];
  /** Where the files and `peers.txt` are published; undefined without a bucket. */
  readonly url: string | undefined;
}

export interface JoinFile {
  /** Of the file itself. */
  readonly sha256: string;
  /** The file: base64 of gzip; undefined where it is large and only published. */
  readonly gzip: string | undefined;
  /** Where it is published; undefined without a bucket. */
  readonly url: string | undefined;
}
