import { createInterface } from "node:readline/promises";
import { Interrupted } from "../ui/errors";

/** Something that an option did not tell. */
export interface Question {
  /** Option that tells it, e.g. `--protocol`. */
  readonly option: string;
  readonly text: string;
  /** Empty: anything. */
  readonly choices: readonly string[];
}

/** Somebody to ask; undefined without a terminal. */
export function asker(signal: AbortSignal): ((question: Question) => Promise<string>) | undefined {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  return (question) => askOnTerminal(question, signal);
}

/** Asks until the answer is one of the choices; their start, or their number, is enough. */
async function askOnTerminal({ text, choices }: Question, signal: AbortSignal): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<never>((_, reject) =>
    prompt.once("close", () => reject(new Interrupted("Nothing was written."))),
  );
  // Whoever answers has no use for it.
  closed.catch(() => undefined);
  const offered = choices.map((choice, index) => `${index + 1} ${choice}`).join(", ");
  try {
    for (;;) {
      const question = `${text}${offered === "" ? "" : ` (${offered})`}: `;
      const answer = await Promise.race([prompt.question(question, { signal }), closed]);
      const choice = choiceOf(answer, choices);
      if (choice !== undefined) return choice;
    }
  } finally {
    prompt.close();
  }
}

/** What an answer means; undefined where nothing, or more than one thing. Pure. */
export function choiceOf(answer: string, choices: readonly string[]): string | undefined {
  const said = answer.trim().toLowerCase();
  if (said === "") return undefined;
  if (choices.length === 0) return said;
  const byNumber = /^\d+$/.test(said) ? choices[Number(said) - 1] : undefined;
  if (byNumber !== undefined) return byNumber;
  if (choices.includes(said)) return said;
  const begun = choices.filter((choice) => choice.startsWith(said));
  return begun.length === 1 ? begun[0] : undefined;
}
