import { TestnetError } from "../../../errors/problem";
import { STACK_TAG } from "../../list/state";

/** A resource of a cloud that carries the tag of a stack. */
export interface TaggedResource {
  readonly cloud: string;
  readonly region: string;
  /** For people: `load balancer`, `address`, `disk`, `DNS record`, `secret` … */
  readonly kind: string;
  /** How the cloud knows it: ARN, or the path of its address. */
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  /** ISO 8601; undefined where the cloud does not tell. */
  readonly created: string | undefined;
  /** Whether the inventory knows how to delete this kind. */
  readonly deletable: boolean;
}

/** What of ours is in one place of a cloud. Lists nothing without the tag of a stack. */
export interface CloudInventory {
  /** e.g. `AWS us-east-1`. */
  readonly place: string;
  /** @throws TestnetError TN2038 */
  list(): Promise<TaggedResource[]>;
  /** One that is gone is no error. @throws TestnetError TN2038 */
  delete(resource: TaggedResource): Promise<void>;
}

/** What stacks there are, wherever they are known from. */
export interface KnownStacks {
  /** Of the backend, and of the stack files at hand: keys are made before the first `up`. */
  readonly names: ReadonlySet<string>;
}

/** Younger resources may be of a run that has not written its state yet, or of keys whose stack comes later. */
export const ORPHAN_AGE_HOURS = 24;

/**
 * Resources that no stack owns. Only what carries a stack's tag can be one, and only when nobody knows a stack of that
 * name; what is young, or of no known age and a secret, stays. Pure.
 */
export function orphansAmong(
  resources: readonly TaggedResource[],
  { names }: KnownStacks,
  now: Date,
): TaggedResource[] {
  const youngest = now.getTime() - ORPHAN_AGE_HOURS * 3_600_000;
  return resources.filter(({ tags, created, kind }) => {
    const stack = tags[STACK_TAG];
    if (stack === undefined || stack === "" || names.has(stack)) return false;
    if (created !== undefined) return Date.parse(created) <= youngest;
    return kind !== "secret";
  });
}

/** The order in which they can go: what leads to something before that. Pure. */
export function deletionOrder(resources: readonly TaggedResource[]): TaggedResource[] {
  const rank = ({ kind }: TaggedResource) => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length);
  return [...resources].sort((one, other) => rank(one) - rank(other) || (one.id < other.id ? -1 : 1));
}

const ORDER = ["load balancer", "target group", "forwarding rule", "address", "disk", "secret"];

/** What a cloud said no to. */
export function inventoryRefused(
  place: string,
  action: string,
  error: unknown,
  right?: string,
): TestnetError {
  const words = (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).replace(
    /\s+/g,
    " ",
  );
  return new TestnetError(
    {
      code: "TN2038",
      at: place,
      message: `it did not ${action}: ${words.slice(0, 300)}`,
      ...(right !== undefined && { remedy: `Get the right ${right}, then run the command again.` }),
    },
    { cause: error },
  );
}
