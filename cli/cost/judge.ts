import type { Problem } from "../../errors/problem";
import { type Budget, budgetProblems } from "../../stacks/cost/budget";
import type { StackKind } from "../../stacks/kind";
import type { CommandContext } from "../context";
import { backendReader, readBackend } from "../list/backend";
import type { BackendReader } from "../list/reader";
import { previewCost } from "../preview/cost";
import type { PreviewCost } from "../preview/record";
import { networksOn, runningBill } from "./running";
import { type StackBill, stackBill } from "./stack-bill";

/** What a plan costs, and what budgets say to it. */
export interface CostJudgement {
  /** Undefined where nothing of the stack costs money. */
  readonly cost: PreviewCost | undefined;
  /** TN2040, TN2041, TN2042. */
  readonly problems: readonly Problem[];
}

/**
 * Compares a plan with what runs, and with the budget of its environment. Reads stack files and the backend.
 * @throws TestnetError TN2004 where the backend does not answer
 */
export async function judgeCost(
  context: CommandContext,
  found: StackKind,
  signal: AbortSignal,
): Promise<CostJudgement> {
  const bill = stackBill(context.directory, context.stack, found);
  if (bill === undefined) return { cost: undefined, problems: [] };
  const { charged, budget, environment } = bill;
  const reader = backendReader(context, signal);
  const known = (await reader.names()).includes(context.stack);
  const current = runningBill(known ? await reader.read(context.stack) : undefined);
  const neighbours = isAsked(bill, budget) ? await neighboursOf(charged.environment, reader, signal) : NONE;
  const isEnvironment = charged.stack === charged.environment;
  const cost = previewCost({
    current,
    planned: charged.lines,
    unknown: bill.unknown,
    networks: isEnvironment ? neighbours.networks.map(({ lines }) => lines) : [],
  });
  const problems = budgetProblems({
    ...{ budget, planned: charged, environment },
    unknown: [...bill.unknown, ...neighbours.unknown],
    networks: neighbours.networks,
  });
  return { cost, problems };
}

const NONE = { networks: [], unknown: [] };

/** Whether others on the environment matter: to its machines, or to a budget. */
function isAsked({ charged }: StackBill, budget: Budget): boolean {
  return charged.stack === charged.environment || Object.keys(budget).length > 0;
}

/** The networks on an environment, and what of the backend could not be read. */
async function neighboursOf(environment: string, reader: BackendReader, signal: AbortSignal) {
  const { states, problems } = await readBackend(reader, { signal });
  const { networks, silent } = networksOn(environment, states);
  const unread = problems.map(({ at, message }) => `the stack ${at ?? ""}, which cannot be read: ${message}`);
  return {
    networks,
    unknown: [...unread, ...silent.map((stack) => `${stack}: it tells no cost before its next \`up\``)],
  };
}
