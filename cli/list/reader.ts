import type { StackState } from "./state";

/** Reads the states of all stacks of a backend, without changing anything. */
export interface BackendReader {
  /** Where it is, for people. */
  readonly place: string;
  /** Names of all stacks of our project, sorted. @throws TestnetError TN2004 */
  names(): Promise<string[]>;
  /** The newest state; undefined where there is no such stack (any more). */
  read(stack: string): Promise<StackState | undefined>;
  /** How many stacks are read at once. */
  readonly atOnce: number;
}
