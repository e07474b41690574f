import type { z } from "zod";
import type { CodedIssue } from "./coded";
import { keysAt } from "./json-schema";
import { nearest } from "./nearest";
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
    case "custom":
      return [customProblem(issue, path)];
    default:
      return [{ ...at("TN1006", path, "the value is not allowed"), given: issue.input, ...allowedBy(issue) }];
  }
}

/** A check of ours brings its code and words with it (coded.ts). */
function customProblem(issue: Extract<Issue, { code: "custom" }>, path: Path): Problem {
  const { problemCode, allowed, remedy } = (issue.params ?? {}) as Partial<CodedIssue>;
  if (problemCode === undefined) {
    return { ...at("TN1006", path, "the value is not allowed"), given: issue.input, allowed: issue.message };
  }
  return { ...at(problemCode, path, issue.message), given: issue.input, allowed, remedy };
}

function unknownKey(path: Path): Problem {
  const key = String(path.at(-1));
  const allowed = keysAt(path.slice(0, -1));
  const meant = nearest(key, allowed);
  return {
    ...at("TN1003", path, `the key ${show(key)} is not known`),
    ...(allowed.length > 0 && { allowed: allowed.join(", ") }),
    ...(meant !== undefined && {
      remedy: `Write \`${meant}\` if that is what was meant, or remove the key.`,
    }),
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
  if (issue.input === undefined) {
    return [{ ...at("TN1004", path, "the key is missing"), allowed: "a text or a mapping of keys" }];
  }
  const branches = issue.errors.map((branch) => branch.flatMap((inner) => problemsOfIssue(inner, path)));
  const [meant, ...others] = branches.filter(
    (problems) => !problems.some((each) => isOfOtherType(each, path)),
  );
  if (meant !== undefined && others.length === 0) return meant;
  const wrongType = branches.every((problems) => problems.some((problem) => problem.code === "TN1005"));
  const choices = [...new Set(branches.flat().map((problem) => problem.allowed))].join(", or ");
  const [code, message] = wrongType
    ? (["TN1005", "a value of another type is wanted here"] as const)
    : (["TN1006", "not one of the choices"] as const);
  return [{ ...at(code, path, message), given: issue.input, allowed: choices }];
}

/** Whether the whole value is of another type than the branch takes. */
function isOfOtherType({ code, at: where }: Problem, path: Path): boolean {
  return code === "TN1005" && where === pathText(path);
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

function allowedBy(issue: Issue): Pick<Problem, "allowed"> {
  switch (issue.code) {
    case "invalid_value":
      return { allowed: issue.values.map((value) => show(value)).join(", ") };
    case "too_small":
      return { allowed: `at least ${String(issue.minimum)}${unitOf(issue.origin)}` };
    case "too_big":
      return { allowed: `at most ${String(issue.maximum)}${unitOf(issue.origin)}` };
    default:
      return { allowed: issue.message };
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
