import type { Difference } from "./difference";

/**
 * What a resource provider must be able to do, on plain data: secrets are unwrapped, and values not known in a preview
 * are {@link UNKNOWN}. server.ts speaks Pulumi's protocol for it. One provider object serves one provider resource.
 */
export interface Provider {
  /** For messages, e.g. `aws`. */
  readonly name: string;
  readonly version: string;
  /** Whether the engine reads a resource before it updates it, so that a plain `up` mends what has died. */
  readonly refreshBeforeUpdate?: boolean;

  /** What is wrong with the provider's own configuration. @default everything is accepted */
  checkConfig?(inputs: Properties): CheckFailure[];
  /** Not called in a preview where the configuration is not known yet. */
  configure(inputs: Properties): Awaitable<void>;
  /** The inputs as they go to the state, with defaults and names, and what is wrong with them. */
  check(call: CheckCall): Awaitable<Checked>;
  diff(call: DiffCall): Awaitable<Diff>;
  /** In a preview: the outputs as far as they are known, and nothing is made. */
  create(call: CreateCall): Awaitable<Created>;
  /** What exists; undefined when it is gone. Without inputs it is an import. */
  read(call: ReadCall): Awaitable<Found | undefined>;
  /** The outputs after the update. */
  update(call: UpdateCall): Awaitable<object>;
  /** Removes what is left; nothing left is no error. */
  delete(call: DeleteCall): Awaitable<void>;
  /** A function of the SDK by its token. @default every function is refused */
  invoke?(token: string, args: Properties): Awaitable<object>;
}

export type Properties = Record<string, unknown>;

export type Awaitable<T> = T | Promise<T>;

/** Which resource a call is about. */
export interface ResourceCall {
  readonly urn: string;
  /** Type token, e.g. `aws:ec2/vpc:Vpc`. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
}

/** A call that may take long and be given up. */
export interface Operation extends ResourceCall {
  /** Aborted when the user cancels, and when the engine is gone. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

export interface CheckCall extends ResourceCall {
  readonly inputs: Properties;
  /** Absent for a resource that does not exist yet. */
  readonly old: Properties | undefined;
  /** For names made up: the same in one plan. Empty where the engine gives none. */
  readonly randomSeed: Uint8Array;
}

export interface Checked {
  readonly inputs: object;
  readonly failures: readonly CheckFailure[];
}

export interface CheckFailure {
  /** Path of the input; without one the engine does not print the value, which may be long. */
  readonly property?: string;
  readonly reason: string;
}

export interface DiffCall extends ResourceCall {
  readonly id: string;
  readonly old: Properties;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

export interface Diff {
  /** What the user ignores is left out by the server. */
  readonly differences: readonly Difference[];
  /** Whether a difference at this path makes a new resource. */
  readonly replaces: (path: string) => boolean;
  readonly deleteBeforeReplace?: boolean;
}

export interface CreateCall extends Operation {
  readonly inputs: Properties;
  readonly preview: boolean;
}

export interface Created {
  /** Absent in a preview. */
  readonly id?: string;
  /** All that is kept of the resource: its inputs, too. */
  readonly outputs: object;
}

export interface ReadCall extends Operation {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

export interface Found {
  readonly id?: string;
  /** As the program would have to write them to get what is there. */
  readonly inputs: object;
  readonly outputs: object;
}

export interface UpdateCall extends Operation {
  readonly id: string;
  readonly old: Properties;
  readonly inputs: Properties;
  readonly outputs: Properties;
  readonly preview: boolean;
}

export interface DeleteCall extends Operation {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** Lines shown beside the resource. */
export interface Log {
  /** A line the user shall keep. */
  info(message: string): void;
  warn(message: string): void;
  /** What is being done now; the next one takes its place. */
  status(message: string): void;
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
    /** All that is kept of the resource. */
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

/** Thrown where what stands behind a provider says no: its words are shown, without a stack. */
export class Refused extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Refused";
  }
}
