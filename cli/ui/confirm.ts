import { createInterface } from "node:readline/promises";
import { TestnetError } from "../../errors/problem";
import { Interrupted } from "./errors";

/**
 * Asks before something is lost. Without a terminal there is nobody to ask, and whoever wrote the script has decided.
 * @throws Interrupted when the answer is not yes
 */
export async function confirm(question: string, yes: boolean): Promise<void> {
  if (yes || !process.stdin.isTTY || !process.stderr.isTTY) return;
  const answer = await ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new Interrupted("Nothing was changed.");
}

/**
 * Asks for a name to be typed before something is lost for good. Without a terminal nobody can, so the option is a must.
 * @throws Interrupted when another name is typed; TestnetError TN1014 without a terminal and without `yes`
 */
export async function confirmByName(question: string, name: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new TestnetError({
      code: "TN1014",
      message: "there is no terminal to ask on",
      allowed: "--yes",
      remedy: "Add `--yes` if you mean it.",
    });
  }
  const answer = await ask(`${question} Type its name to go on: `);
  if (answer.trim() !== name) throw new Interrupted("Nothing was changed.");
}

/** What is typed; nothing where the terminal is closed. */
async function ask(question: string): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<string>((resolve) => prompt.once("close", () => resolve("")));
  try {
    return await Promise.race([prompt.question(question), closed]);
  } finally {
    prompt.close();
  }
}
