import { type Problem, show } from "../../errors/problem";
import type { PreviewCost, PreviewPolicy } from "../preview/record";
import { count, leftOut } from "./changes";
import { code } from "./foreign";
import type { Page } from "./page";

const HOURS_A_MONTH = 730;

/** What stood in the way, each with its code. */
export function problemLines(page: Page, problems: readonly Problem[], share: number): void {
  if (problems.length === 0) return;
  page.add(`**${count(problems.length, "problem")}:**`, "");
  page.addRows(problems.map(problemRow), share, leftOut);
  page.add("");
}

function problemRow({ code: number, at, message, given, allowed, remedy }: Problem): string {
  return [
    `- **${number}** ${at === undefined ? "" : `${code(at)}: `}${code(message)}`,
    ...(given === undefined ? [] : [`given: ${code(show(given))}`]),
    ...(allowed === undefined ? [] : [`allowed: ${code(allowed)}`]),
    ...(remedy === undefined ? [] : [`to do: ${code(remedy)}`]),
  ].join("<br>");
}

/** What it costs, and what more or less than now. What has no price is said, never counted as free. */
export function costLines(page: Page, cost: PreviewCost | undefined): void {
  if (cost === undefined) return;
  const { currentPerHourUsd, plannedPerHourUsd, differencePerMonthUsd, unknown, pricesOf } = cost;
  const row = (title: string, hour: number, month: number, sign = false) =>
    `| ${title} | ${money(hour, sign)} | ${money(month, sign)} |`;
  page.add(
    "| cost, US$ | an hour | a month |",
    "| :--- | ---: | ---: |",
    row("now", currentPerHourUsd, currentPerHourUsd * HOURS_A_MONTH),
    row("planned", plannedPerHourUsd, plannedPerHourUsd * HOURS_A_MONTH),
    row("**difference**", plannedPerHourUsd - currentPerHourUsd, differencePerMonthUsd, true),
    "",
    `Prices of ${code(pricesOf, 30)}, a month of ${HOURS_A_MONTH} hours.`,
    "",
  );
  if (unknown.length === 0) return;
  page.add(`**Not counted, because their price is not known (${unknown.length}):**`, "");
  page.addRows(
    unknown.map((what) => `- ${code(what)}`),
    0.1,
    leftOut,
  );
  page.add("");
}

/** What policy says; mandatory rules that are broken first. */
export function policyLines(page: Page, policy: PreviewPolicy | undefined): void {
  if (policy === undefined) {
    page.add("Policy: not asked.", "");
    return;
  }
  const { pack, violations } = policy;
  if (violations.length === 0) {
    page.add(`Policy ${code(pack)}: every rule holds.`, "");
    return;
  }
  const sorted = [
    ...violations.filter(({ level }) => level === "mandatory"),
    ...violations.filter(({ level }) => level === "advisory"),
  ];
  page.add(`**Policy ${code(pack)}: ${count(violations.length, "finding")}:**`, "");
  page.addRows(
    sorted.map(({ policy: rule, level, urn, message }) => {
      const where = urn === undefined ? "" : ` ${code(urn.slice(urn.lastIndexOf("::") + 2) || urn)}`;
      return `- ${level === "mandatory" ? "❌" : "⚠️"} ${level} ${code(rule)}${where}: ${code(message)}`;
    }),
    0.4,
    leftOut,
  );
  page.add("");
}

function money(amount: number, sign: boolean): string {
  const text = Math.abs(amount).toFixed(2);
  const mark = amount < 0 && Number(text) !== 0 ? "−" : sign && Number(text) !== 0 ? "+" : "";
  return `${mark}${text}`;
}
