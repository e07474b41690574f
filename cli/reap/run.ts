import { type Problem, TestnetError } from "../../errors/problem";
import type { CloudClient } from "../../simulator/cloud/client";
import { stacksIn } from "../../stacks/config/file";
import type { CommandContext } from "../context";
import { decide, type Decision, DECISION_DEFAULTS, type DecisionOptions } from "../expiry/decide";
import { postMessage, type SlackMessage, warnPeople, type WarningResult } from "../expiry/warn";
import { type BackendListing, backendReader, readBackend } from "../list/backend";
import { EngineCommand } from "../list/engine-command";
import { type StackSummary, summaryOf, WARNED_TAG } from "../list/summary";
import { destroyStack } from "./destroy";
import { keyStoresOf, removeKeys } from "./keys";
import { type ReapResult, reapStacks } from "./reap";

/** What the reaper may be given in place of the world's own. */
export interface ReapWorld {
  readonly now?: () => Date;
  /** Simulated secret managers. */
  readonly clouds?: CloudClient;
  readonly post?: (message: SlackMessage) => Promise<void>;
  readonly decision?: DecisionOptions;
}

export interface ReapReport {
  readonly decisions: readonly Decision[];
  readonly results: readonly ReapResult[];
  readonly warnings: readonly WarningResult[];
  /** Of stacks that could not be read, removed or warned of. */
  readonly problems: readonly Problem[];
}

/** What is to be done with all stacks of the backend, and with what they know. */
export interface Judged extends BackendListing {
  readonly summaries: readonly StackSummary[];
  readonly decisions: readonly Decision[];
}

/** Reads the backend and decides; changes nothing. */
export async function judge(
  context: CommandContext,
  signal: AbortSignal,
  world: ReapWorld = {},
): Promise<Judged> {
  const listing = await readBackend(backendReader(context, signal), { signal });
  const summaries = listing.states.map(summaryOf);
  const now = world.now?.() ?? new Date();
  return { ...listing, summaries, decisions: decide(summaries, now, world.decision ?? DECISION_DEFAULTS) };
}

/** Removes each network whose time is over, with its keys. */
export async function reapExpired(
  context: CommandContext,
  { states, summaries, decisions }: Judged,
  signal: AbortSignal,
  world: ReapWorld = {},
): Promise<ReapResult[]> {
  const { out, directory } = context;
  const reader = backendReader(context, signal);
  const stateOf = async (stack: string) => {
    const state = await reader.read(stack);
    if (state === undefined) throw new TestnetError({ code: "TN2035", at: stack, message: "it is gone" });
    return state;
  };
  return reapStacks(
    decisions,
    summaries,
    {
      now: world.now ?? (() => new Date()),
      read: async (stack) => {
        const known = (await reader.names()).includes(stack);
        return known ? summaryOf(await stateOf(stack)) : undefined;
      },
      remove: async (summary) => {
        const { stack, environment } = summary;
        await destroyStack({ ...context, stack }, summary, await stateOf(stack), signal);
        const ground = states.find((state) => state.stack === environment);
        const secrets = await removeKeys(directory, stack, keyStoresOf(stack, ground, world.clouds), signal);
        if (secrets > 0) out.say(`  ${secrets} secrets of ${stack} are deleted`);
      },
    },
    {
      options: world.decision ?? DECISION_DEFAULTS,
      signal,
      onStart: (stack, reason) => out.say(out.style("bold", `${stack}: ${reason}`)),
      onResult: ({ stack, result, reason }) =>
        out.say(`  ${stack} ${result === "removed" ? "is gone" : reason}`),
    },
  );
}

/** Warns of what ends soon. Without an address it is told here only, and not taken for told. */
export async function warn(
  context: CommandContext,
  { summaries, decisions }: Judged,
  webhook: string | undefined,
  signal: AbortSignal,
  world: ReapWorld = {},
): Promise<WarningResult[]> {
  const { out } = context;
  const engine = new EngineCommand(context, signal);
  const post =
    world.post ?? (webhook === undefined ? undefined : (message) => postMessage(webhook, message, signal));
  const now = world.now?.() ?? new Date();
  return warnPeople(
    decisions,
    summaries,
    {
      send: async (message) => {
        out.say(`! ${message.text}`);
        await post?.(message);
      },
      record: async (stack, deadline) => {
        if (post !== undefined) await engine.tag(stack, WARNED_TAG, deadline);
      },
    },
    now,
  );
}

/** Names that somebody knows a stack by: the backend's, read or not, and those of stack files. */
export function knownNames(
  { directory }: CommandContext,
  { states, problems }: BackendListing,
): ReadonlySet<string> {
  const unread = problems.flatMap(({ at }) => at ?? []);
  return new Set([...states.map(({ stack }) => stack), ...unread, ...stacksIn(directory)]);
}
