import { Cancelled } from "../../plugin/provider";

export interface ClockOptions {
  /** Simulated seconds in one real second; Infinity jumps from event to event. */
  readonly scale: number;
  /** Real milliseconds after the engine's last word in which it may still be at work: the clock stands still. */
  readonly lingerMs: number;
  /** Whether the engine is at work though it says nothing. @default it never is */
  readonly isBusy?: () => boolean;
}

/** An engine that is busy for longer than this without a word does something that time need not wait for. */
const LONGEST_SILENCE_MS = 20_000;

/** In one linger. */
const LOOKS = 4;

interface Timer {
  readonly due: number;
  readonly resolve: () => void;
}

/** Timers this close together end together: nobody sees the difference, and jumping twice takes twice as long. */
const SLACK_SECONDS = 1;

/**
 * Simulated time. It stands still while the engine or this machine works (`hold`, `touch`), so that concurrency and the
 * critical path come out as in a real cloud however slow this machine is.
 */
export class Clock {
  private elapsed = 0;
  /** Real time at which it was last set going; undefined while it stands still. */
  private runningSince: number | undefined;
  private holds = 0;
  private timers: Timer[] = [];
  private alarm: NodeJS.Timeout | undefined;
  private linger: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: ClockOptions,
    startAt = 0,
  ) {
    this.elapsed = startAt;
    this.resume();
  }

  /** Simulated seconds since the rehearsal began. */
  get now(): number {
    if (this.runningSince === undefined || this.options.scale === Infinity) return this.elapsed;
    return this.elapsed + ((performance.now() - this.runningSince) / 1000) * this.options.scale;
  }

  /** Stands still until the function returned is called. */
  hold(): () => void {
    this.pause();
    this.holds += 1;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.holds -= 1;
      this.touch();
    };
  }

  /** The engine said or heard something. */
  touch(): void {
    this.pause();
    this.standStill(performance.now() + LONGEST_SILENCE_MS);
  }

  /** Looks several times whether the engine is at work: between two processes that talk, neither is for a moment. */
  private standStill(atMostUntil: number, looks = LOOKS): void {
    clearTimeout(this.linger);
    this.linger = setTimeout(() => {
      this.linger = undefined;
      if (this.holds > 0) return;
      // With nothing to jump to there is nothing to wait for, and looking costs time.
      if (this.options.scale === Infinity && this.timers.length === 0) {
        this.resume();
        return;
      }
      const busy = performance.now() < atMostUntil && this.options.isBusy?.() === true;
      if (busy) this.standStill(atMostUntil);
      else if (looks > 1) this.standStill(atMostUntil, looks - 1);
      else this.resume();
    }, this.options.lingerMs / LOOKS);
  }

  /** Resolves after so many simulated seconds; rejects when aborted. */
  wait(seconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.timers = this.timers.filter((other) => other !== timer);
        reject(new Cancelled("context canceled"));
      };
      const timer: Timer = {
        due: this.now + seconds,
        resolve: () => {
          signal?.removeEventListener("abort", abort);
          resolve();
        },
      };
      if (signal?.aborted === true) {
        abort();
        return;
      }
      signal?.addEventListener("abort", abort, { once: true });
      this.timers.push(timer);
      this.schedule();
    });
  }

  /** Ends all timers of this process, so that it can end. */
  stop(): void {
    clearTimeout(this.linger);
    clearTimeout(this.alarm);
    this.timers = [];
  }

  private pause(): void {
    this.elapsed = this.now;
    this.runningSince = undefined;
    clearTimeout(this.alarm);
  }

  private resume(): void {
    if (this.holds > 0 || this.linger !== undefined) return;
    this.runningSince = performance.now();
    this.schedule();
  }

  private schedule(): void {
    clearTimeout(this.alarm);
    if (this.runningSince === undefined || this.timers.length === 0) return;
    const next = Math.min(...this.timers.map(({ due }) => due));
    const delay = this.options.scale === Infinity ? 0 : ((next - this.now) / this.options.scale) * 1000;
    this.alarm = setTimeout(() => this.ring(next), Math.max(0, delay));
  }

  private ring(until: number): void {
    this.pause();
    this.elapsed = Math.max(this.elapsed, until);
    const isDue = ({ due }: Timer) => due <= until + SLACK_SECONDS;
    const due = this.timers.filter(isDue);
    this.timers = this.timers.filter((timer) => !isDue(timer));
    for (const timer of due) timer.resolve();
    // Whoever waited now says what it does next.
    this.touch();
  }
}
