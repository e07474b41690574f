import * as path from "node:path";
import type { CommandContext } from "../context";
import { interruptible } from "../engine/interrupt";
import { backendReader, readBackend } from "../list/backend";
import { summaryOf } from "../list/summary";
import { asker } from "../new/ask";
import { costLine } from "../new/cost-line";
import { keyMaker } from "../new/keys";
import { type KeysMade, type MadeNetwork, makeNetwork } from "../new/make";
import { type NewNetwork, type NewOptions, requestOf } from "../new/request";

/** Writes the stack file of a network of one's own, and makes its keys where that can be done now. */
export async function run(context: CommandContext, options: NewOptions): Promise<number> {
  const { directory } = context;
  return interruptible("Interrupted. Nothing was written.", async (signal) => {
    const network = await requestOf(options, directory, asker(signal));
    const { states } = await readBackend(backendReader(context, signal), { signal });
    const stacks = states.map(summaryOf);
    const makeKeys = keyMaker(stacks, options.keys !== false, signal);
    const made = await makeNetwork(context, network, stacks, { now: new Date(), makeKeys, signal });
    tell(context, network, made);
    return 0;
  });
}

function tell(
  { out, directory }: CommandContext,
  network: NewNetwork,
  { file, plan, keys }: MadeNetwork,
): void {
  const { name, owner, expires } = network;
  const cost = costLine(directory, name);
  const ports = plan.clusters?.peerPorts;
  const commit = "later" in keys ? "" : " and keyrings/";
  const lines = [
    `${path.basename(file)}: ${plan.daemons.length} daemons of ${plan.protocol}, owner ${owner}` +
      (expires === undefined || expires === "never" ? "" : `, expires ${expires} from now`),
    ...(ports === undefined ? [] : [`Peers reach it on ports ${ports.from} to ${ports.to}.`]),
    keysLine(keys),
    ...(cost === undefined ? [] : [cost]),
    "",
    "Next:",
    ...nextCommands(name, keys).map((command) => `  ${command}`),
    ...(plan.clusters === undefined
      ? []
      : ["", `Commit ${path.basename(file)}${commit}: the pull request shows it.`]),
  ];
  out.result(lines.join("\n"), {
    ok: true,
    stack: name,
    file,
    owner,
    protocol: plan.protocol,
    daemons: plan.daemons.length,
    peerPorts: ports ?? null,
    keys,
    next: nextCommands(name, keys),
  });
}

function keysLine(keys: KeysMade): string {
  return "made" in keys ? `Keys: ${keys.made} secrets made.` : `Keys: ${keys.later}.`;
}

function nextCommands(name: string, keys: KeysMade): string[] {
  const create =
    "later" in keys && keys.later.includes("keys create") ? [`npx testnet keys create ${name}`] : [];
  return [...create, `npx testnet up ${name}`];
}
