import { scrub } from "./scrub";

/** What a diagnosis gathers, by name of the file. What cannot be had is told in its place: half a diagnosis helps, too. */
export class Bundle {
  private readonly texts = new Map<string, string>();
  private readonly missing: { readonly file: string; readonly reason: string }[] = [];
  private readonly secrets: string[] = [];

  /** Values that no file may hold. */
  hide(secrets: readonly string[]): void {
    this.secrets.push(...secrets);
  }

  text(file: string, text: string): void {
    this.texts.set(file, text);
  }

  json(file: string, value: unknown): void {
    this.text(file, `${JSON.stringify(value, undefined, 2)}\n`);
  }

  /** Gathers one file; a failure is told and ends nothing. */
  async gather(file: string, work: () => Promise<unknown>): Promise<void> {
    try {
      const value = await work();
      if (typeof value === "string") this.text(file, value);
      else this.json(file, value);
    } catch (error) {
      this.missing.push({ file, reason: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Names of files that could not be had. */
  get failures(): readonly string[] {
    return this.missing.map(({ file }) => file);
  }

  /** All files, sorted by name, without secrets. */
  files(): { readonly name: string; readonly content: string }[] {
    if (this.missing.length > 0) this.json("missing.json", this.missing);
    return [...this.texts]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, text]) => ({ name, content: scrub(text, this.secrets) }));
  }
}
