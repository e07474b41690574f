import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/**
 * Where a command's words go: data on stdout, people on stderr. With `--json` stdout holds one JSON document and
 * nothing else.
 */
export class Output {
  constructor(readonly json: boolean) {}

  /** The command's result: `text` for people, `data` with `--json`. */
  result(text: string, data: unknown): void {
    process.stdout.write(this.json ? `${JSON.stringify(data, undefined, 2)}\n` : `${text}\n`);
  }

  /** A line for the person at the keyboard. */
  say(line: string): void {
    process.stderr.write(`${line}\n`);
  }

  /** Colours on terminals that want them; NO_COLOR, FORCE_COLOR and pipes are honoured. */
  style(style: Style, text: string): string {
    return styleText(style, text, { stream: process.stderr });
  }

  /** Whether people look on live: a terminal, and not a CI job. */
  get live(): boolean {
    return process.stderr.isTTY && process.env["CI"] === undefined;
  }
}
