import { NetworkHome } from "../../components/local/home";
import { readProcessRecord, recordIsAlive } from "../../components/local/processes";
import type { Problem } from "../../errors/problem";
import type { CommandContext } from "../context";
import { Footer } from "../ui/footer";
import { backendReader, readBackend } from "./backend";
import { outputsOf, type StackState } from "./state";
import { type StackSummary, summaryOf } from "./summary";

/** A stack as `testnet list` shows it. */
export interface ListedStack extends StackSummary {
  /** US dollars of 24 hours as it stands; undefined where nothing costs, or nobody knows. */
  readonly dailyUsd: number | undefined;
  /** Of a network of this machine: how many of its processes live. */
  readonly daemons: { readonly running: number; readonly all: number } | undefined;
}

/** What a stack costs in a day, by its state. */
export type DailyCost = (state: StackState, all: readonly StackState[]) => number | undefined;

export interface Listing {
  readonly stacks: readonly ListedStack[];
  readonly states: readonly StackState[];
  readonly problems: readonly Problem[];
}

/** Reads all stacks of the backend, telling how far it is where that takes time. */
export async function listStacks(
  context: CommandContext,
  signal: AbortSignal,
  dailyCost: DailyCost = () => undefined,
): Promise<Listing> {
  const reader = backendReader(context, signal);
  const footer = new Footer(context.out);
  const onProgress = (read: number, all: number) => footer.show(`  … ${read} of ${all} stacks read`);
  const { states, problems } = await readBackend(reader, { signal, onProgress }).finally(() =>
    footer.clear(),
  );
  const stacks = states.map((state): ListedStack => {
    const summary = summaryOf(state);
    return {
      ...summary,
      dailyUsd: dailyCost(state, states),
      daemons: daemonsOf(context.home, summary, state),
    };
  });
  return { stacks, states, problems };
}

function daemonsOf(home: string, { environment, stack }: StackSummary, state: StackState) {
  if (environment !== "local") return undefined;
  const daemons = (outputsOf(state)["daemons"] ?? []) as readonly { readonly name?: string }[];
  const directories = new NetworkHome(home, stack);
  const running = daemons.filter(({ name = "" }) => {
    const record = readProcessRecord(directories.processRecord(name));
    return record !== undefined && recordIsAlive(record);
  });
  return { running: running.length, all: daemons.length };
}
