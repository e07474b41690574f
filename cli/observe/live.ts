import { stripVTControlCharacters } from "node:util";

/**
 * A text that is drawn over itself on a terminal. It is cut to the screen: what has scrolled away could not be drawn
 * over again.
 */
export class LiveText {
  private drawn = 0;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  draw(text: string): void {
    const { columns, rows } = this.stream;
    const lines = text.split("\n");
    const room = Math.max(1, (rows || 24) - 1);
    const hidden = lines.length - room;
    // The end is the summary: it is shown in any case.
    const shown =
      hidden > 0 ? [...lines.slice(0, room - 2), `… ${hidden + 1} more lines`, ...lines.slice(-1)] : lines;
    const up = this.drawn === 0 ? "" : `\x1b[${this.drawn}A`;
    const cut = shown.map((line) => `${fit(line, columns || 80)}\x1b[K\n`).join("");
    this.stream.write(`${up}\r${cut}\x1b[J`);
    this.drawn = shown.length;
  }
}

/** A line that takes one row. A line too long loses its colours with its end. */
function fit(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line);
  return plain.length < columns ? line : plain.slice(0, columns - 1);
}
