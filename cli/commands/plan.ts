import type { NetworkPlan } from "../../protocols/plan";
import { loadStackConfig } from "../../stacks/config/file";
import { planLocal, requireLocal } from "../../stacks/placement";
import type { CommandContext } from "../context";
import { table } from "../ui/table";

/** Everything a network is made of, without an engine or an account. */
export function run({ directory, home, stack, out }: CommandContext): Promise<number> {
  const config = loadStackConfig(directory, stack);
  requireLocal(config);
  const { plan, chainLost } = planLocal(home, stack, config.network);
  if (chainLost) out.say(`Era ${plan.era - 1} was lost in a crash; this is the plan of a fresh one.`);
  out.result(words(plan), plan);
  return Promise.resolve(0);
}

function words(plan: NetworkPlan): string {
  const daemons = plan.daemons.map((daemon) => [
    daemon.name,
    daemon.role,
    `${daemon.client} ${daemon.version}`,
    daemon.ports.map((port) => `${port.name} ${port.number}/${port.transports.join("+")}`).join(", "),
  ]);
  const validators = plan.keys.filter((key) => key.kind === "validators");
  return [
    `${plan.network}: ${plan.protocol}, era ${plan.era}, a block every ${plan.blockSeconds} s`,
    "",
    table(["DAEMON", "ROLE", "CLIENT", "PORTS"], daemons),
    "",
    ...validators.map((key) => `validators ${key.from} to ${key.from + key.count - 1}: ${key.name}`),
    "",
    "Arguments:",
    ...plan.daemons.map(
      (daemon) => `\n${daemon.name}\n  ${[daemon.program, ...daemon.args].join(" \\\n    ")}`,
    ),
  ].join("\n");
}
