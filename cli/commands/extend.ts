import type { CommandContext } from "../context";
import { interruptible } from "../engine/interrupt";
import { durationSeconds, roughTime } from "../expiry/duration";
import { currentDeadline, extendedDeadline, knownNetwork, setEnd } from "../expiry/extend";

export interface ExtendOptions {
  /** Words of a time, such as `4` and `hours`. */
  readonly time: readonly string[];
}

/** Gives a network more time, from its end on; from now where that is over. */
export async function run(context: CommandContext, { time }: ExtendOptions): Promise<number> {
  const { stack, out } = context;
  const seconds = durationSeconds(time.join(" "), "TIME");
  return interruptible(`Interrupted. Run \`testnet extend\` again for the rest.`, async (signal) => {
    const now = new Date();
    const network = await knownNetwork(context, signal);
    const before = currentDeadline(network, now);
    if (before === undefined) {
      out.result(`${stack} never expires: nothing to extend`, {
        ok: true,
        stack,
        expires: null,
        changed: false,
      });
      return 0;
    }
    const expires = extendedDeadline(before, seconds, now);
    const end = await setEnd(context, network, expires, { now, signal });
    const left = roughTime((Date.parse(expires) - now.getTime()) / 1000);
    out.result(
      [
        `${stack} expires ${expires}, in ${left}.`,
        ...(end.file ? [`Commit Pulumi.${stack}.yaml: its \`expires\` was changed.`] : []),
      ].join("\n"),
      { ok: true, stack, before, ...end, changed: true },
    );
    return 0;
  });
}
