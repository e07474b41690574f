import { isCode } from "../../components/local/json-file";

/** Stdout for texts that may be larger than memory, or have no end. */
export class LongOutput {
  private failure: Error | undefined;

  constructor(private readonly stream: NodeJS.WritableStream = process.stdout) {
    stream.on("error", (error: Error) => (this.failure ??= error));
  }

  /** Writes all pieces at the speed of the reader. One that has seen enough (`| head`) ends it, and is no failure. */
  async write(pieces: AsyncIterable<string | Uint8Array>): Promise<void> {
    for await (const piece of pieces) {
      if (this.failure === undefined && !this.stream.write(piece)) await this.drained();
      if (this.failure === undefined) continue;
      if (isCode(this.failure, "EPIPE")) return;
      throw this.failure;
    }
  }

  /** A stream that failed drains no more. */
  private async drained(): Promise<void> {
    const events = ["drain", "error", "close"] as const;
    let wake: () => void = () => undefined;
    const woken = new Promise<void>((resolve) => (wake = resolve));
    events.forEach((event) => this.stream.on(event, wake));
    await woken;
    events.forEach((event) => this.stream.off(event, wake));
  }
}
