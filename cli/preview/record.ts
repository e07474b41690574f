import type { Problem } from "../../errors/problem";

/**
 * What `testnet preview STACK --json` prints, and what a comment on a pull request is made of: everything that `up` would
 * do to one stack, what that costs and what policy says. Holds no secret: names, types and property paths, never values.
 */
export interface PreviewRecord {
  readonly version: 1;
  readonly stack: string;
  readonly kind: "environment" | "network";
  /** Whether `up` would be let through: no problem, no mandatory policy broken, within the budget. */
  readonly ok: boolean;
  /** What would change, deletions and replacements first. */
  readonly changes: readonly PreviewChange[];
  /** How many resources stay as they are. */
  readonly unchanged: number;
  /** Undefined where nothing of the stack costs money. */
  readonly cost: PreviewCost | undefined;
  /** Undefined where no policy was asked. */
  readonly policy: PreviewPolicy | undefined;
  /** What stood in the way, in words with codes. */
  readonly problems: readonly Problem[];
}

export interface PreviewChange {
  readonly operation: "create" | "update" | "replace" | "delete";
  /** Pulumi type, e.g. `aws:lb/loadBalancer:LoadBalancer`. */
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** Paths of properties that differ, without their values; of updates and replacements. */
  readonly properties: readonly string[];
  /** Those of them that force the replacement. */
  readonly replaceProperties: readonly string[];
}

/** Money in US dollars. */
export interface PreviewCost {
  /** What the stack costs as it runs now. */
  readonly currentPerHourUsd: number;
  readonly plannedPerHourUsd: number;
  readonly differencePerMonthUsd: number;
  /** What the table of prices does not know: never counted as free. */
  readonly unknown: readonly string[];
  /** Day of the table of prices, ISO 8601. */
  readonly pricesOf: string;
}

export interface PreviewPolicy {
  readonly pack: string;
  readonly violations: readonly PolicyViolation[];
}

export interface PolicyViolation {
  /** Name of the rule, e.g. `only-peer-ports-open`. */
  readonly policy: string;
  readonly level: "mandatory" | "advisory";
  /** Undefined for a rule about the whole stack. */
  readonly urn: string | undefined;
  readonly message: string;
}
