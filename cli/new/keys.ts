import * as fs from "node:fs";
import * as os from "node:os";
import { loadStackConfig } from "../../stacks/config/file";
import { missingCredentials } from "../../stacks/credentials";
import { kindOf } from "../../stacks/kind";
import { planStack } from "../../stacks/plan-stack";
import type { CommandContext } from "../context";
import { keyWorkOf } from "../keys/command";
import { createKeys, deleteKeys } from "../keys/manage";
import type { StackSummary } from "../list/summary";
import type { KeysMade, MakeKeys } from "./make";

/** Makes keys where they can be made now: the environment is up, and this machine has a way into its clouds. */
export function keyMaker(stacks: readonly StackSummary[], wanted: boolean, signal: AbortSignal): MakeKeys {
  return async (context) => {
    const later = reasonForLater(context, stacks, wanted);
    if (later !== undefined) return { later };
    return makeKeys(context, signal);
  };
}

function reasonForLater(
  { directory, stack }: CommandContext,
  stacks: readonly StackSummary[],
  wanted: boolean,
): string | undefined {
  const found = kindOf(loadStackConfig(directory, stack));
  if (found.kind !== "cluster network") return "`up` makes the keys of a network on this machine";
  if (!wanted) return `make its keys with \`testnet keys create ${stack}\``;
  const { environment } = found;
  if (typeof environment !== "string") return undefined;
  const command = `\`testnet keys create ${stack}\` makes the keys`;
  const ground = stacks.find((one) => one.stack === environment);
  if (ground === undefined || ground.kind === "empty") {
    return `${environment} is not up yet: once it is, ${command}`;
  }
  const clouds = planStack(directory, stack, found).ground.clusters.flatMap(
    ({ account }) => account?.cloud ?? [],
  );
  const missing = missingCredentials([...new Set(clouds)], {
    env: process.env,
    home: os.homedir(),
    exists: fs.existsSync,
  });
  if (missing.length === 0) return undefined;
  const names = missing.map(({ at }) => at ?? "").join(" and ");
  return `this machine has no credentials of ${names}: once it has, ${command}`;
}

/** Keys half made are removed again: nobody knows their network. */
async function makeKeys(context: CommandContext, signal: AbortSignal): Promise<KeysMade> {
  const work = keyWorkOf(context);
  let made = 0;
  const onWritten: typeof work.onWritten = (name, place, how) => {
    made += 1;
    work.onWritten(name, place, how);
  };
  try {
    await createKeys({ ...work, onWritten, signal });
    return { made };
  } catch (error) {
    if (made > 0) await deleteKeys(work, false);
    throw error;
  }
}
