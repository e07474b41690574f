import * as fs from "node:fs";
import * as path from "node:path";
import type { CommandContext } from "../context";
import { tail } from "../observe/log-file";
import { openNetwork } from "../observe/network";
import { peersOf } from "../observe/peers";
import { observeProcesses } from "../observe/processes";
import { statusOf } from "../observe/status";
import { verifyNetwork } from "../observe/verify";
import type { Bundle } from "./bundle";
import type { GatherOptions } from "./clusters";

/** Gathers what there is of a network of this machine, running or not. */
export async function gatherLocal(
  context: CommandContext,
  bundle: Bundle,
  { lines, signal, onProgress }: GatherOptions,
): Promise<void> {
  const { plan, home } = openNetwork(context);
  const era = home.era(plan.era);
  bundle.hide(textsBelow(era.secrets));
  const processes = observeProcesses(plan, home);
  bundle.json("processes.json", processes);
  onProgress("heads and peers");
  await bundle.gather("status.json", () => statusOf(plan, home, { signal }));
  await bundle.gather("peers.json", () => peersOf(plan, era, { signal }));
  onProgress("checks");
  const once = { home: context.home, timeoutSeconds: 0, signal };
  await bundle.gather("verify.json", () => verifyNetwork(plan, once));
  onProgress("logs");
  for (const { daemon, log } of processes) {
    if (!fs.existsSync(log)) continue;
    await bundle.gather(`logs/${daemon}.log`, async () => {
      const pieces: Buffer[] = [];
      for await (const piece of tail(log, lines)) pieces.push(piece);
      return Buffer.concat(pieces).toString("utf8");
    });
  }
}

/** Keys are small; what is larger is a list of many, each line of which is one. */
const MOST_BYTES = 1024 * 1024;

/** Contents of all files below a directory, whole and by line: keys, passwords, mnemonics. */
function textsBelow(directory: string): string[] {
  if (!fs.existsSync(directory)) return [];
  const files = fs
    .readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => fs.statSync(file).size <= MOST_BYTES);
  return files.flatMap((file) => {
    const text = fs.readFileSync(file, "utf8").trim();
    return [text, ...text.split("\n").map((line) => line.trim())].map((one) => one.replace(/^0x/, ""));
  });
}
