import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { stackFile } from "../../stacks/config/file";
import type { CommandContext } from "../context";
import { removeEmptyStack } from "../engine/remove";
import { openEngine, withProgress } from "../engine/run";
import { PARALLEL } from "../environment/prepare";
import type { StackState } from "../list/state";
import type { StackSummary } from "../list/summary";

/**
 * Destroys what a stack's state holds, and the stack. Needs no stack file and runs no program: the state tells what there
 * is, and its providers the ways into clouds and clusters. What fails does not keep the rest.
 * @throws TestnetError TN2001 with every resource that failed, TN2003 where somebody holds it
 */
export async function destroyStack(
  context: CommandContext,
  summary: StackSummary,
  state: StackState,
  signal: AbortSignal,
): Promise<void> {
  seedWorkDirectory(context, summary, state);
  const engine = await openEngine(context, signal);
  await withProgress(context, signal, (options) =>
    engine.stack.destroy({ ...options, refresh: true, continueOnError: true, parallel: PARALLEL }),
  );
  await removeEmptyStack(engine);
}

/**
 * The stack file that the engine works with, for a machine that has none: how the secrets of the state are opened, and
 * that it is of clusters, so that the clouds' plugins are had.
 */
function seedWorkDirectory(
  { home, directory, stack }: CommandContext,
  summary: StackSummary,
  state: StackState,
): void {
  const work = path.join(home, "pulumi", stack);
  const copy = stackFile(work, stack);
  if (fs.existsSync(stackFile(directory, stack)) || fs.existsSync(copy)) return;
  fs.mkdirSync(work, { recursive: true, mode: 0o700 });
  const config = { "testnet:environment": summary.environment ?? stack };
  fs.writeFileSync(copy, stringify({ ...secretsSettings(state), config }), { mode: 0o600 });
}

/** What a stack file holds of its secrets provider, by what the state tells of it. */
export function secretsSettings({ deployment }: Pick<StackState, "deployment">): Record<string, unknown> {
  const { state = {} } = deployment.secrets_providers ?? {};
  const { salt, url, encryptedkey } = state;
  return {
    ...(salt !== undefined && { encryptionsalt: salt }),
    ...(url !== undefined && { secretsprovider: url }),
    ...(encryptedkey !== undefined && { encryptedkey }),
  };
}
