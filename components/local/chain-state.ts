import type { ProcessRecord } from "./process-record";

/** What is known of one process when a network is about to come up. */
export interface ProcessState {
  readonly record: ProcessRecord;
  /** Whether the process of the record lives (`recordIsAlive` of processes.ts). */
  readonly alive: boolean;
}

export interface NextEra {
  /** The era to bring up: the same one, or the next where its chain is lost. */
  readonly era: number;
  /** Whether the chain of the given era was lost in a crash. */
  readonly lost: boolean;
}

/**
 * Decides whether the chain of an era can be taken up again. Chain keepers are the daemons without which it cannot:
 * execution clients, which keep their newest blocks in memory and lose them unless they are stopped in order. The chain
 * is lost when all of them ran in this era, none lives, and none was stopped in order: one that has its blocks is
 * enough, the others fetch them from it.
 */
export function nextEra(
  processes: readonly ProcessState[],
  chainKeepers: readonly string[],
  era: number,
): NextEra {
  const keepers = chainKeepers.map((name) =>
    processes.find(({ record }) => record.daemon === name && record.era === era),
  );
  const lost =
    keepers.length > 0 &&
    keepers.every((keeper) => keeper !== undefined && !keeper.alive && keeper.record.state !== "stopped");
  return { era: lost ? era + 1 : era, lost };
}
