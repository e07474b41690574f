import type { Properties } from "../../plugin/provider";
import { CloudError, type Format, type Made, type Model } from "../cloud/model";
import type { Site } from "../cloud/record";

/** What the models of AWS share. */

/** A model with what holds for every type of AWS: the rules of tags, and a region that cannot change. */
export function model(definition: Model): Model {
  const { replacedBy } = definition;
  return {
    ...definition,
    formats: { tags, ...definition.formats },
    replacedBy: replacedBy === "all" ? "all" : ["region", ...replacedBy],
  };
}

const tags: Format = (value) => {
  const entries = Object.entries(value as Record<string, string>);
  if (entries.length > 50) return `expected number of tags to be at most 50, got ${entries.length}`;
  const wrong = entries.find(
    ([key, text]) => key === "" || key.length > 128 || text.length > 256 || /^aws:/i.test(key),
  );
  return (
    wrong &&
    `the tag ${JSON.stringify(wrong[0])} is not valid: keys of 1 to 128 characters that do not begin with aws:, values of at most 256`
  );
};

export function arn(service: string, site: Site, resource: string): string {
  const region = site.region === "global" ? "" : site.region;
  return `arn:aws:${service}:${region}:${site.account}:${resource}`;
}

/** An id such as `vpc-0a1b2c3d4e5f67890`. */
export function hexId(prefix: string): (made: Made) => string {
  return ({ hex }) => `${prefix}-0${hex("id", 16)}`;
}

export const isArn: Format = (value) =>
  /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12}|aws)?:.+/.test(String(value))
    ? undefined
    : `"${String(value)}" is an invalid ARN`;

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

/** A moment of the rehearsal as the cloud writes it; the rehearsal begins at a fixed one. */
export function timestamp(made: Made): string {
  return new Date(Date.UTC(2026, 0, 1) + made.createdAt * 1000).toISOString().replace(/\.\d+Z$/, "Z");
}

export function dependencyViolation(message: string): CloudError {
  return new CloudError("DependencyViolation", message);
}

/** A policy document of JSON, which some SDK types allow to be an object. */
export function policy(value: unknown): { statements: Properties[] } {
  const document = typeof value === "string" ? (JSON.parse(value) as Properties) : object(value);
  const { Statement: statement } = document;
  return { statements: (Array.isArray(statement) ? statement : [statement]).map(object) };
}

/** Whether a role may be assumed by a service. */
export function trusts(role: Properties, service: string): boolean {
  return policy(role["assumeRolePolicy"]).statements.some((statement) => {
    const principal = object(statement["Principal"])["Service"];
    return statement["Effect"] === "Allow" && [principal].flat().includes(service);
  });
}
