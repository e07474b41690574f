import type { CommandContext } from "../context";
import { type Engine, withProgress } from "./run";

/** What runs, and nothing that is kept: homes, keys and genesis are other resources. */
const DAEMONS = ["urn:pulumi:**::**testnet-local:index:Process::**"];

/** Stops all daemons in order; chain and keys stay. Fine where none runs. */
export async function stopDaemons(
  context: CommandContext,
  { stack }: Engine,
  signal: AbortSignal,
): Promise<void> {
  await withProgress(context, signal, (options) =>
    stack.destroy({ ...options, refresh: true, target: DAEMONS, targetDependents: true }),
  );
}
