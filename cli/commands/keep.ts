import type { CommandContext } from "../context";
import { interruptible } from "../engine/interrupt";
import { currentDeadline, knownNetwork, setEnd } from "../expiry/extend";

/** Keeps a network for good: it never expires, and the reaper leaves it. */
export async function run(context: CommandContext): Promise<number> {
  const { stack, out } = context;
  return interruptible("Interrupted. Run `testnet keep` again for the rest.", async (signal) => {
    const now = new Date();
    const network = await knownNetwork(context, signal);
    if (currentDeadline(network, now) === undefined) {
      out.result(`${stack} is kept already`, { ok: true, stack, expires: "never", changed: false });
      return 0;
    }
    const end = await setEnd(context, network, "never", { now, signal });
    out.result(
      [
        `${stack} is kept until somebody removes it: \`testnet down ${stack}\`.`,
        ...(end.file ? [`Commit Pulumi.${stack}.yaml: its \`expires\` was changed.`] : []),
      ].join("\n"),
      { ok: true, stack, ...end, changed: true },
    );
    return 0;
  });
}
