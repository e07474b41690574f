import beaconFlags from "./flags/prysm-beacon-chain-6.0.4.json";
import gethFlags from "./flags/geth-1.17.8.json";
import validatorFlags from "./flags/prysm-validator-6.0.4.json";

/**
 * Which versions of which client we render arguments for, and the flags each of them knows, read from the client itself.
 * Flags come and go between releases: an argument is only ever rendered against the table of its version.
 */
export interface Program {
  /** Name of the executable. */
  readonly name: string;
  /** Flags without dashes. */
  readonly flags: ReadonlySet<string>;
}

interface ExecutionRelease {
  readonly execution: Program;
}

interface ConsensusRelease {
  readonly consensus: Program;
  readonly validator: Program;
}

/** Newest first. */
export const EXECUTION_CLIENTS: Readonly<Record<"geth", Readonly<Record<string, ExecutionRelease>>>> = {
  geth: { "1.17.8": { execution: { name: "geth", flags: new Set(gethFlags) } } },
};

/** Newest first. */
export const CONSENSUS_CLIENTS: Readonly<Record<"prysm", Readonly<Record<string, ConsensusRelease>>>> = {
  prysm: {
    "6.0.4": {
      consensus: { name: "beacon-chain", flags: new Set(beaconFlags) },
      validator: { name: "validator", flags: new Set(validatorFlags) },
    },
  },
};

/** The versions known of a client, newest first. */
export function versionsOf(releases: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(releases);
}
