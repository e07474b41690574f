import type { EngineEvent } from "@pulumi/pulumi/automation";
import type { Output } from "../ui/output";
import { resourceName } from "./failures";

/** Words of finished and running operations on a resource. */
const DONE: Readonly<Record<string, string>> = {
  create: "created",
  update: "updated",
  delete: "deleted",
  replace: "replaced",
  "create-replacement": "replaced",
  "delete-replaced": "deleted",
};
const DOING: Readonly<Record<string, string>> = {
  create: "creating",
  update: "updating",
  delete: "deleting",
  replace: "replacing",
  "create-replacement": "replacing",
  "delete-replaced": "deleting",
};

/** How often the footer of a terminal is drawn anew. */
const REDRAW_MS = 200;

/** Quicker operations are told without their time. */
const TOLD_FROM_MS = 1000;

/**
 * Shows a run of the engine: one line for each finished change, and on a terminal a footer of what is under way.
 * Unchanged resources are silent.
 */
export class Progress {
  readonly changes = new Map<string, number>();
  private readonly running = new Map<string, { op: string; since: number }>();
  private readonly timer: NodeJS.Timeout | undefined;
  private footer = "";

  constructor(private readonly out: Output) {
    if (out.live) this.timer = setInterval(() => this.redraw(), REDRAW_MS).unref();
  }

  readonly onEvent = (event: EngineEvent): void => {
    const started = event.resourcePreEvent?.metadata;
    if (started !== undefined && started.op in DOING) {
      this.running.set(started.urn, { op: started.op, since: Date.now() });
    }
    const finished = event.resOutputsEvent?.metadata;
    if (finished !== undefined) this.finish(finished.urn, finished.op);
    const failed = event.resOpFailedEvent?.metadata;
    if (failed !== undefined) this.fail(failed.urn);
    const note = event.diagnosticEvent;
    if (note !== undefined && note.ephemeral !== true && /^(info#?err|info|warning)$/.test(note.severity)) {
      this.line(
        `  ${note.severity === "warning" ? this.out.style("yellow", "!") : " "} ${note.message.trim()}`,
      );
    }
  };

  /** A line above the footer. */
  line(text: string): void {
    this.clear();
    this.out.say(text);
    this.redraw();
  }

  /** Ends the live view. */
  close(): void {
    clearInterval(this.timer);
    this.clear();
  }

  private finish(urn: string, op: string): void {
    const done = DONE[op];
    const operation = this.running.get(urn);
    this.running.delete(urn);
    // Components have no life of their own, and replacements are told by their halves.
    if (done === undefined || op === "replace" || isBookkeeping(urn)) return;
    this.changes.set(done, (this.changes.get(done) ?? 0) + 1);
    const took = operation === undefined ? 0 : Date.now() - operation.since;
    const time = took >= TOLD_FROM_MS ? this.out.style("dim", ` (${(took / 1000).toFixed(1)}s)`) : "";
    const sign = op.startsWith("delete") ? this.out.style("red", "-") : this.out.style("green", "+");
    this.line(`  ${sign} ${done.padEnd(8)} ${resourceName(urn)}${time}`);
  }

  private fail(urn: string): void {
    this.running.delete(urn);
    this.line(`  ${this.out.style("red", "✗")} failed   ${resourceName(urn)}`);
  }

  private redraw(): void {
    if (!this.out.live || this.running.size === 0) return;
    const parts = [...this.running]
      .filter(([urn]) => !isBookkeeping(urn))
      .map(([urn, { since }]) => `${resourceName(urn)} ${Math.round((Date.now() - since) / 1000)}s`);
    if (parts.length === 0) return;
    const [first] = this.running.values();
    const text = `  … ${DOING[first?.op ?? ""] ?? "working on"} ${parts.join(", ")}`;
    this.clear();
    this.footer = text.slice(0, process.stderr.columns - 1);
    process.stderr.write(this.out.style("dim", this.footer));
  }

  private clear(): void {
    if (this.footer === "") return;
    process.stderr.write("\r\u001b[2K");
    this.footer = "";
  }
}

/** The stack, our components and the provider are not what the person asked for. */
function isBookkeeping(urn: string): boolean {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  return type.startsWith("pulumi:") || type.startsWith("testnet:");
}
