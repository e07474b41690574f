import {
  type PolicyResource,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type StackValidationArgs,
  type StackValidationPolicy,
  unknownCheckingProxy,
} from "@pulumi/policy";
import { policies } from "../../../policy/policies";
import type { RuleName } from "../../../policy/names";
import type { StackFacts } from "../../../policy/stack";

/** What the engine sends in the place of a text that is not known before `up`. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The proxy that the pack's server puts around inputs: reading what is unknown throws. Its types are not published. */
const asShown = unknownCheckingProxy as unknown as (inputs: object) => Record<string, unknown>;

/** A resource as the engine shows it to a pack. */
export interface Shown {
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly urn?: string;
  readonly name?: string;
}

export const STACK: StackFacts = {
  name: "alice-qa",
  environment: "dev",
  isSelfService: false,
  peerPorts: undefined,
};

/** What a rule says of one resource, through the same proxy that the pack's server puts around inputs. */
export function judge(
  rule: RuleName,
  { type, inputs, urn = "urn", name = "name" }: Shown,
  stack: StackFacts = STACK,
  settings: object = {},
): string[] {
  const found = policies(stack).find((policy) => policy.name === rule) as ResourceValidationPolicy;
  const said: string[] = [];
  const args = {
    type,
    props: asShown(inputs),
    urn,
    name,
    getConfig: () => settings,
  } as unknown as ResourceValidationArgs;
  const validate = found.validateResource as (
    args: ResourceValidationArgs,
    report: (message: string) => void,
  ) => void;
  validate(args, (message) => said.push(message));
  return said;
}

/** What a rule says of all resources of a stack; those of `removed` are shown to it though the program has them no more. */
export function judgeStack(
  rule: RuleName,
  resources: readonly Shown[],
  removed: readonly Shown[] = [],
): string[] {
  const found = policies(STACK).find((policy) => policy.name === rule) as ResourceValidationPolicy &
    StackValidationPolicy;
  const said: string[] = [];
  const registered = resources.map((one, index) => shownIn(`urn-${index}`, one));
  const validate = found.validateResource as (args: ResourceValidationArgs) => void;
  for (const resource of registered) validate(resource as unknown as ResourceValidationArgs);
  const all = [...registered, ...removed.map((one, index) => shownIn(`removed-${index}`, one))];
  void found.validateStack(
    { resources: all, getConfig: () => ({}) } as unknown as StackValidationArgs,
    (message) => said.push(message),
  );
  return said;
}

function shownIn(urn: string, { type, inputs }: Shown): PolicyResource {
  return { type, urn, props: asShown(inputs) } as unknown as PolicyResource;
}
