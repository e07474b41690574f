import type { Properties } from "../../plugin/provider";
import type { ClusterAccess } from "../clusters/contract";
import type { Fault } from "./faults";
import type { Entrance, Opening } from "./model";
import type { CloudOperation, CloudRecord } from "./record";

/** What the daemon of the simulated clouds is told when it starts. */
export interface CloudOptions {
  /** Of the run; the store and the clusters live in it. */
  readonly directory: string;
  /** Real API servers, or none. */
  readonly clusters: "real" | "light";
  /** Simulated seconds in one real second; null jumps from event to event. */
  readonly scale: number | null;
  /** Real milliseconds for which simulated time stands still after the engine's last word. */
  readonly lingerMs: number;
  /** Limits other than the clouds' defaults, by quota id; `*` stands for all others. */
  readonly quotas?: Readonly<Record<string, number>>;
}

/** Something that exists. */
export type CloudResource = Pick<
  CloudRecord,
  "cloud" | "type" | "id" | "urn" | "site" | "phase" | "claimed" | "createdAt" | "attributes"
> & { readonly name: string };

/** How much of a quota is taken, and what a new account has. */
export interface QuotaReport {
  readonly id: string;
  readonly name: string;
  readonly cloud: string;
  readonly region: string;
  readonly used: number;
  readonly limit: number;
  readonly defaultLimit: number;
}

export interface OpeningReport extends Opening {
  readonly cloud: string;
  readonly region: string;
  /** Logical name of the rule. */
  readonly name: string;
}

/** One of the ways in from the world. */
export type EntranceReport = Entrance & {
  readonly cloud: string;
  /** Logical name. */
  readonly name: string;
};

export interface ClusterReport {
  /** `cloud/region/name`. */
  readonly id: string;
  readonly access: ClusterAccess;
}

export interface WorkBegun {
  readonly operation: CloudOperation["operation"];
  readonly cloud: string;
  readonly type: string;
  readonly urn: string;
  readonly name: string;
  readonly region: string;
}

export interface WorkEnded {
  readonly number: number;
  readonly id: string;
  /** How long it takes in a real cluster. */
  readonly seconds: number;
  readonly result: "ok" | "failed" | "interrupted";
  readonly error?: string;
}

/** A secret in the manager of a cloud. */
export interface SecretAt {
  readonly cloud: string;
  /** `account` is the AWS account or GCP project; without it the account that simulated programs of AWS have. */
  readonly site: { readonly account?: string; readonly region: string };
  readonly name: string;
}

/** A secret without its value. */
export interface SecretReport {
  readonly name: string;
  /** As the cloud names it: ARN or resource name. */
  readonly id: string;
  /** How many values were written. */
  readonly versions: number;
  /** Whether it is no resource of a program. */
  readonly byHand: boolean;
}

/** The methods of the daemon: one line of JSON asks, one answers. */
export interface CloudMethods {
  /** A provider's server for as long as the connection stays open. */
  attach: { params: { provider: string }; result: { port: number } };
  resources: { params: null; result: CloudResource[] };
  operations: { params: null; result: CloudOperation[] };
  quotas: { params: null; result: QuotaReport[] };
  openings: { params: null; result: OpeningReport[] };
  entrances: { params: null; result: EntranceReport[] };
  clusters: { params: null; result: ClusterReport[] };
  now: { params: null; result: number };
  /** Some plugin is at work: simulated time stands still for a moment. */
  touch: { params: null; result: null };
  /** These faults from now on, and no others. */
  arm: { params: { faults: readonly Fault[] }; result: null };
  /** Makes the API server of a cluster (`cloud/region/name`) unreachable, as an outage does; `restore` ends it. */
  cut: { params: { cluster: string }; result: null };
  restore: { params: { cluster: string }; result: null };
  /** Removes a resource behind the program's back. */
  lose: { params: { urn: string }; result: null };
  /** Changes attributes behind the program's back, by path. */
  drift: { params: { urn: string; attributes: Properties }; result: null };
  /**
   * Work that another plugin does: simulated time stands still until `workEnds`, which then takes its seconds. Refused
   * where a fault is armed for it.
   */
  workBegins: { params: WorkBegun; result: { number: number } };
  workEnds: { params: WorkEnded; result: null };
  /**
   * Writes a value: makes the secret, or adds a version. A secret made so is a resource of its cloud until `secretDelete`.
   * `onlyNew` is refused where there is a value already.
   */
  secretPut: { params: SecretAt & { readonly value: string; readonly onlyNew?: boolean }; result: null };
  /** Null where there is no value. */
  secretGet: { params: SecretAt; result: { value: string } | null };
  secretList: { params: Omit<SecretAt, "name">; result: SecretReport[] };
  secretDelete: { params: SecretAt; result: { deleted: boolean } };
}

export type CloudMethod = keyof CloudMethods;

export interface CloudRequest<M extends CloudMethod = CloudMethod> {
  readonly method: M;
  readonly params: CloudMethods[M]["params"];
}

/** `refused`: what was asked for cannot be; the words are for the person. */
export type CloudAnswer =
  { readonly result: unknown } | { readonly refused: string } | { readonly error: string };
