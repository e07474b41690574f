import * as fs from "node:fs";
import { TestnetError } from "../../errors/problem";
import { loadStackConfig, requireStackName, stackFile, stacksIn } from "../../stacks/config/file";
import { type ClusterNetworkStack, kindOf, type LocalNetworkStack } from "../../stacks/kind";
import { lifetimeOf } from "../../stacks/lifetime";
import type { CommandContext } from "../context";
import { backendReader } from "../list/backend";
import { EngineCommand } from "../list/engine-command";
import { DEADLINE_TAG, type StackSummary, summaryOf } from "../list/summary";
import { durationText } from "./duration";
import { editStackFile } from "./stack-file";

type NetworkStack = LocalNetworkStack | ClusterNetworkStack;

/** A network as its file and the backend know it: either may be missing, but not both. */
export interface KnownNetwork {
  readonly file: NetworkStack | undefined;
  readonly deployed: StackSummary | undefined;
}

/** What a new end came to. */
export interface NewEnd {
  /** ISO 8601; `never` for what is kept. */
  readonly expires: string;
  /** Whether the stack file was changed. */
  readonly file: boolean;
  /** Whether the backend was told, which the reaper reads. */
  readonly backend: boolean;
}

/**
 * @throws TestnetError TN1001 where neither a file nor a stack has the name, TN1013 where it is an environment
 */
export async function knownNetwork(context: CommandContext, signal: AbortSignal): Promise<KnownNetwork> {
  const { directory, stack } = context;
  requireStackName(stack);
  const reader = backendReader(context, signal);
  const state = (await reader.names()).includes(stack) ? await reader.read(stack) : undefined;
  const deployed = state === undefined ? undefined : summaryOf(state);
  const there = fs.existsSync(stackFile(directory, stack));
  const found = there ? kindOf(loadStackConfig(directory, stack)) : undefined;
  if (found?.kind === "environment" || deployed?.kind === "environment") throw isEnvironment(stack);
  if (found === undefined && deployed === undefined) {
    throw new TestnetError({
      code: "TN1001",
      message: `there is neither a stack nor a Pulumi.${stack}.yaml of this name`,
      given: stack,
      allowed: stacksIn(directory).join(", ") || "(no stack file yet)",
    });
  }
  return { file: found, deployed };
}

/** The deadline after so many seconds more: they count from the end that was set, or from now where that is over. Pure. */
export function extendedDeadline(current: string | undefined, seconds: number, now: Date): string {
  const end = current === undefined ? NaN : Date.parse(current);
  const base = Number.isNaN(end) ? now.getTime() : Math.max(end, now.getTime());
  return new Date(base + seconds * 1000).toISOString();
}

/** The end that is set; undefined for what never expires. Of two the later one holds. */
export function currentDeadline({ file, deployed }: KnownNetwork, now: Date): string | undefined {
  if (deployed?.kept === true && deployed.kind !== "empty") return undefined;
  const own =
    file === undefined ? undefined : lifetimeOf(file.network.expires, file.created ?? now.toISOString());
  const deadlines = [own?.expires ?? undefined, deployed?.expires].filter((one) => one !== undefined);
  return deadlines.sort((one, other) => Date.parse(one) - Date.parse(other)).at(-1);
}

/**
 * Sets the end of a network: in its stack file, so that the next `up` agrees, and in the backend, where the reaper sees it
 * at once. Tags of resources follow with the next `up`.
 * @param expires ISO 8601, or `never`
 */
export async function setEnd(
  context: CommandContext,
  network: KnownNetwork,
  expires: string,
  { now, signal }: { readonly now: Date; readonly signal: AbortSignal },
): Promise<NewEnd> {
  const { directory, stack } = context;
  const { file, deployed } = network;
  // The backend first: a file that promises more than the reaper knows would be the worse half.
  if (deployed !== undefined) await new EngineCommand(context, signal).tag(stack, DEADLINE_TAG, expires);
  if (file !== undefined) {
    const created = file.created ?? deployed?.createdBySettings ?? now.toISOString();
    const seconds = (Date.parse(expires) - Date.parse(created)) / 1000;
    editStackFile(directory, stack, [
      [["testnet:network", "expires"], expires === "never" ? "never" : durationText(seconds)],
      ...(file.created === undefined ? [[["testnet:created"], created] as const] : []),
    ]);
  }
  return { expires, file: file !== undefined, backend: deployed !== undefined };
}

function isEnvironment(stack: string): TestnetError {
  return new TestnetError({
    code: "TN1013",
    at: "testnet:environment",
    message: "this stack is an environment: its end is a day in `expires` of its file",
    given: stack,
    allowed: "a network",
  });
}
