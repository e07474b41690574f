import { CHAIN_CODES } from "./codes/chain";
import { CONFIGURATION_CODES } from "./codes/configuration";
import { ENGINE_CODES } from "./codes/engine";
import type { ErrorCodeEntry } from "./codes/entry";
import { MACHINE_CODES } from "./codes/machine";

/**
 * Every coded error of this project, by its thousands. docs/errors.md is generated from this table (`npm run generate`).
 * A code is never reused or renumbered: people search for them.
 */
export const ERROR_CODES = {
  ...CONFIGURATION_CODES,
  ...ENGINE_CODES,
  ...CHAIN_CODES,
  ...MACHINE_CODES,
} as const satisfies Record<string, ErrorCodeEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;
