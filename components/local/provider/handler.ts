/**
 * What a resource type must be able to do. One file each; server.ts speaks the protocol for all of them. Inputs and
 * outputs are plain data here: secrets are unwrapped, and values not known in a preview are {@link UNKNOWN}.
 */
export interface ResourceHandler<Inputs extends object = object, Computed extends object = object> {
  /**
   * The outputs beyond the inputs. `stable` ones never change while the resource exists, `volatile` ones are unknown
   * in a preview that updates it.
   */
  readonly computed: Readonly<Record<keyof Computed & string, "stable" | "volatile">>;
  /** Inputs whose change makes a new resource; the new one is made before the old one is deleted. */
  readonly replacedBy: readonly string[];
  /** What is wrong with new inputs. `old` is absent for a resource that does not exist yet. */
  check?(inputs: Inputs, old: Inputs | undefined, home: string): CheckFailure[];
  /** The part of the inputs whose change is a change, where it is not all of them. */
  compared?(inputs: Inputs): object;
  create(inputs: Inputs, operation: Operation): Promise<Created<Computed>>;
  /** What exists; undefined when it is gone. */
  read(inputs: Inputs, operation: Operation): Awaitable<Computed | undefined>;
  update(change: Change<Inputs, Computed>, operation: Operation): Awaitable<Computed>;
  /** Removes what is left; nothing left is no error. */
  delete(inputs: Inputs, operation: Operation): Awaitable<void>;
}

type Awaitable<T> = T | Promise<T>;

/** One call of the engine. */
export interface Operation {
  /** The state directory the provider was configured with. */
  readonly home: string;
  /** The resource's URN. */
  readonly urn: string;
  /** Aborted when the user cancels, and when the engine is gone. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

export interface Log {
  /** A line the user shall keep. */
  info(message: string): void;
  warn(message: string): void;
  /** What is being done now; the next one takes its place. */
  status(message: string): void;
}

export interface Created<Computed> {
  readonly id: string;
  readonly outputs: Computed;
}

export interface Change<Inputs, Computed> {
  readonly id: string;
  readonly old: Inputs;
  readonly inputs: Inputs;
  readonly outputs: Computed;
}

export interface CheckFailure {
  /** Path of the input; without one the engine does not print the value, which may be long. */
  readonly property?: string;
  readonly reason: string;
}

/** Stands for a value that is not known in a preview (protocol of Pulumi). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * Thrown where a create or update failed after something was made that must not be forgotten: the engine keeps the
 * resource in its state, so that it is mended by the next `up` and removed by `destroy`.
 */
export class PartialFailure extends Error {
  constructor(
    readonly id: string,
    /** The computed outputs. */
    readonly outputs: object,
    override readonly cause: Error,
  ) {
    super(cause.message, { cause });
    this.name = "PartialFailure";
  }
}

/** Thrown where work stopped because it was cancelled. */
export class Cancelled extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Cancelled";
  }
}
