/** A page of Markdown that never gets longer than a limit: sections say how much of what is left they may take. Pure. */
export class Page {
  private readonly parts: string[] = [];
  private used = 0;
  private shortened = false;

  /** @param limit characters the whole page may have */
  constructor(private readonly limit: number) {}

  get text(): string {
    return this.parts.join("");
  }

  /** Whether everything found room. */
  get complete(): boolean {
    return !this.shortened;
  }

  /** What must be there: short by itself. */
  add(...lines: readonly string[]): void {
    this.push(lines.map((line) => `${line}\n`).join(""));
  }

  /**
   * As many of the rows as find room, and how many did not.
   * @param share how much of the room that is left they may take, from 0 to 1
   */
  addRows(rows: readonly string[], share: number, more: (count: number) => string): void {
    const end = this.used + Math.floor((this.limit - this.used) * share);
    const reserve = more(rows.length).length + 1;
    let written = 0;
    for (const row of rows) {
      const last = written === rows.length - 1;
      if (this.used + row.length + 1 + (last ? 0 : reserve) > end) break;
      this.push(`${row}\n`);
      written++;
    }
    if (written === rows.length) return;
    this.shortened = true;
    const words = `${more(rows.length - written)}\n`;
    if (this.used + words.length <= this.limit) this.push(words);
  }

  private push(text: string): void {
    this.parts.push(text);
    this.used += text.length;
  }
}
