import { setMaxListeners } from "node:events";
import type { EngineEvent, PolicyEvent } from "@pulumi/pulumi/automation";
import { isChatter } from "../../errors/chatter";

/** One run of the engine in a rehearsal. */
export interface PhaseReport {
  readonly name: string;
  readonly ok: boolean;
  /** Real seconds. */
  readonly seconds: number;
  /** Resources by what was done to them, e.g. `create: 212`. Those that stayed as they were are left out. */
  readonly changes: Readonly<Record<string, number>>;
  /** What went wrong, or was not expected, one entry each. */
  readonly problems: readonly string[];
}

/** How far a phase is. */
export interface PhaseProgress {
  readonly phase: string;
  readonly finished: number;
}

/** What every run of the engine is given. */
export interface RunOptions {
  readonly onEvent: (event: EngineEvent) => void;
  readonly signal: AbortSignal;
  readonly parallel: number;
  readonly suppressOutputs: true;
  readonly suppressProgress: true;
}

type Operation = (options: RunOptions) => Promise<unknown>;

/** What a phase is expected to change. */
export type Expectation = "changes" | "nothing" | "failure";

/** `discard`: what was only read, such as another stack's outputs, is forgotten. */
const OPERATIONS_WITHOUT_CHANGE = new Set(["same", "refresh", "read", "discard"]);

/** What the engine itself says of a resource whose failure was told. */
const FAILED = /^resource .*failed$/;

/** Runs phases one after another and keeps what came of each. */
export class Phases {
  readonly reports: PhaseReport[] = [];
  private readonly advised = new Set<string>();

  constructor(
    /** How many resources the engine works on at once. */
    private readonly parallel: number,
    private readonly signal: AbortSignal,
    private readonly onProgress: (progress: PhaseProgress) => void,
    private readonly onReport: (report: PhaseReport) => void,
  ) {}

  /** What policies advised, one entry each. What they forbid is a problem of a phase. */
  get advice(): string[] {
    return [...this.advised];
  }

  /** One for each run: the Automation API never takes its listeners away again, and adds one for each command of its own. */
  private ownSignal(): AbortSignal {
    const signal = AbortSignal.any([this.signal]);
    setMaxListeners(0, signal);
    return signal;
  }

  /** Never throws for a failed run: that is a finding. @throws the signal's reason when interrupted */
  async run(name: string, expected: Expectation, operation: Operation): Promise<PhaseReport> {
    this.signal.throwIfAborted();
    const started = Date.now();
    const watch = new Watch(name, this.onProgress);
    let failure: unknown;
    try {
      await operation({
        onEvent: watch.onEvent,
        signal: this.ownSignal(),
        parallel: this.parallel,
        suppressOutputs: true,
        suppressProgress: true,
      });
    } catch (error) {
      this.signal.throwIfAborted();
      failure = error;
    }
    for (const line of watch.advice) this.advised.add(line);
    return this.keep({
      name,
      ...judge(expected, watch, failure),
      seconds: (Date.now() - started) / 1000,
      changes: watch.changes(),
    });
  }

  /** Something that is done between two runs of the engine; what it returns stands as changes. Never throws, as `run`. */
  async step(name: string, work: () => Promise<PhaseReport["changes"]>): Promise<PhaseReport> {
    this.signal.throwIfAborted();
    const started = Date.now();
    const seconds = () => (Date.now() - started) / 1000;
    try {
      const changes = await work();
      return this.keep({ name, ok: true, seconds: seconds(), changes, problems: [] });
    } catch (error) {
      this.signal.throwIfAborted();
      const words = error instanceof Error ? error.message : String(error);
      return this.keep({ name, ok: false, seconds: seconds(), changes: {}, problems: [words] });
    }
  }

  private keep(report: PhaseReport): PhaseReport {
    this.reports.push(report);
    this.onReport(report);
    return report;
  }
}

function judge(expected: Expectation, watch: Watch, failure: unknown): Pick<PhaseReport, "ok" | "problems"> {
  if (failure !== undefined) {
    const problems = watch.errors.length > 0 ? watch.errors : [lastWords(failure)];
    return { ok: expected === "failure", problems };
  }
  if (expected === "failure") return { ok: false, problems: ["it was to fail and did not"] };
  if (expected === "nothing" && watch.changed.size > 0) {
    return { ok: false, problems: [...watch.changed].map(([name, what]) => `${name}: ${what}`) };
  }
  return { ok: true, problems: [] };
}

class Watch {
  readonly errors: string[] = [];
  readonly advice: string[] = [];
  /** By logical name. */
  readonly changed = new Map<string, string>();
  private counts: Record<string, number> = {};
  private finished = 0;

  constructor(
    private readonly phase: string,
    private readonly onProgress: (progress: PhaseProgress) => void,
  ) {}

  readonly onEvent = (event: EngineEvent): void => {
    const diagnostic = event.diagnosticEvent;
    if (diagnostic?.severity === "error") this.error(diagnostic.urn, diagnostic.message);
    if (event.policyEvent !== undefined) this.policy(event.policyEvent);
    const done = event.resOutputsEvent?.metadata ?? event.resourcePreEvent?.metadata;
    if (done !== undefined && !OPERATIONS_WITHOUT_CHANGE.has(done.op)) {
      const keys = [...(done.diffs ?? []), ...Object.keys(done.detailedDiff ?? {})];
      const what = keys.length > 0 ? `${done.op} (${[...new Set(keys)].slice(0, 5).join(", ")})` : done.op;
      this.changed.set(nameOf(done.urn), what);
    }
    if (event.resOutputsEvent !== undefined) {
      this.finished += 1;
      this.onProgress({ phase: this.phase, finished: this.finished });
    }
    if (event.summaryEvent !== undefined) this.counts = event.summaryEvent.resourceChanges;
  };

  changes(): Record<string, number> {
    const real = Object.entries(this.counts).filter(([op]) => !OPERATIONS_WITHOUT_CHANGE.has(op));
    return Object.fromEntries(real);
  }

  private policy({ policyName, resourceUrn, message, enforcementLevel }: PolicyEvent): void {
    // A message is the rule's description, then the finding.
    const finding = message.trim().split("\n").at(-1) ?? message;
    if (enforcementLevel === "mandatory") this.error(resourceUrn, `policy ${policyName}: ${finding}`);
    else this.advice.push(`${policyName}: ${nameOf(resourceUrn ?? "")}: ${finding}`);
  }

  private error(urn: string | undefined, message: string): void {
    const text = message
      .replace(/<\{%[^%]*%\}>/g, "")
      .replace(/\u001b\[[0-9;]*m/g, "")
      .trim();
    const line = urn === undefined ? text : `${nameOf(urn)}: ${text}`;
    // What a program says at its end, the engine says again.
    if (isChatter(text) || FAILED.test(text) || this.errors.includes(line)) return;
    this.errors.push(line);
  }
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

function lastWords(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split("\n").slice(-5).join("\n");
}
