import { createHash } from "node:crypto";

const SUFFIX_LENGTH = 8;

/** A name for what the program gave none: the logical name and a few digits that stay the same within one plan. */
export function autoName(logicalName: string, randomSeed: Uint8Array): string {
  const digits = createHash("sha256").update(logicalName).update(randomSeed).digest("hex");
  return `${logicalName}-${digits.slice(0, SUFFIX_LENGTH)}`;
}
