import { setTimeout } from "node:timers/promises";
import { type Problem, TestnetError } from "../../errors/problem";
import type { CommandContext } from "../context";
import { waitText } from "../expiry/duration";
import { Footer } from "../ui/footer";

/** Pauses between two tries: each twice as long as the one before. A try is a process of the engine. */
const PAUSE_MS = { first: 500, longest: 15_000 };

/** A `down` takes the stack away a moment after it has let go of it: who comes between would find it gone in the middle of its work. */
const SETTLE_MS = 2000;

/** How often the wait is told: on a terminal in its footer, elsewhere by a line of its own. */
const TELL_MS = { live: 1000, elsewhere: 60_000 };

/** Time, and how it is let pass. */
export interface Clock {
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What another run holds, where an error is of that and of nothing else. */
export function heldBy(error: unknown): Problem | undefined {
  if (!(error instanceof TestnetError)) return undefined;
  return error.problems.every(({ code }) => code === "TN2003") ? error.problems[0] : undefined;
}

/** Waiting for a stack that another run holds, as long as `--wait-for-lock` says, counted from when it was found held. */
export class LockWait {
  private readonly footer: Footer;
  private since: number | undefined;
  private toldAt: number | undefined;
  private settled = true;
  private pauseMs = PAUSE_MS.first;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly context: CommandContext,
    private readonly limitSeconds: number,
    private readonly clock: Clock = { now: Date.now, sleep },
  ) {
    this.footer = new Footer(context.out);
  }

  /**
   * Lets some time pass until the next try. Ctrl-C ends it at once.
   * @throws TestnetError TN2003 when the time is over
   */
  async pause(held: Problem, signal: AbortSignal): Promise<void> {
    const now = this.clock.now();
    this.since ??= now;
    const leftMs = this.since + this.limitSeconds * 1000 - now;
    if (leftMs <= 0) {
      throw new TestnetError({ ...held, message: `${held.message}; waited ${waitText(this.seconds)}` });
    }
    this.tell(held, now);
    this.settled = false;
    await this.clock.sleep(Math.min(this.pauseMs, leftMs), signal);
    this.pauseMs = Math.min(this.pauseMs * 2, PAUSE_MS.longest);
  }

  /** Whether a stack that was found free is to be looked at once more: it was held at the try before. Lets some time pass then. */
  async mustLookAgain(signal: AbortSignal): Promise<boolean> {
    if (this.settled) return false;
    this.settled = true;
    await this.clock.sleep(SETTLE_MS, signal);
    return true;
  }

  get wasNeeded(): boolean {
    return this.since !== undefined;
  }

  /** The stack is free. */
  over(): void {
    if (this.toldAt === undefined) return;
    this.close();
    this.context.out.say(`  ${this.context.stack} is free after ${waitText(this.seconds)}`);
  }

  /** Ends the live view. */
  close(): void {
    clearInterval(this.timer);
    this.toldAt = undefined;
    this.pauseMs = PAUSE_MS.first;
    this.footer.clear();
  }

  private get seconds(): number {
    const now = this.clock.now();
    return Math.round((now - (this.since ?? now)) / 1000);
  }

  private get words(): string {
    return `waiting for ${this.context.stack}: ${waitText(this.seconds)} of ${waitText(this.limitSeconds)}`;
  }

  private tell({ message }: Problem, now: number): void {
    const { out, stack } = this.context;
    if (this.toldAt === undefined) {
      out.say(`  ${stack} is ${message}`);
      out.say(`  waiting for it, ${waitText(this.limitSeconds)} at most; until then nothing is changed`);
      const show = () => this.footer.show(`  … ${this.words}`);
      if (out.live) this.timer = setInterval(show, TELL_MS.live).unref();
    } else if (out.live || now - this.toldAt < TELL_MS.elsewhere) return;
    else out.say(`  ${this.words}`);
    this.toldAt = now;
  }
}

/** On a terminal the engine is given time to hear of Ctrl-C by itself. Here it is not at work, so there is nothing to wait for. */
async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  const woken = new AbortController();
  const wake = () => woken.abort();
  process.once("SIGINT", wake);
  process.once("SIGTERM", wake);
  try {
    await setTimeout(ms, undefined, { signal: AbortSignal.any([signal, woken.signal]) });
  } finally {
    process.off("SIGINT", wake);
    process.off("SIGTERM", wake);
  }
}
