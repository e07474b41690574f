import { formatProblems } from "../../errors/problem";
import type { Output } from "../ui/output";
import type { PreviewChange, PreviewCost, PreviewPolicy, PreviewRecord } from "./record";

/** Lines of one kind of change before the rest is counted: what is lost is named longer than what is made. */
const MOST_LINES = { delete: 100, replace: 100, update: 30 } as const;

/** Paths of properties named for one resource. */
const MOST_PATHS = 4;

/** Tells a person what a preview found: first, in red, what would be deleted or replaced. Writes to stderr. */
export function tellChanges(out: Output, record: PreviewRecord): void {
  changeLines(record.changes).forEach(({ text, lost }) => out.say(lost ? out.style("red", text) : text));
}

/** What it costs, what policy says, what stands in the way. Writes to stderr. */
export function tellJudgement(out: Output, { cost, policy, problems }: PreviewRecord): void {
  if (cost !== undefined) costLines(cost).forEach((line) => out.say(line));
  if (policy !== undefined) {
    policyLines(policy).forEach(({ text, broken }) => out.say(out.style(broken ? "red" : "yellow", text)));
  }
  if (problems.length > 0) out.say(out.style("red", formatProblems(problems)));
}

/** One line of a result: how many changes of each kind. */
export function summaryLine({ stack, changes }: PreviewRecord): string {
  const words = (["delete", "replace", "update", "create"] as const).flatMap((operation) => {
    const count = of(changes, operation).length;
    return count === 0 ? [] : [`${count} to ${operation}`];
  });
  return `${stack}: ${words.join(", ") || "nothing to change"}`;
}

/** Whether something that is there would be lost. */
export function losesSomething({ changes }: Pick<PreviewRecord, "changes">): boolean {
  return changes.some(({ operation }) => operation === "delete" || operation === "replace");
}

interface ChangeLine {
  readonly text: string;
  /** Whether something is deleted or replaced. */
  readonly lost: boolean;
}

/** Changes in words. Pure. */
export function changeLines(changes: readonly PreviewChange[]): ChangeLine[] {
  return [
    ...named(of(changes, "delete"), "- delete ", "delete"),
    ...named(of(changes, "replace"), "± REPLACE", "replace"),
    ...named(of(changes, "update"), "~ update ", "update"),
    ...byType(of(changes, "create")),
  ];
}

function named(changes: readonly PreviewChange[], sign: string, kind: keyof typeof MOST_LINES): ChangeLine[] {
  const lost = kind !== "update";
  const shown = changes.slice(0, MOST_LINES[kind]);
  const left = changes.length - shown.length;
  return [
    ...shown.map((change) => ({
      text: `  ${sign} ${change.name}  ${shortType(change.type)}${pathsOf(change)}`,
      lost,
    })),
    ...(left > 0 ? [{ text: `  ${sign} ${left} more of ${countTypes(changes.slice(-left))}`, lost }] : []),
  ];
}

function byType(creates: readonly PreviewChange[]): ChangeLine[] {
  return [...counts(creates)].map(([type, count]) => ({
    text: `  + create  ${count} ${shortType(type)}`,
    lost: false,
  }));
}

function pathsOf({ operation, properties, replaceProperties }: PreviewChange): string {
  const paths = operation === "replace" && replaceProperties.length > 0 ? replaceProperties : properties;
  if (paths.length === 0) return "";
  const left = paths.length - MOST_PATHS;
  const words = [...paths.slice(0, MOST_PATHS), ...(left > 0 ? [`${left} more`] : [])].join(", ");
  return operation === "replace" ? `  because of ${words}` : `  ${words}`;
}

function countTypes(changes: readonly PreviewChange[]): string {
  const types = [...counts(changes).keys()].map(shortType);
  return types.length > 5 ? `${types.length} types` : types.join(", ");
}

/** How many changes there are of each type, in order of the types' names. */
function counts(changes: readonly PreviewChange[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const { type } of changes) found.set(type, (found.get(type) ?? 0) + 1);
  return found;
}

/** `aws:lb/loadBalancer:LoadBalancer` is `aws:lb:LoadBalancer` to a person. */
function shortType(type: string): string {
  return type.replace(/\/[^:]*/, "");
}

function of(changes: readonly PreviewChange[], operation: PreviewChange["operation"]): PreviewChange[] {
  return changes.filter((change) => change.operation === operation);
}

/** The cost of a preview in words. Pure. */
export function costLines(cost: PreviewCost): string[] {
  const { currentPerHourUsd, plannedPerHourUsd, differencePerMonthUsd, unknown, pricesOf } = cost;
  const sign = differencePerMonthUsd < 0 ? "-" : "+";
  const difference =
    differencePerMonthUsd === 0
      ? "no difference"
      : `${sign}$${cents(Math.abs(differencePerMonthUsd))} a month`;
  return [
    `  Cost: $${hourly(plannedPerHourUsd)} an hour, now $${hourly(currentPerHourUsd)}: ${difference} (list prices of ${pricesOf})`,
    ...unknown.map((what) => `  ! not in it, because nobody knows what it costs: ${what}`),
  ];
}

function cents(value: number): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

function hourly(value: number): string {
  return value.toFixed(3);
}

function policyLines({ pack, violations }: PreviewPolicy): { text: string; broken: boolean }[] {
  return violations.map(({ policy, level, urn, message }) => ({
    text: `  ${level === "mandatory" ? "✗" : "!"} ${pack}: ${policy}${urn === undefined ? "" : ` (${urn.split("::").at(-1) ?? urn})`}: ${message}`,
    broken: level === "mandatory",
  }));
}
