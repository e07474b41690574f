import type { CommandContext } from "../context";
import { interruptible } from "../engine/interrupt";
import { keyWorkOf } from "../keys/command";
import { deleteKeys } from "../keys/manage";
import { confirmByName } from "../ui/confirm";

export interface DeleteOptions {
  readonly yes?: boolean;
  readonly unused?: boolean;
}

/** Removes the keys of a network for good. What it asks for is the network's name: a yes is typed too easily. */
export async function run(context: CommandContext, options: DeleteOptions): Promise<number> {
  const { stack, out } = context;
  const work = keyWorkOf(context);
  const unused = options.unused === true;
  await confirmByName(
    unused
      ? `Delete the keys of daemons that ${stack} has no more? They cannot be brought back.`
      : `Delete all keys of ${stack}? They cannot be brought back, and pods that start without them fail.`,
    stack,
    options.yes === true,
  );
  const deleted = await interruptible(`Interrupted. \`testnet keys delete ${stack}\` goes on.`, (signal) =>
    deleteKeys({ ...work, signal }, unused),
  );
  out.result(deleted.length === 0 ? "Nothing to delete." : `Deleted: ${deleted.join(", ")}.`, {
    ok: true,
    stack,
    deleted,
  });
  return 0;
}
