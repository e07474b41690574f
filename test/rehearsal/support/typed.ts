import { spawn } from "node:child_process";
import * as path from "node:path";
import { finish, ROOT, type Run } from "../../support/network";

/** Of nobody: simulated clouds do not ask for them, commands do. */
const CREDENTIALS = { AWS_ACCESS_KEY_ID: "nobody", AWS_SECRET_ACCESS_KEY: "nothing" };

/**
 * What a command sees that is typed in simulated clouds: the engine as it is set up for them, and a backend and a home below a
 * folder. Nothing of the user's but the programs.
 */
export function typedEnvironment(
  folder: string,
  engine: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    ...engine,
    ...CREDENTIALS,
    HOME: path.join(folder, "nobody"),
    PULUMI_BACKEND_URL: `file://${path.join(folder, "cli-state")}`,
    TESTNET_HOME: path.join(folder, "cli-home"),
    // Tools are found where this process finds them.
    XDG_CACHE_HOME: process.env["XDG_CACHE_HOME"] ?? path.join(process.env["HOME"] ?? "", ".cache"),
  };
}

/** `testnet …` as a person types it, on the stack files of a folder. */
export function typed(folder: string, env: NodeJS.ProcessEnv, args: readonly string[]): Promise<Run> {
  const argv = [path.join(ROOT, "cli/testnet.js"), "-C", folder, ...args];
  const child = spawn(process.execPath, argv, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return finish(child);
}
