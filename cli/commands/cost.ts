import { loadStackConfig } from "../../stacks/config/file";
import { costOf, grown } from "../../stacks/cost/cost";
import { kindOf } from "../../stacks/kind";
import type { CommandContext } from "../context";
import { networksInFolder, type StackBill, stackBill } from "../cost/stack-bill";
import { costData, type CostReport, costText } from "../cost/text";

/** What a stack costs by line, from its stack file and the table of prices: no engine, no account. */
export function run(context: CommandContext): Promise<number> {
  const { directory, stack, out } = context;
  const found = kindOf(loadStackConfig(directory, stack));
  const bill = stackBill(directory, stack, found);
  if (bill === undefined) {
    const isLocal = found.kind === "local network";
    const where = isLocal ? "this machine" : "a cluster that is there already";
    const unknown = isLocal ? [] : ["machines and volumes of the cluster"];
    const nothing = costData({ stack, kind: "network", cost: costOf([], unknown), networks: [] });
    out.result(`${stack} runs on ${where}: no cloud that testnet knows charges for it.`, nothing);
    return Promise.resolve(0);
  }
  const report = found.kind === "environment" ? environmentReport(context, bill) : networkReport(stack, bill);
  out.result(costText(report), costData(report));
  return Promise.resolve(0);
}

function environmentReport({ directory, stack }: CommandContext, { charged }: StackBill): CostReport {
  const { networks, unreadable } = networksInFolder(directory, stack);
  const bills = networks.map(({ lines }) => lines);
  const unknown = unreadable.map((name) => `what ${name} needs: its stack file cannot be planned`);
  return {
    stack,
    kind: "environment",
    cost: costOf(grown(charged.lines, bills), unknown),
    networks: networks.map((network) => network.stack),
  };
}

function networkReport(stack: string, { charged, unknown }: StackBill): CostReport {
  return { stack, kind: "network", cost: costOf(charged.lines, unknown), networks: [] };
}
