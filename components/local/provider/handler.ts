import type { Awaitable, CheckFailure, Log } from "../../../plugin/provider";

export { Cancelled, PartialFailure, UNKNOWN, type CheckFailure, type Log } from "../../../plugin/provider";

/**
 * What a resource type must be able to do. One file each; plugin/server.ts speaks the protocol for all of them. Inputs and
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
  /** What exists; undefined when it is gone. `known` are the outputs that the state has, if it has any. */
  read(inputs: Inputs, operation: Operation, known?: Computed): Awaitable<Computed | undefined>;
  update(change: Change<Inputs, Computed>, operation: Operation): Awaitable<Computed>;
  /** Removes what is left; nothing left is no error. */
  delete(inputs: Inputs, operation: Operation): Awaitable<void>;
}

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
