import type { Problem } from "../../errors/problem";
import type { BillLine, CostOutput } from "./bill";
import { type Cost, costOf, dollars, grown, ownLines } from "./cost";

/** How much an environment with all networks on it may cost: `budget` of its stack file. */
export interface Budget {
  /** US dollars a month, of the environment and the networks on it. */
  readonly monthlyUsd?: number | undefined;
  /** US dollars a month, of all networks of one owner on it. */
  readonly perOwnerMonthlyUsd?: number | undefined;
}

/** A stack that is charged for. */
export interface ChargedStack extends CostOutput {
  readonly stack: string;
}

/** A stack as it is planned, among those that run. */
export interface BudgetQuestion {
  readonly budget: Budget;
  /** What is planned; of an environment its own bill, of a network the network's. */
  readonly planned: ChargedStack;
  /** What of it has no price, in words. */
  readonly unknown: readonly string[];
  /** Bill of the environment that the budget is of. */
  readonly environment: readonly BillLine[];
  /** All other networks on the environment that the backend knows. */
  readonly networks: readonly ChargedStack[];
}

/**
 * What is over budget, or cannot be shown to be within it. Pure. A month's cost is the expected one: node pools as large as the
 * networks need. The environment's machines are counted once, however many networks share them.
 */
export function budgetProblems(question: BudgetQuestion): Problem[] {
  const { budget, planned, networks, environment } = question;
  if (budget.monthlyUsd === undefined && budget.perOwnerMonthlyUsd === undefined) return [];
  const isNetwork = planned.stack !== planned.environment;
  const all = [...networks.filter(({ stack }) => stack !== planned.stack), ...(isNetwork ? [planned] : [])];
  const owned = all.filter(({ owner }) => owner === planned.owner);
  const whole = environmentCost(
    environment,
    all.map(({ lines }) => lines),
  );
  return [
    ...unknownProblems(planned.stack, [...question.unknown, ...whole.unknown]),
    ...overBudget(whole, budget.monthlyUsd, {
      code: "TN2040",
      at: `${planned.environment}: testnet:environment.budget.monthlyUsd`,
      message: `with ${planned.stack}, ${planned.environment} and the ${all.length} networks on it would cost more than its budget`,
    }),
    ...(isNetwork
      ? overBudget(costOf(owned.flatMap(({ lines }) => lines)), budget.perOwnerMonthlyUsd, {
          code: "TN2042",
          at: `${planned.environment}: testnet:environment.budget.perOwnerMonthlyUsd`,
          message: `with ${planned.stack}, the networks of ${planned.owner} (${owned.map(({ stack }) => stack).join(", ")}) would cost more than one owner may spend`,
        })
      : []),
  ];
}

/** An environment with the networks on it: its machines once, as many as they need, and what each network has of its own. Pure. */
export function environmentCost(
  environment: readonly BillLine[],
  networks: readonly (readonly BillLine[])[],
): Cost {
  return costOf([...grown(environment, networks), ...networks.flatMap(ownLines)]);
}

function overBudget(
  cost: Cost,
  limitUsd: number | undefined,
  problem: Pick<Problem, "code" | "at" | "message">,
) {
  const month = dollars(cost.total.expected.microsPerMonth);
  if (limitUsd === undefined || month <= limitUsd) return [];
  return [
    {
      ...problem,
      given: `${month.toFixed(2)} USD a month`,
      allowed: `at most ${limitUsd.toFixed(2)} USD a month`,
    },
  ];
}

function unknownProblems(stack: string, unknown: readonly string[]): Problem[] {
  if (unknown.length === 0) return [];
  return [
    {
      code: "TN2041",
      at: stack,
      message: "there is a budget, and the table of prices does not know what these cost",
      given: [...new Set(unknown)],
    },
  ];
}
