import * as fs from "node:fs";
import { TestnetError } from "../../errors/problem";
import { keyringFile } from "../../keys/keyring";
import type { NetworkPlan } from "../../protocols/plan";
import { loadStackConfig, stackFile } from "../../stacks/config/file";
import { type ClusterNetworkStack, kindOf } from "../../stacks/kind";
import { planLocal } from "../../stacks/placement";
import { planStack } from "../../stacks/plan-stack";
import type { CommandContext } from "../context";
import type { StackSummary } from "../list/summary";
import { newStackFile } from "./file";
import { requireFreeName } from "./name";
import { groundName, takenPorts } from "./neighbours";
import { choosePeerPorts } from "./ports";
import type { NewNetwork } from "./request";

/** Makes the keys of a network; tells why it did not, where it could not yet. Undoes what it made when it throws. */
export type MakeKeys = (context: CommandContext) => Promise<KeysMade>;

export type KeysMade = { readonly made: number } | { readonly later: string };

export interface MadeNetwork {
  readonly file: string;
  readonly plan: NetworkPlan;
  readonly keys: KeysMade;
}

/**
 * Writes the stack file of a new network on ports of its own, and makes its keys. All or nothing: what was written is
 * removed when the rest fails or is interrupted.
 * @throws TestnetError TN1012, TN1051, TN1055, and everything that its plan refuses
 */
export async function makeNetwork(
  context: CommandContext,
  network: NewNetwork,
  stacks: readonly StackSummary[],
  {
    now,
    makeKeys,
    signal,
  }: { readonly now: Date; readonly makeKeys: MakeKeys; readonly signal: AbortSignal },
): Promise<MadeNetwork> {
  const { directory } = context;
  requireFreeName(network.name, directory, stacks);
  const file = stackFile(directory, network.name);
  const write = (portsFrom: number | undefined, flag: "wx" | "w") =>
    fs.writeFileSync(file, newStackFile(directory, network, { created: now, portsFrom }), { flag });
  try {
    // Two who choose one name at once: the second is refused by the file system.
    write(undefined, "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new TestnetError({ code: "TN1051", at: network.name, message: `there is a ${file} already` });
  }
  try {
    const plan = planOf(context, network, stacks, (from) => write(from, "w"));
    signal.throwIfAborted();
    const keys = await makeKeys({ ...context, stack: network.name });
    signal.throwIfAborted();
    return { file, plan, keys };
  } catch (error) {
    fs.rmSync(file, { force: true });
    fs.rmSync(keyringFile(directory, network.name), { force: true });
    throw error;
  }
}

/** The plan of the file as it is at last, with the range that was chosen. */
function planOf(
  { directory, home }: CommandContext,
  { name }: NewNetwork,
  stacks: readonly StackSummary[],
  writePorts: (from: number) => void,
): NetworkPlan {
  const found = kindOf(loadStackConfig(directory, name));
  if (found.kind === "local network") return planLocal(home, name, found.network).plan;
  if (found.kind === "environment") throw new Error("a new network is no environment");
  const planned = () => planStack(directory, name, found).plan;
  const range = planned().clusters?.peerPorts;
  if (range === undefined) return planned();
  const taken = takenPorts(directory, groundName(found), stacks);
  const free = choosePeerPorts(name, range.to - range.from + 1, taken);
  writePorts(free.from);
  return planStack(directory, name, kindOf(loadStackConfig(directory, name)) as ClusterNetworkStack).plan;
}
