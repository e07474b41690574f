import type { Properties } from "../../plugin/provider";

/** Where in a cloud something is. */
export interface Site {
  /** AWS account id or GCP project. */
  readonly account: string;
  /** `global` for services without regions. */
  readonly region: string;
}

/** A resource that exists in a simulated cloud. */
export interface CloudRecord {
  /** Ours, for as long as the resource exists. */
  readonly uid: string;
  readonly cloud: string;
  readonly type: string;
  /** The provider's id. */
  readonly id: string;
  readonly urn: string;
  readonly site: Site;
  /** As last asked for, with what the provider's configuration adds. */
  readonly inputs: Properties;
  /** What the provider computes, and the inputs. */
  readonly attributes: Properties;
  /** Attributes changed behind the program's back, by path. */
  readonly drift: Properties;
  /** Facts that only came out when it was made, such as the address of a cluster. */
  readonly facts: Properties;
  readonly phase: "creating" | "active";
  /** Whether the engine has shown that it knows the id; otherwise the answer to the create call may have been lost. */
  readonly claimed: boolean;
  /** How often it was updated. */
  readonly revision: number;
  /** Simulated seconds. */
  readonly createdAt: number;
}

/** A name that stays taken after its resource was deleted. */
export interface TakenName {
  readonly cloud: string;
  readonly type: string;
  readonly site: Site;
  /** What must be unique, as JSON. */
  readonly key: string;
  /** What the API says to whoever wants it again. */
  readonly error: { readonly code: string; readonly message: string; readonly status: number };
}

/** One operation on a simulated cloud, for the report. */
export interface CloudOperation {
  readonly number: number;
  readonly operation: "create" | "update" | "delete";
  readonly cloud: string;
  readonly type: string;
  readonly urn: string;
  /** Logical name in the program. */
  readonly name: string;
  readonly id: string;
  readonly region: string;
  /** Simulated seconds; `endedAt` and `result` are absent while it runs. */
  readonly startedAt: number;
  readonly endedAt?: number;
  /** `recovered`: the resource was there already, because the answer to an earlier create call was lost. */
  readonly result?: "ok" | "failed" | "interrupted" | "recovered";
  /** The cloud's words. */
  readonly error?: string;
}
