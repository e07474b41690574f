import { type BillLine, readCostOutput } from "../../stacks/cost/bill";
import type { ChargedStack } from "../../stacks/cost/budget";
import { type Cost, costOf } from "../../stacks/cost/cost";
import { outputsOf, resourcesOf, type StackState } from "../list/state";

/** What running stacks tell of their cost, in the state that the backend keeps of them. Pure. */

/** The bill that a stack was deployed with: empty where nothing runs, undefined where it tells nothing. */
export function runningBill(state: StackState | undefined): readonly BillLine[] | undefined {
  if (state === undefined || resourcesOf(state).length === 0) return [];
  if (isOfThisMachine(state)) return [];
  return readCostOutput(outputsOf(state)["cost"])?.lines;
}

/** What a running stack costs; undefined where it tells nothing. A network's share of its environment's machines is in it. */
export function runningCost(state: StackState): Cost | undefined {
  const lines = runningBill(state);
  return lines === undefined ? undefined : costOf(lines);
}

/** The networks that run on an environment, with the names of those that do not tell their cost. */
export function networksOn(
  environment: string,
  states: readonly StackState[],
): { readonly networks: readonly ChargedStack[]; readonly silent: readonly string[] } {
  const there = states.filter(
    (state) =>
      state.stack !== environment &&
      outputsOf(state)["standsOn"] === environment &&
      resourcesOf(state).length > 0,
  );
  const told = there.map((state) => ({ stack: state.stack, cost: readCostOutput(outputsOf(state)["cost"]) }));
  return {
    networks: told.flatMap(({ stack, cost }) => (cost === undefined ? [] : [{ stack, ...cost }])),
    silent: told.filter(({ cost }) => cost === undefined).map(({ stack }) => stack),
  };
}

function isOfThisMachine(state: StackState): boolean {
  return resourcesOf(state).some(({ type }) => type === "testnet:local:Network");
}
