import { deadlineOfTag, type Lifetime } from "../../stacks/lifetime";
import {
  EXPIRES_TAG,
  type Holder,
  outputsOf,
  OWNER_TAG,
  resourcesOf,
  STACK_TAG,
  type StackState,
  tagsOfResource,
} from "./state";

/** What one needs to know of a stack without opening it. Times are ISO 8601. */
export interface StackSummary {
  readonly stack: string;
  /** `empty` has no resources: everything was removed, or nothing was made yet. */
  readonly kind: "environment" | "network" | "empty";
  /** Where a network stands: `local`, an environment's stack, or the context of a kubeconfig. */
  readonly environment: string | undefined;
  readonly protocol: string | undefined;
  readonly owner: string | undefined;
  readonly created: string | undefined;
  /** `testnet:created` as it was deployed; `created` may be a guess by its oldest resource. */
  readonly createdBySettings: string | undefined;
  /** Undefined for what never expires, and where nobody knows. */
  readonly expires: string | undefined;
  /** Whether it is said that it never expires. */
  readonly kept: boolean;
  /** Whether its settings say so, or the engine refuses to delete a part of it. */
  readonly protected: boolean;
  readonly peerPorts: PeerRange | undefined;
  readonly resources: number;
  readonly updated: string | undefined;
  /** Differs whenever the state does. */
  readonly revision: string;
  /** `incomplete`: the last run was cut short, or failed in part. */
  readonly health: "up" | "incomplete" | "empty";
  readonly heldBy: Holder | undefined;
  /** Deadline that was warned of. */
  readonly warned: string | undefined;
}

/** First and last port that peers reach. */
export interface PeerRange {
  readonly from: number;
  readonly to: number;
}

/** Tags of a stack in its backend: what `extend`, `keep` and `reap` write down without a deployment. */
export const DEADLINE_TAG = "testnet:expires";
export const WARNED_TAG = "testnet:warned";

/** The summary of a state. Pure. */
export function summaryOf(state: StackState): StackSummary {
  const outputs = outputsOf(state);
  const resources = resourcesOf(state);
  const environment = mappingOf(outputs["environment"]);
  const tags = ownTags(state);
  const lifetime = lifetimeOfStack(state, tags);
  const kind = resources.length === 0 ? "empty" : isEnvironment(state) ? "environment" : "network";
  const made = resources.flatMap(({ created }) => created ?? []).sort();
  return {
    stack: state.stack,
    kind,
    environment: kind === "network" ? (textOf(outputs["standsOn"]) ?? localIf(state)) : undefined,
    protocol: textOf(outputs["protocol"]),
    owner: textOf(outputs["owner"]) ?? textOf(environment?.["owner"]) ?? tags[OWNER_TAG],
    created: lifetime.created ?? made[0],
    createdBySettings: lifetime.created ?? undefined,
    expires: lifetime.expires ?? undefined,
    kept: lifetime.kept,
    protected:
      outputs["protect"] === true ||
      (state.deployment.resources ?? []).some(({ protect }) => protect === true),
    peerPorts: rangeOf(outputs["peerPorts"]),
    resources: resources.length,
    updated: state.deployment.manifest?.time,
    revision: [state.deployment.manifest?.time, resources.length, state.tags[DEADLINE_TAG]].join(" "),
    health: healthOf(state, kind),
    heldBy: state.holders[0],
    warned: state.tags[WARNED_TAG],
  };
}

/** Our tags, from any resource that has them: known even where the first `up` failed before it told its outputs. */
function ownTags(state: StackState): Readonly<Record<string, string>> {
  for (const resource of resourcesOf(state)) {
    const tags = tagsOfResource(resource);
    if (tags[STACK_TAG] === state.stack) return tags;
  }
  return {};
}

/** What was said last of a stack's end: by its outputs or by `extend` and `keep`. Of two deadlines the later one holds. */
function lifetimeOfStack(state: StackState, tags: Readonly<Record<string, string>>): Lifetime {
  const outputs = outputsOf(state);
  const told = mappingOf(outputs["lifetime"]) as Partial<Lifetime> | undefined;
  const document = mappingOf(outputs["environment"]);
  const tag = textOf(document?.["expires"]) ?? tags[EXPIRES_TAG];
  const deployed = told?.expires ?? (tag === undefined ? undefined : deadlineOfTag(tag)?.toISOString());
  const extended = state.tags[DEADLINE_TAG];
  const kept = told?.kept === true || extended === "never" || (told === undefined && tag === "never");
  const deadlines = [deployed, extended]
    .filter((deadline) => deadline !== undefined && !Number.isNaN(Date.parse(deadline)))
    .sort((one, other) => Date.parse(one as string) - Date.parse(other as string));
  return { created: told?.created ?? null, expires: kept ? null : (deadlines.at(-1) ?? null), kept };
}

/** Parts that only environments have: clusters, or the document they tell. */
function isEnvironment(state: StackState): boolean {
  if (mappingOf(outputsOf(state)["environment"]) !== undefined) return true;
  return resourcesOf(state).some(({ type }) => /^testnet:(aws:EksCluster|gcp:GkeCluster)$/.test(type));
}

function localIf(state: StackState): string | undefined {
  return resourcesOf(state).some(({ type }) => type === "testnet:local:Network") ? "local" : undefined;
}

function healthOf({ deployment }: StackState, kind: StackSummary["kind"]): StackSummary["health"] {
  if (kind === "empty") return "empty";
  const stack = deployment.resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
  const unfinished =
    (deployment.pending_operations ?? []).length > 0 ||
    Object.keys(stack?.outputs ?? {}).length === 0 ||
    (deployment.resources ?? []).some((one) => one.delete === true || (one.initErrors ?? []).length > 0);
  return unfinished ? "incomplete" : "up";
}

function mappingOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const is = typeof value === "object" && value !== null && !Array.isArray(value);
  return is ? (value as Readonly<Record<string, unknown>>) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function rangeOf(value: unknown): PeerRange | undefined {
  const { from, to } = mappingOf(value) ?? {};
  return typeof from === "number" && typeof to === "number" && from > 0 ? { from, to } : undefined;
}
