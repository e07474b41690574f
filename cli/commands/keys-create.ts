import type { CommandContext } from "../context";
import { interruptible } from "../engine/interrupt";
import { keyWorkOf } from "../keys/command";
import { createKeys } from "../keys/manage";

/** Makes the keys a network lacks. A second run makes nothing. */
export async function run(context: CommandContext): Promise<number> {
  const { stack, out } = context;
  const work = keyWorkOf(context);
  const written: string[] = [];
  const keyring = await interruptible(`Interrupted. \`testnet keys create ${stack}\` goes on.`, (signal) =>
    createKeys({
      ...work,
      signal,
      onWritten: (name, place, how) => {
        written.push(name);
        work.onWritten(name, place, how);
      },
    }),
  );
  const { length: count } = Object.keys(keyring.secrets);
  out.result(
    written.length === 0
      ? `Nothing to make: all ${count} secrets of ${stack} are there.`
      : [
          `${written.length} secrets of ${stack} written, ${count} in all.`,
          `Commit ${work.file}: it holds the public parts, and whoever deploys needs it.`,
        ].join("\n"),
    { ok: true, stack, written, keyring: work.file, secrets: keyring.secrets },
  );
  return 0;
}
