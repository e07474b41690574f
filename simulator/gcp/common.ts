import type { Properties } from "../../plugin/provider";
import { matching } from "../cloud/formats";
import { CloudError, type Format, type Made, type Model } from "../cloud/model";

/** What the models of GCP share. */

/** A model with what holds for every type of GCP: the rules of labels, and a project that cannot change. */
export function model(definition: Model): Model {
  const { replacedBy } = definition;
  return {
    ...definition,
    formats: { labels, resourceLabels: labels, ...definition.formats },
    replacedBy: replacedBy === "all" ? "all" : ["project", ...replacedBy],
  };
}

const labels: Format = (value) => {
  const entries = Object.entries(value as Record<string, string>);
  if (entries.length > 64) return `at most 64 labels are allowed, got ${entries.length}`;
  const wrong = entries.find(
    ([key, text]) => !/^[a-z][a-z0-9_-]{0,62}$/.test(key) || !/^[a-z0-9_-]{0,63}$/.test(text),
  );
  return (
    wrong &&
    `the label ${JSON.stringify(wrong[0])}: ${JSON.stringify(wrong[1])} is not valid: keys and values of at most 63 lower-case letters, digits, underscores and hyphens, keys begin with a letter`
  );
};

/** Names of most resources (RFC 1035). */
export function isName(longest = 63): Format {
  return matching(
    new RegExp(`^[a-z]([-a-z0-9]{0,${longest - 2}}[a-z0-9])?$`),
    `1 to ${longest} lower-case letters, digits and hyphens, beginning with a letter`,
  );
}

export const NAMED = ["id", "name", "selfLink"];

export function text(inputs: Properties, name: string): string {
  const value = inputs[name];
  return typeof value === "string" ? value : "";
}

export function object(value: unknown): Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Properties) : {};
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function strings(value: unknown): string[] {
  return list(value).map(String);
}

/** `projects/P/global/KIND/NAME` or `projects/P/regions/R/KIND/NAME`. */
export function computeId(kind: string): (made: Made) => string {
  return ({ inputs, site }) => {
    const place = site.region === "global" ? "global" : `regions/${site.region}`;
    return `projects/${site.account}/${place}/${kind}/${text(inputs, "name")}`;
  };
}

export function selfLink(id: string): string {
  return `https://www.googleapis.com/compute/v1/${id}`;
}

/** The cloud has one of this name. */
export function alreadyExists(id: string): CloudError {
  return new CloudError("alreadyExists", `The resource '${id}' already exists`, 409);
}

export function notFound(kind: string): (value: string) => CloudError {
  return (value) => new CloudError("notFound", `The resource '${kind}/${value}' was not found`, 404);
}

export function inUse({ id }: Made, users: readonly { readonly id: string }[]): CloudError {
  const [first] = users;
  return new CloudError(
    "resourceInUseByAnotherResource",
    `The resource '${id}' is already being used by '${first?.id ?? ""}'`,
  );
}

/** A moment of the rehearsal as the cloud writes it; the rehearsal begins at a fixed one. */
export function timestamp(made: Made): string {
  return new Date(Date.UTC(2026, 0, 1) + made.createdAt * 1000).toISOString();
}

export function decimal(made: Made, label: string): string {
  return String(BigInt(`0x${made.hex(label, 15)}`)).padStart(18, "1");
}

/** The number of a project, the same for one name. */
export function projectNumber(project: string): string {
  const sum = Buffer.from(project).reduce((value, byte) => (value * 31 + byte) % 1e11, 7);
  return String(1e11 + sum);
}
