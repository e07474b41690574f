import type { Output } from "./output";

/** A line at the bottom of a terminal that says what goes on; elsewhere only finished lines are written. */
export class Footer {
  private shown = false;

  constructor(private readonly out: Output) {}

  show(text: string): void {
    if (!this.out.live) return;
    this.clear();
    process.stderr.write(this.out.style("dim", text.slice(0, process.stderr.columns - 1)));
    this.shown = true;
  }

  /** A line above it. */
  line(text: string): void {
    this.clear();
    this.out.say(text);
  }

  clear(): void {
    if (this.shown) process.stderr.write("\r\u001b[2K");
    this.shown = false;
  }
}
