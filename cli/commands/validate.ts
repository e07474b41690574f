import { loadStackConfig } from "../../stacks/config/file";
import { planLocal, requireLocal } from "../../stacks/placement";
import type { CommandContext } from "../context";

/** Checks a stack's configuration and its plan; creates nothing. */
export function run({ directory, home, stack, out }: CommandContext): Promise<number> {
  const config = loadStackConfig(directory, stack);
  requireLocal(config);
  const { plan } = planLocal(home, stack, config.network);
  out.result(`${stack} is valid: ${plan.daemons.length} daemons of ${plan.protocol}`, {
    ok: true,
    stack,
    protocol: plan.protocol,
    daemons: plan.daemons.length,
  });
  return Promise.resolve(0);
}
