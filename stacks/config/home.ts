import * as path from "node:path";

/** Folders of the machine that deploys. */
export interface Places {
  /** State directory of local networks. */
  readonly home: string;
  /** Folder of the stack files, and of the keyrings beside them. */
  readonly directory: string;
}

/** State directory of local networks: TESTNET_HOME, or `.testnet` beside the stack files. */
export function homeDirectory(env: Readonly<Record<string, string | undefined>>, directory: string): string {
  return path.resolve(env["TESTNET_HOME"] ?? path.join(directory, ".testnet"));
}
