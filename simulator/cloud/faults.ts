import type { CloudOperation } from "./record";

/** Something that shall go wrong. */
export interface Fault {
  readonly operation: CloudOperation["operation"];
  /** `refuse`: nothing is made. `timeout`: it is made, and the provider gives up waiting for it. @default refuse */
  readonly kind?: "refuse" | "timeout";
  /** Only operations on types or URNs that match this regular expression. */
  readonly match?: string;
  /** Only the n-th operation from now on that matches, counted from 1. */
  readonly nth?: number;
  /** Each resource's first try fails, once per resource. */
  readonly firstTries?: boolean;
}

interface Armed {
  readonly fault: Fault;
  readonly pattern: RegExp;
  seen: number;
  readonly failed: Set<string>;
}

/** Faults on demand. */
export class Faults {
  private armed: Armed[] = [];

  /** These faults from now on, and no others. */
  arm(faults: readonly Fault[]): void {
    this.armed = faults.map((fault) => ({
      fault,
      pattern: new RegExp(fault.match ?? ""),
      seen: 0,
      failed: new Set(),
    }));
  }

  /** What goes wrong with this operation, if anything. */
  strike(operation: CloudOperation["operation"], type: string, urn: string): Fault["kind"] | undefined {
    for (const armed of this.armed) {
      if (armed.fault.operation !== operation) continue;
      if (!armed.pattern.test(type) && !armed.pattern.test(urn)) continue;
      armed.seen += 1;
      if (this.hits(armed, urn)) return armed.fault.kind ?? "refuse";
    }
    return undefined;
  }

  private hits({ fault, seen, failed }: Armed, urn: string): boolean {
    if (fault.nth !== undefined && seen !== fault.nth) return false;
    if (fault.firstTries !== true) return true;
    if (failed.has(urn)) return false;
    failed.add(urn);
    return true;
  }
}
