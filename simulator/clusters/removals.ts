import * as fs from "node:fs";
import * as path from "node:path";

/** What was still in a cluster when the cloud removed it. */
export interface Removal {
  readonly id: string;
  /** For people, e.g. `namespace monitoring`. Empty when the program cleared up. */
  readonly leftovers: readonly string[];
}

const FILE = "removals.jsonl";

export function recordRemoval(directory: string, removal: Removal): void {
  fs.mkdirSync(directory, { recursive: true });
  fs.appendFileSync(path.join(directory, FILE), `${JSON.stringify(removal)}\n`);
}

/** All removals of a rehearsal, in order. */
export function readRemovals(directory: string): Removal[] {
  const file = path.join(directory, FILE);
  if (!fs.existsSync(file)) return [];
  const lines = fs.readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Removal);
}
