import * as fs from "node:fs";
import { TestnetError } from "../../errors/problem";
import { loadStackConfig, stackFile } from "../../stacks/config/file";
import { type ClusterNetworkStack, kindOf } from "../../stacks/kind";
import type { CommandContext } from "../context";
import { confirm, confirmByName } from "../ui/confirm";

export interface ConfirmOptions {
  /** Asks nothing, but for the name of a protected network. */
  readonly yes?: boolean;
  /** Name of a protected network, where nobody can type it. */
  readonly confirm?: string;
}

/**
 * Whether a network must be named before it is lost: as its stack file says, and by default where it never expires and
 * stands on a protected environment.
 */
export function isProtected(
  directory: string,
  { environment, network, protect }: ClusterNetworkStack,
): boolean {
  if (protect !== undefined) return protect;
  if (network.expires !== "never" || typeof environment !== "string") return false;
  // An environment whose file is somewhere else is taken for a protected one: asking costs less than losing.
  if (!fs.existsSync(stackFile(directory, environment))) return true;
  const found = kindOf(loadStackConfig(directory, environment));
  if (found.kind !== "environment") return false;
  const { protect: guarded, expires } = found.environment;
  return guarded ?? expires === "never";
}

/**
 * Whether a stack is protected, as far as its file tells. A file that is broken or gone must not keep a stack from being
 * removed, nor be a way round the protection it speaks of.
 */
export function isStackProtected(directory: string, stack: string): boolean {
  const file = stackFile(directory, stack);
  if (!fs.existsSync(file)) return false;
  try {
    const found = kindOf(loadStackConfig(directory, stack));
    return found.kind === "cluster network" && isProtected(directory, found);
  } catch (error) {
    if (!(error instanceof TestnetError)) throw error;
    return /^\s*["']?testnet:protect["']?\s*:\s*true\b/m.test(fs.readFileSync(file, "utf8"));
  }
}

/**
 * Asks before something is lost: a protected network for its name, any other for a yes.
 * @throws TestnetError TN2044 where the name of a protected network is missing or another one; Interrupted for a no
 */
export async function confirmLoss(
  { stack }: Pick<CommandContext, "stack">,
  question: string,
  protectedOne: boolean,
  options: ConfirmOptions,
): Promise<void> {
  const { yes = false, confirm: name } = options;
  if (!protectedOne) return confirm(question, yes);
  if (name === stack) return;
  if (name !== undefined || yes || !process.stdin.isTTY || !process.stderr.isTTY) {
    throw new TestnetError({
      code: "TN2044",
      at: stack,
      message: "the network is protected",
      ...(name !== undefined && { given: name }),
      allowed: `--confirm ${stack}`,
    });
  }
  await confirmByName(`${question} It is protected.`, stack, false);
}
