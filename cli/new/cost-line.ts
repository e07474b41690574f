import { loadStackConfig } from "../../stacks/config/file";
import { costOf, dollars } from "../../stacks/cost/cost";
import { kindOf } from "../../stacks/kind";
import { stackBill } from "../cost/stack-bill";

const HOURS_OF_DAY = 24;

/** What the network is expected to cost, in a line; undefined where nothing of it is charged for. */
export function costLine(directory: string, stack: string): string | undefined {
  const bill = stackBill(directory, stack, kindOf(loadStackConfig(directory, stack)));
  if (bill === undefined) return undefined;
  const { total, pricesOf } = costOf(bill.charged.lines, bill.unknown);
  const day = dollars(total.expected.microsPerHour * HOURS_OF_DAY);
  return `Costs about $${day.toFixed(2)} a day, its share of machines included (prices of ${pricesOf}; testnet cost ${stack}).`;
}
