import { once } from "node:events";
import { isCode } from "../../components/local/json-file";

/** Stdout for texts that may be larger than memory, or have no end. */
export class LongOutput {
  private closed = false;

  constructor(private readonly stream: NodeJS.WriteStream = process.stdout) {
    // A reader that has seen enough (`| head`) is no failure.
    stream.on("error", (error) => {
      if (!isCode(error, "EPIPE")) throw error;
      this.closed = true;
    });
  }

  /** Writes all pieces at the speed of the reader, or as many as it wants. */
  async write(pieces: AsyncIterable<string | Uint8Array>): Promise<void> {
    for await (const piece of pieces) {
      if (this.closed) return;
      // A stream that was closed drains no more, it closes.
      if (!this.stream.write(piece)) await Promise.race([once(this.stream, "drain"), this.close()]);
    }
  }

  private async close(): Promise<void> {
    if (!this.stream.destroyed) await new Promise((resolve) => this.stream.once("close", resolve));
  }
}
