import type { ClusterEnvironment } from "../../stacks/config/environment";
import { loadStackConfig, stacksIn } from "../../stacks/config/file";
import type { BillLine } from "../../stacks/cost/bill";
import type { Budget, ChargedStack } from "../../stacks/cost/budget";
import { environmentBill } from "../../stacks/cost/environment-bill";
import { networkBill } from "../../stacks/cost/network-bill";
import { type ClusterNetworkStack, kindOf, type StackKind } from "../../stacks/kind";
import { planStack } from "../../stacks/plan-stack";

/** What a stack is charged for, as far as stack files tell: no engine, no account. */
export interface StackBill {
  readonly charged: ChargedStack;
  /** What of it has no price, in words. */
  readonly unknown: readonly string[];
  /** Bill of the environment it is or stands on. */
  readonly environment: readonly BillLine[];
  readonly budget: Budget;
}

/** A network in the folder that stands on an environment. */
export interface FolderNetworks {
  readonly networks: readonly ChargedStack[];
  /** Stack files that cannot be planned, by name. */
  readonly unreadable: readonly string[];
}

/**
 * The bill of a stack; undefined where nothing of it is charged for by a cloud that we know.
 * @throws TestnetError with every problem of the settings; TN1026 where the environment is no stack of clusters here
 */
export function stackBill(directory: string, stack: string, found: StackKind): StackBill | undefined {
  switch (found.kind) {
    case "environment":
      return environmentStackBill(stack, found.environment);
    case "cluster network":
      return networkStackBill(directory, stack, found);
    case "local network":
      return undefined;
  }
}

/** The networks of the stack files that stand on an environment. */
export function networksInFolder(directory: string, environment: string): FolderNetworks {
  const networks: ChargedStack[] = [];
  const unreadable: string[] = [];
  for (const stack of stacksIn(directory)) {
    try {
      const found = kindOf(loadStackConfig(directory, stack));
      if (found.kind !== "cluster network" || found.environment !== environment) continue;
      const bill = networkStackBill(directory, stack, found);
      if (bill !== undefined) networks.push(bill.charged);
    } catch {
      // What is wrong with it is told by `testnet validate`; what it costs is not known.
      unreadable.push(stack);
    }
  }
  return { networks, unreadable };
}

function environmentStackBill(stack: string, environment: ClusterEnvironment): StackBill {
  const lines = environmentBill(environment);
  return {
    charged: { stack, version: 1, environment: stack, owner: environment.owner, lines },
    unknown: [],
    environment: lines,
    budget: environment.budget ?? {},
  };
}

function networkStackBill(
  directory: string,
  stack: string,
  found: ClusterNetworkStack,
): StackBill | undefined {
  if (typeof found.environment !== "string") return undefined;
  const { plan, ground } = planStack(directory, stack, found);
  const { lines, unknown } = networkBill(plan, ground);
  const below = kindOf(loadStackConfig(directory, found.environment));
  // planStack has refused everything else.
  if (below.kind !== "environment") throw new Error(`${found.environment} is no environment`);
  const { environment } = below;
  return {
    charged: {
      ...{ stack, version: 1, environment: found.environment },
      owner: found.owner ?? environment.owner,
      lines: [...lines],
    },
    unknown,
    environment: environmentBill(environment),
    budget: environment.budget ?? {},
  };
}
