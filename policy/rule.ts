import {
  type EnforcementLevel,
  type PolicyConfigSchema,
  type PolicyResource,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
  UnknownValueError,
} from "@pulumi/policy";
import type { CustomResourceOptions, Resource, Unwrap } from "@pulumi/pulumi";
import type { RuleName } from "./names";

/** The inputs of a resource. Reading one that is not known before `up` throws: see {@link known}. */
export type Props = Readonly<Record<string, unknown>>;

/** What is wrong with a resource, one sentence each without a full stop; empty is a pass. */
export type Findings = readonly string[];

/** A resource as checks see it. */
export interface Judged {
  readonly type: string;
  readonly props: Props;
}

/** A part of a rule, for resources of some types. */
export interface Check {
  readonly appliesTo: (type: string) => boolean;
  readonly find: (resource: Judged) => Findings;
}

/** A class of an SDK. It is needed for its type only: no resource is made. */
type ResourceClass<Args> = new (name: string, args: Args, options?: CustomResourceOptions) => Resource;

/** A check of one type, with the inputs as its SDK types them. */
export function of<Args>(
  resource: ResourceClass<Args>,
  find: (props: Unwrap<NonNullable<Args>>) => Findings,
): Check {
  const type = (resource as unknown as { readonly __pulumiType: string }).__pulumiType;
  return {
    appliesTo: (candidate) => candidate === type,
    find: ({ props }) => find(props as Unwrap<NonNullable<Args>>),
  };
}

/** A check of a family of types that share what is looked at. */
export function matching(types: RegExp, find: (resource: Judged) => Findings): Check {
  return { appliesTo: (type) => types.test(type), find };
}

/** What a rule is called and why it is there. */
export interface RuleText {
  readonly name: RuleName;
  readonly description: string;
  readonly enforcementLevel: EnforcementLevel;
  readonly configSchema?: PolicyConfigSchema;
}

/** A rule of single resources. What is unknown before `up` is not judged before `up`. */
export function resourceRule(text: RuleText, checks: readonly Check[]): ResourceValidationPolicy {
  return {
    ...text,
    validateResource: ({ type, props }, report) => {
      for (const check of checks) {
        if (!check.appliesTo(type)) continue;
        for (const finding of known(() => check.find({ type, props: props as Props })) ?? []) report(finding);
      }
    },
  };
}

/**
 * A rule of all resources of a stack together. A run that refreshes first shows also what it is about to remove: only
 * what the program registered in this run is judged, which the engine shows one by one before.
 */
export function stackRule(
  text: RuleText,
  find: (resources: readonly PolicyResource[]) => readonly { finding: string; urn?: string }[],
): ResourceValidationPolicy & StackValidationPolicy {
  const registered = new Set<string>();
  return {
    ...text,
    validateResource: ({ urn }) => void registered.add(urn),
    validateStack: ({ resources }, report) => {
      const own = resources.filter(({ urn }) => registered.has(urn));
      for (const { finding, urn } of known(() => find(own)) ?? []) report(finding, urn);
    },
  };
}

/** What `read` gives; undefined where it met a value that is not known before `up`. */
export function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnknownValueError) return undefined;
    throw error;
  }
}

/** What stands at a path; undefined where there is nothing. Throws where it is not known before `up`. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
    value,
  );
}

/** The items of a list; none for what is no list. Throws where one is not known before `up`. */
export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? [...(value as unknown[])] : [];
}

/** A text; undefined for what is none. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
