import * as fs from "node:fs";
import { FailureLog } from "./failures";
import type { Engine } from "./run";

/**
 * Takes a stack that holds nothing any more out of the backend, and the folder away that the engine worked in.
 * @throws TestnetError TN2003 where another run took it the moment it was empty
 */
export async function removeEmptyStack({ stack: { name, workspace } }: Engine): Promise<void> {
  try {
    await workspace.removeStack(name);
  } catch (error) {
    throw new FailureLog().toError(error);
  }
  fs.rmSync(workspace.workDir, { recursive: true, force: true });
}
