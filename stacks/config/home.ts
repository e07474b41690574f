import * as path from "node:path";

/** State directory of local networks: TESTNET_HOME, or `.testnet` beside the stack files. */
export function homeDirectory(env: Readonly<Record<string, string | undefined>>, directory: string): string {
  return path.resolve(env["TESTNET_HOME"] ?? path.join(directory, ".testnet"));
}
