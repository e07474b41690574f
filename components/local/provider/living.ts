import * as fs from "node:fs";
import { TestnetError } from "../../../errors/problem";
import type { NetworkHome } from "../home";
import { isCode, unusable } from "../json-file";
import { readProcessRecord, recordIsAlive } from "../processes";

/** Daemons of the network that run, as far as their records tell. `era` limits it to those of one chain. */
export function livingProcesses(network: NetworkHome, era?: number): { daemon: string; pid: number }[] {
  let files: string[];
  try {
    files = fs.readdirSync(network.runDirectory).filter((file) => file.endsWith(".json"));
  } catch (error) {
    if (isCode(error, "ENOENT") || isCode(error, "ENOTDIR")) return [];
    throw unusable(network.runDirectory, error);
  }
  return files.flatMap((file) => {
    const record = readProcessRecord(`${network.runDirectory}/${file}`);
    const identity = recordIsAlive(record) ? record?.identity : undefined;
    if (record === undefined || identity === undefined || (era !== undefined && record.era !== era)) {
      return [];
    }
    return [{ daemon: record.daemon, pid: identity.pid }];
  });
}

/** The engine stops daemons before it removes what they stand on, so this tells of a state file that lost some. */
export function refuseWhileRunning(network: NetworkHome, name: string, era?: number): void {
  const living = livingProcesses(network, era);
  if (living.length === 0) return;
  throw new TestnetError({
    code: "TN4008",
    at: network.directory,
    message: `the directory is not removed: ${living.map(({ daemon, pid }) => `${daemon} (process ${pid})`).join(", ")} still runs`,
    remedy: `Run \`testnet up ${name}\`, which takes over what runs, then \`testnet down ${name}\`.`,
  });
}
