import * as pulumi from "@pulumi/pulumi";

/** What every resource of a stack carries, and how carefully it is kept. */
export interface Identity {
  /** Name of the stack. */
  readonly stack: string;
  /** Who answers for it: a label, `[a-z0-9-]`. */
  readonly owner: string;
  /** `never`, or when it may be removed: a day `2026-12-31`, or a minute `2026-12-31t08-00z`. */
  readonly expires: string;
  /** Whether what cannot be made again is guarded against removal. */
  readonly protect: boolean;
}

/** Tags of AWS, labels of GCP and of Kubernetes objects: keys and values are allowed by all three. */
export function tagsOf({ stack, owner, expires }: Identity): Record<string, string> {
  return { "testnet-stack": stack, "testnet-owner": owner, "testnet-expires": expires };
}

/**
 * Whether losing it loses more than the time to make it again.
 * - `stateful`: holds what nothing else holds (records, files, images, secrets, encryption keys) or all that stands on it
 * - `replaceable`: `up` makes it again
 */
export type Keeping = "stateful" | "replaceable";

/**
 * The one policy of what is guarded. In a protected environment the engine refuses to delete what is stateful, and leaves
 * it in the cloud should it vanish from the program; the clouds' own guards (deletion protection, recovery windows) are on.
 * To remove such an environment, set `protect: false`, run `up`, then destroy it.
 */
export function keepingOptions(
  identity: Identity,
  keeping: Keeping,
): Pick<pulumi.CustomResourceOptions, "protect" | "retainOnDelete"> {
  const guarded = identity.protect && keeping === "stateful";
  return { protect: guarded, retainOnDelete: guarded };
}

/** Base of our components: four arguments to `super`, tags for every child, options for every child from one place. */
export abstract class TestnetComponent extends pulumi.ComponentResource {
  constructor(
    type: string,
    name: string,
    protected readonly identity: Identity,
    opts: pulumi.ComponentResourceOptions | undefined,
  ) {
    super(type, name, {}, opts);
  }

  /** Tags or labels of a child. */
  protected get tags(): Record<string, string> {
    return tagsOf(this.identity);
  }

  /** Tags of a child that consoles show by its `Name`. */
  protected named(name: string): Record<string, string> {
    return { Name: name, ...this.tags };
  }

  /** For what takes neither tags nor labels. */
  protected get description(): string {
    const { stack, owner, expires } = this.identity;
    return `testnet ${stack}, owner ${owner}, expires ${expires}`;
  }

  /** Options of a child that can be made again. */
  protected child(more: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions {
    return { parent: this, ...keepingOptions(this.identity, "replaceable"), ...more };
  }

  /** Options of a child that holds what nothing else holds. */
  protected statefulChild(more: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions {
    return { parent: this, ...keepingOptions(this.identity, "stateful"), ...more };
  }
}
