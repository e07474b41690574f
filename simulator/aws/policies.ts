import type { Properties } from "../../plugin/provider";
import { object, policy, strings } from "./common";

/** What somebody wants to do, and what is known of who asks. */
export interface Request {
  readonly action: string;
  /** Absent for the policy of a role, which is about the role itself. */
  readonly resource?: string;
  /** Condition keys such as `aws:PrincipalTag/kubernetes-namespace`. */
  readonly context: Readonly<Record<string, string>>;
}

/** Whether the statements of policies allow it: one must, and none may deny it. */
export function allows(documents: readonly unknown[], request: Request): boolean {
  const hits = documents
    .flatMap((document) => policy(document).statements)
    .filter((one) => matches(one, request));
  return hits.some(isAllow) && hits.every(isAllow);
}

function isAllow(statement: Properties): boolean {
  return statement["Effect"] === "Allow";
}

function matches(statement: Properties, { action, resource, context }: Request): boolean {
  const actions = texts(statement["Action"]);
  if (!actions.some((pattern) => isLike(action.toLowerCase(), pattern.toLowerCase()))) return false;
  const resources = texts(statement["Resource"]);
  if (resource !== undefined && !resources.some((pattern) => isLike(resource, pattern, context))) {
    return false;
  }
  return Object.entries(object(statement["Condition"])).every(([operator, keys]) =>
    Object.entries(object(keys)).every(([key, value]) =>
      holds(operator, context[key], texts(value), context),
    ),
  );
}

/** An operator that is not known here holds nowhere: better refused than let through. */
function holds(
  operator: string,
  given: string | undefined,
  wanted: readonly string[],
  context: Request["context"],
): boolean {
  if (given === undefined) return false;
  switch (operator) {
    case "StringEquals":
      return wanted.some((one) => filled(one, context) === given);
    case "StringLike":
    case "ArnEquals":
    case "ArnLike":
      return wanted.some((one) => isLike(given, one, context));
    default:
      return false;
  }
}

/** `*` stands for anything, `?` for one character, `${key}` for a value of the context. */
function isLike(text: string, pattern: string, context: Request["context"] = {}): boolean {
  const expression = pattern
    .split(/(\$\{[^}]*\}|\*|\?)/)
    .map((part) => {
      if (part === "*") return ".*";
      if (part === "?") return ".";
      // What is not known fits nothing.
      if (part.startsWith("${")) return escaped(context[part.slice(2, -1)] ?? "\u0000");
      return escaped(part);
    })
    .join("");
  return new RegExp(`^${expression}$`, "s").test(text);
}

function filled(text: string, context: Request["context"]): string {
  return text.replace(/\$\{([^}]*)\}/g, (_, key: string) => context[key] ?? "\u0000");
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function texts(value: unknown): string[] {
  return strings([value ?? []].flat());
}
