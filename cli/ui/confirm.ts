import { createInterface } from "node:readline/promises";
import { Interrupted } from "./errors";

/**
 * Asks before something is lost. Without a terminal there is nobody to ask, and whoever wrote the script has decided.
 * @throws Interrupted when the answer is not yes
 */
export async function confirm(question: string, yes: boolean): Promise<void> {
  if (yes || !process.stdin.isTTY || !process.stderr.isTTY) return;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<string>((resolve) => prompt.once("close", () => resolve("")));
  try {
    const answer = await Promise.race([prompt.question(`${question} [y/N] `), closed]);
    if (!/^y(es)?$/i.test(answer.trim())) throw new Interrupted("Nothing was changed.");
  } finally {
    prompt.close();
  }
}
