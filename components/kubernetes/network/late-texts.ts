import * as pulumi from "@pulumi/pulumi";

const TOKEN = /\u0001(\d+)\u0001/g;

/**
 * Lets pure functions make texts of what is only known when resources exist: each Output is a token in them, and `fill`
 * puts an Output in the place of every text that holds tokens. All other texts stay plain, and are seen in previews.
 */
export class LateTexts {
  private readonly values: pulumi.Output<string>[] = [];
  private readonly filled = new Map<string, pulumi.Output<string>>();

  /** What stands for the value in a text: itself, when it is known. */
  token(value: pulumi.Input<string>): string {
    if (typeof value === "string") return value;
    this.values.push(pulumi.output(value));
    return `\u0001${this.values.length - 1}\u0001`;
  }

  /** Every text of a value, however deep, with Outputs for its tokens. */
  fill(value: unknown): unknown {
    if (typeof value === "string") return value.includes("\u0001") ? this.fillText(value) : value;
    if (Array.isArray(value)) return value.map((inner) => this.fill(inner));
    if (typeof value !== "object" || value === null || pulumi.Output.isInstance(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.fill(inner)]));
  }

  private fillText(text: string): pulumi.Output<string> {
    const known = this.filled.get(text);
    if (known !== undefined) return known;
    const used = [...new Set([...text.matchAll(TOKEN)].map(([, index]) => Number(index)))];
    const made = pulumi
      .all(used.map((index) => this.values[index] ?? ""))
      .apply((values) => text.replace(TOKEN, (_, index) => values[used.indexOf(Number(index))] ?? ""));
    this.filled.set(text, made);
    return made;
  }
}
