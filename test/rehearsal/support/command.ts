import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";

const ROOT = path.join(__dirname, "..", "..", "..");

/** `testnet` as a user runs it, with a home of its own. */
export function startTestnet(home: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, ["cli/testnet.js", ...args], {
    cwd: ROOT,
    env: { ...process.env, TESTNET_HOME: home },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

export async function runTestnet(
  home: string,
  ...args: string[]
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = startTestnet(home, ...args);
  const texts = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk: Buffer) => (texts.stdout += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (texts.stderr += chunk.toString()));
  const [status] = (await once(child, "close")) as [number | null];
  return { status, ...texts };
}
