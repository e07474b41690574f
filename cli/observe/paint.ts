import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Colours of a command's result, which goes to stdout; NO_COLOR, FORCE_COLOR and pipes are honoured. */
export function paint(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}
