import type { PreviewChange, PreviewRecord } from "../preview/record";
import { code } from "./foreign";
import type { Page } from "./page";

type Operation = PreviewChange["operation"];

/** What is lost comes first. */
const OPERATIONS: readonly Operation[] = ["replace", "delete", "create", "update"];

const SIGNS: Readonly<Record<Operation, string>> = {
  replace: "🔴 replace",
  delete: "🔴 delete",
  create: "create",
  update: "update",
};

/** Properties named for one resource. */
const MOST_PROPERTIES = 6;
const LONGEST_NAME = 120;

/** The first line: whether it would go through, and what would happen. */
export function headline({ stack, ok, changes, problems, policy }: PreviewRecord): string {
  const found = OPERATIONS.map((operation) => [operation, countOf(changes, operation)] as const);
  const words = found.filter(([, many]) => many > 0).map(([operation, many]) => `${many} to ${operation}`);
  const broken = (policy?.violations ?? []).filter(({ level }) => level === "mandatory").length;
  const refused = [
    ...(problems.length > 0 ? [count(problems.length, "problem")] : []),
    ...(broken > 0 ? [count(broken, "broken policy", "broken policies")] : []),
  ];
  const why = refused.length > 0 ? `: ${refused.join(", ")}` : "";
  return `### ${ok ? "✅" : "❌"} ${code(stack)}: ${words.join(", ") || "nothing to change"}${ok ? "" : ` (\`up\` would be refused${why})`}`;
}

/** One change, on one line. */
export function changeRow({ operation, type, name, properties, replaceProperties }: PreviewChange): string {
  const forced = new Set(replaceProperties);
  const others = properties.filter((property) => !forced.has(property));
  const why = [
    ...(replaceProperties.length > 0 ? [`because of ${some(replaceProperties)}`] : []),
    ...(others.length > 0 ? [some(others)] : []),
  ];
  const more = why.length === 0 ? "" : `: ${why.join("; ")}`;
  return `- ${SIGNS[operation]} ${code(name, LONGEST_NAME)} ${code(type, LONGEST_NAME)}${more}`;
}

export function operationsTable({ changes, unchanged }: PreviewRecord): string[] {
  return [
    "| replace | delete | create | update | unchanged |",
    "| ---: | ---: | ---: | ---: | ---: |",
    `| ${[...OPERATIONS.map((operation) => countOf(changes, operation)), unchanged].join(" | ")} |`,
  ];
}

/** What changes, counted by type. */
export function typesTable(page: Page, changes: readonly PreviewChange[]): void {
  const types = [...new Set(changes.map(({ type }) => type))];
  const rows = types
    .map((type) => ({ type, of: changes.filter((change) => change.type === type) }))
    .sort((one, other) => other.of.length - one.of.length || (one.type < other.type ? -1 : 1))
    .map(
      ({ type, of }) =>
        `| ${code(type, LONGEST_NAME)} | ${OPERATIONS.map((operation) => countOf(of, operation) || "").join(" | ")} |`,
    );
  page.add("| type | replace | delete | create | update |", "| :--- | ---: | ---: | ---: | ---: |");
  page.addRows(rows, 0.3, (left) => `| and ${count(left, "type")} more | | | | |`);
  page.add("");
}

/** Ends a list that found no room. */
export function leftOut(left: number): string {
  return `- … and ${left} more: see the full text, kept with the run.`;
}

/** A number with its noun. */
export function count(many: number, noun: string, nouns = `${noun}s`): string {
  return `${many} ${many === 1 ? noun : nouns}`;
}

function some(properties: readonly string[]): string {
  const shown = properties.slice(0, MOST_PROPERTIES).map((property) => code(property, LONGEST_NAME));
  const left = properties.length - shown.length;
  return `${shown.join(", ")}${left > 0 ? ` and ${left} more` : ""}`;
}

function countOf(changes: readonly PreviewChange[], wanted: Operation): number {
  return changes.filter(({ operation }) => operation === wanted).length;
}
