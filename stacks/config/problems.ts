import type { z } from "zod";
import { type Problem, show } from "../../errors/problem";
import type { ErrorCode } from "../../errors/codes";
import { NAMESPACE } from "./schema";

/** Turns what zod found into our problems: the user's own key, the value given, what is allowed, a code. */
export function problemsOf(error: z.ZodError): Problem[] {
  return error.issues.flatMap((issue) => problemsOfIssue(issue, []));
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

function problemsOfIssue(issue: Issue, parent: Path): Problem[] {
  const path = [...parent, ...issue.path];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey([...path, key]));
    case "invalid_union":
      return unionProblems(issue, path);
    case "invalid_type":
      return [typeProblem(issue, path)];
    default:
      return [{ ...at("TN1006", path, issue.message), given: issue.input, allowed: allowedBy(issue) }];
  }
}

function unknownKey(path: Path): Problem {
  return {
    ...at("TN1003", path, `the key ${show(String(path.at(-1)))} is not known`),
    allowed: "see the keys in stacks/config/stack.schema.json",
    remedy: "Remove the key, or correct its spelling.",
  };
}

/** A discriminated union names its discriminator; of another union the branch of the given type tells most. */
function unionProblems(issue: Extract<Issue, { code: "invalid_union" }>, path: Path): Problem[] {
  if (issue.discriminator !== undefined) {
    const given = isRecord(issue.input) ? issue.input[issue.discriminator] : undefined;
    const options =
      "options" in issue && Array.isArray(issue.options) ? issue.options.map(show).join(", ") : undefined;
    const key = path.at(-1) === issue.discriminator ? path : [...path, issue.discriminator];
    if (given === undefined) return [{ ...at("TN1004", key, "the key is missing"), allowed: options }];
    return [{ ...at("TN1006", key, "not one of the choices"), given, allowed: options }];
  }
  const branches = issue.errors.map((branch) => branch.flatMap((inner) => problemsOfIssue(inner, path)));
  const rightType = branches.find((problems) => problems.every((problem) => problem.code !== "TN1005"));
  const choices = branches.flat().map((problem) => problem.allowed);
  const first = rightType?.[0] ?? branches[0]?.[0] ?? at("TN1006", path, issue.message);
  return [{ ...first, given: issue.input, allowed: [...new Set(choices)].join(", or ") }];
}

function typeProblem(issue: Extract<Issue, { code: "invalid_type" }>, path: Path): Problem {
  const allowed = TYPE_WORDS[issue.expected] ?? issue.expected;
  if (issue.input === undefined) return { ...at("TN1004", path, "the key is missing"), allowed };
  return { ...at("TN1005", path, `${allowed} is wanted here`), given: issue.input, allowed };
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  int: "a whole number",
  number: "a number",
  string: "a text",
  boolean: "true or false",
  array: "a list",
  object: "a mapping of keys",
};

function allowedBy(issue: Issue): string | undefined {
  switch (issue.code) {
    case "invalid_value":
      return issue.values.map((value) => show(value)).join(", ");
    case "too_small":
      return `at least ${String(issue.minimum)}${unitOf(issue.origin)}`;
    case "too_big":
      return `at most ${String(issue.maximum)}${unitOf(issue.origin)}`;
    case "invalid_format":
      return issue.message;
    default:
      return undefined;
  }
}

function unitOf(origin: string): string {
  if (origin === "array") return " entries";
  return origin === "string" ? " characters" : "";
}

function at(code: ErrorCode, path: Path, message: string): Problem {
  return { code, at: pathText(path), message };
}

/** `["network", "nodes", 0, "count"]` → `testnet:network.nodes[0].count`. */
export function pathText(path: Path): string {
  const text = path
    .map((part, index) =>
      typeof part === "number" ? `[${part}]` : index === 0 ? String(part) : `.${String(part)}`,
    )
    .join("");
  return `${NAMESPACE}:${text}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
