import type { CommandContext } from "../context";
import { interruptible } from "../engine/interrupt";
import { keyWorkOf } from "../keys/command";
import { isInGenesis, keysToRotate, rotateKeys } from "../keys/manage";

export interface RotateOptions {
  readonly pod: string;
  readonly force?: boolean;
}

/** Replaces the keys of a pod. The next `up` starts the pods that have them again. */
export async function run(context: CommandContext, { pod, force = false }: RotateOptions): Promise<number> {
  const { stack, out } = context;
  const work = keyWorkOf(context);
  const { plan } = work.targets;
  const keys = keysToRotate(plan, pod);
  const bound = keys.filter((key) => isInGenesis(plan, key)).map(({ name }) => name);
  if (force && bound.length > 0) {
    out.say(
      `WARNING: the running chain knows ${bound.join(", ")} from its genesis. With other keys nothing is produced ` +
        "in their name, and what they own is out of reach, until a fresh chain starts: raise `era`.",
    );
  }
  await interruptible(
    `Interrupted: some keys may be replaced and some not. \`testnet keys create ${stack}\` ends the rotation.`,
    (signal) => rotateKeys({ ...work, signal }, pod, force),
  );
  const names = keys.map(({ name }) => name);
  out.result(
    `Replaced ${names.join(", ")}.\nCommit ${work.file}, then \`testnet up ${stack}\` starts the pods again.`,
    { ok: true, stack, rotated: names, keyring: work.file },
  );
  return 0;
}
