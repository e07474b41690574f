import type { BillLine } from "../../stacks/cost/bill";
import { type Cost, costOf, dollars, grown } from "../../stacks/cost/cost";
import type { PreviewCost } from "./record";

/** What a preview compares. */
export interface CostComparison {
  /** The bill of what runs now: empty where nothing does, undefined where it told nothing. */
  readonly current: readonly BillLine[] | undefined;
  readonly planned: readonly BillLine[];
  /** What of the plan has no price, in words. */
  readonly unknown: readonly string[];
  /** Bills of the networks on it, which an environment's node pools grow for; of a network none. */
  readonly networks: readonly (readonly BillLine[])[];
}

/** What changes in cost, at one table of prices, so that a new table is no difference. Pure. */
export function previewCost({ current, planned, unknown, networks }: CostComparison): PreviewCost {
  const before = costOf(grown(current ?? [], networks));
  const after = costOf(grown(planned, networks), unknown);
  const silent = current === undefined ? ["what runs now: it tells its cost after the next `up`"] : [];
  return {
    currentPerHourUsd: hourOf(before),
    plannedPerHourUsd: hourOf(after),
    differencePerMonthUsd: dollars(monthMicros(after) - monthMicros(before)),
    unknown: [...new Set([...silent, ...before.unknown, ...after.unknown])],
    pricesOf: after.pricesOf,
  };
}

function hourOf({ total }: Cost): number {
  return dollars(total.expected.microsPerHour);
}

function monthMicros({ total }: Cost): number {
  return total.expected.microsPerMonth;
}
