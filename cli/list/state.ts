/** A stack's state as the engine keeps it: as much of it as is looked at here. */
export interface StackState {
  readonly stack: string;
  readonly deployment: Deployment;
  /** Tags of the stack in the backend, not those of its resources. */
  readonly tags: Readonly<Record<string, string>>;
  /** Runs that hold the stack now. */
  readonly holders: readonly Holder[];
}

export interface Deployment {
  readonly manifest?: { readonly time?: string };
  readonly resources?: readonly ResourceState[];
  readonly pending_operations?: readonly {
    readonly type: string;
    readonly resource: { readonly urn: string };
  }[];
  readonly secrets_providers?: { readonly type: string; readonly state?: Readonly<Record<string, unknown>> };
}

export interface ResourceState {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly protect?: boolean;
  /** Of a replacement that is not finished. */
  readonly delete?: boolean;
  readonly initErrors?: readonly string[];
  /** When it was made, ISO 8601. */
  readonly created?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** Who holds a stack, and since when (ISO 8601). */
export interface Holder {
  readonly who: string;
  readonly since: string;
}

const STACK_TYPE = "pulumi:pulumi:Stack";

/** The outputs of the stack itself. */
export function outputsOf({ deployment }: StackState): Readonly<Record<string, unknown>> {
  return deployment.resources?.find(({ type }) => type === STACK_TYPE)?.outputs ?? {};
}

/** What the stack is made of, without the stack itself and the providers. */
export function resourcesOf({ deployment }: StackState): readonly ResourceState[] {
  return (deployment.resources ?? []).filter(
    ({ type }) => type !== STACK_TYPE && !type.startsWith("pulumi:providers:"),
  );
}

/** Where a resource keeps our tags, by what its kind calls them. */
export function tagsOfResource({ inputs = {} }: ResourceState): Readonly<Record<string, string>> {
  const metadata = inputs["metadata"] as Readonly<Record<string, unknown>> | undefined;
  const places = [inputs["tags"], inputs["labels"], inputs["resourceLabels"], metadata?.["labels"]];
  const tagged = places.find((place) => typeof place === "object" && place !== null && STACK_TAG in place);
  return (tagged ?? {}) as Readonly<Record<string, string>>;
}

/** Tags that components/component.ts gives to every resource. */
export const STACK_TAG = "testnet-stack";
export const OWNER_TAG = "testnet-owner";
export const EXPIRES_TAG = "testnet-expires";
