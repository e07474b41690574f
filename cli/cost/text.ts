import { type Cost, type CostLine, dollars, type Money } from "../../stacks/cost/cost";
import { LEVELS, type Level } from "../../stacks/cost/bill";
import { MONTH_HOURS } from "../../stacks/cost/prices";
import { table } from "../ui/table";

/** A stack's cost as a person reads it and as a program does. */
export interface CostReport {
  readonly stack: string;
  readonly kind: "environment" | "network";
  readonly cost: Cost;
  /** Of an environment: networks of the stack files that its node pools were made large enough for. */
  readonly networks: readonly string[];
}

/** The cost by line, for a person. Pure. */
export function costText({ stack, kind, cost, networks }: CostReport): string {
  const columns =
    kind === "environment" ? (["least", "expected", "most"] as const) : (["expected", "most"] as const);
  const rows = cost.lines.map(({ bill, what, money }) => [
    bill.of,
    what,
    ...columns.map((level) => (money === undefined ? "not known" : monthText(money[level]))),
  ]);
  const total = ["", "TOTAL", ...columns.map((level) => monthText(cost.total[level]))];
  const hour = [
    "",
    "an hour",
    ...columns.map((level) => dollars(cost.total[level].microsPerHour).toFixed(3)),
  ];
  return [
    `${stack}: US dollars a month of ${MONTH_HOURS} hours, list prices of ${cost.pricesOf} (an estimate: docs/costs.md)`,
    "",
    table(["OF", "LINE", ...columns.map((level) => HEADS[kind][level])], [...rows, total, hour]),
    "",
    ...notes(kind, networks),
    ...cost.unknown.map((what) => `! not in the total, because nobody knows what it costs: ${what}`),
  ].join("\n");
}

/** The cost as JSON: amounts in dollars, with six decimals at most, that add up to their totals. Pure. */
export function costData({ stack, kind, cost, networks }: CostReport): object {
  return {
    version: 1,
    stack,
    kind,
    currency: "USD",
    pricesOf: cost.pricesOf,
    hoursPerMonth: MONTH_HOURS,
    lines: cost.lines.map(lineData),
    total: levels((level) => moneyData(cost.total[level])),
    unknown: cost.unknown,
    networks,
  };
}

function lineData({ bill, what, money }: CostLine): object {
  const { of, item, cloud, region, pool, machine, quantity } = bill;
  return {
    ...{ of, what, item, cloud, region },
    ...(pool !== undefined && { pool }),
    ...(machine !== undefined && { machine }),
    quantity,
    // A line without a price has no amounts: it is not free.
    known: money !== undefined,
    ...(money !== undefined && levels((level) => moneyData(money[level]))),
  };
}

function moneyData({ microsPerHour, microsPerMonth }: Money): object {
  return { perHourUsd: dollars(microsPerHour), perMonthUsd: dollars(microsPerMonth) };
}

function levels(of: (level: Level) => object): object {
  return Object.fromEntries(LEVELS.map((level) => [level, of(level)]));
}

const HEADS = {
  environment: { least: "AT FIRST", expected: "EXPECTED", most: "AT MOST" },
  network: { least: "", expected: "EXPECTED", most: "ALONE" },
} as const;

function notes(kind: CostReport["kind"], networks: readonly string[]): string[] {
  if (kind === "network") {
    return [
      "Machines are the environment's: what stands here is the network's share of them by what its pods ask for;",
      "ALONE counts whole machines, as if no other network ran on them.",
    ];
  }
  const on = networks.length === 0 ? "no network" : networks.join(", ");
  return [
    `EXPECTED has node pools as large as the networks of the stack files here need (${on}). Their own lines`,
    "(volumes, load balancers, traffic) are not in it: `testnet cost NETWORK` tells them.",
  ];
}

function monthText({ microsPerMonth }: Money): string {
  return dollars(microsPerMonth).toLocaleString("en-US", {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
}
