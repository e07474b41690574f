import { type BillLine, type Level, LEVELS, type Quantity } from "./bill";
import { MONTH_HOURS, monthlyUnitPrice, PRICES_DATE } from "./prices";
import { wordsOf } from "./words";

/**
 * What bills come to. Every line is rounded once, to whole millionths of a dollar a month and an hour, and totals are sums of
 * those integers: lines add up to their total exactly.
 */

/** Millionths of a US dollar: whole numbers. */
export interface Money {
  readonly microsPerHour: number;
  readonly microsPerMonth: number;
}

export interface CostLine {
  readonly bill: BillLine;
  /** The line in words, e.g. `daemons: 1 to 12 c6a.4xlarge`. */
  readonly what: string;
  /** Undefined where the table of prices does not know it: never counted as free. */
  readonly money: Readonly<Record<Level, Money>> | undefined;
}

export interface Cost {
  readonly lines: readonly CostLine[];
  /** Of the lines that have a price. */
  readonly total: Readonly<Record<Level, Money>>;
  /** What is not in the total because nobody knows its price, in words. */
  readonly unknown: readonly string[];
  /** Day of the table of prices. */
  readonly pricesOf: string;
}

const MICROS = 1_000_000;
const NOTHING: Money = { microsPerHour: 0, microsPerMonth: 0 };

/** Prices a bill. Pure. @param unknown what is known beforehand to have no price */
export function costOf(bill: readonly BillLine[], unknown: readonly string[] = []): Cost {
  const lines = bill.map(costLine);
  return {
    lines,
    total: byLevel((level) => sum(lines.flatMap(({ money }) => money?.[level] ?? []))),
    unknown: [
      ...unknown,
      ...lines.filter(({ money }) => money === undefined).map(({ bill: { of }, what }) => `${of}: ${what}`),
    ],
    pricesOf: PRICES_DATE,
  };
}

/**
 * An environment's bill with its node pools as large as the networks on it need, within `min` and `max`. Pure.
 * A pool has room for the sum of what the networks ask for, and for what the largest of them needs by itself.
 */
export function grown(
  environment: readonly BillLine[],
  networks: readonly (readonly BillLine[])[],
): BillLine[] {
  return environment.map((line) => {
    const { pool, perMachine, quantity } = line;
    if (pool === undefined || perMachine === undefined) return line;
    const needs = networks.map((network) => machinesNeeded(network, line.of, pool));
    const together = Math.ceil(needs.reduce((total, { share }) => total + share, 0));
    const machines = Math.max(together, ...needs.map(({ whole }) => whole));
    const expected = Math.min(Math.max(quantity.least, machines * perMachine), quantity.most);
    return { ...line, quantity: { ...quantity, expected } };
  });
}

/** A network's lines without its share of machines, which are its environment's. */
export function ownLines(network: readonly BillLine[]): BillLine[] {
  return network.filter(({ pool }) => pool === undefined);
}

/** Dollars with six decimals at most: what JSON holds. */
export function dollars(micros: number): number {
  return micros / MICROS;
}

function machinesNeeded(network: readonly BillLine[], cluster: string, pool: string) {
  const lines = network.filter((line) => line.of === cluster && line.pool === pool);
  const count = (of: (quantity: Quantity) => number) =>
    lines.reduce((total, { quantity }) => total + of(quantity), 0);
  return { share: count(({ expected }) => expected), whole: count(({ most }) => most) };
}

function costLine(bill: BillLine): CostLine {
  const unit = monthlyUnitPrice(bill);
  const { quantity } = bill;
  return {
    bill,
    what: wordsOf(bill),
    money: unit === undefined ? undefined : byLevel((level) => moneyOf(unit * quantity[level])),
  };
}

function moneyOf(monthUsd: number): Money {
  return {
    microsPerHour: Math.round((monthUsd * MICROS) / MONTH_HOURS),
    microsPerMonth: Math.round(monthUsd * MICROS),
  };
}

function sum(all: readonly Money[]): Money {
  return all.reduce(
    (total, { microsPerHour, microsPerMonth }) => ({
      microsPerHour: total.microsPerHour + microsPerHour,
      microsPerMonth: total.microsPerMonth + microsPerMonth,
    }),
    NOTHING,
  );
}

function byLevel<T>(of: (level: Level) => T): Record<Level, T> {
  return Object.fromEntries(LEVELS.map((level) => [level, of(level)])) as Record<Level, T>;
}
