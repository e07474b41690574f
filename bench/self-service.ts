import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { performance } from "node:perf_hooks";
import { decide } from "../cli/expiry/decide";
import { readBackend } from "../cli/list/backend";
import { FileReader } from "../cli/list/file-reader";
import { summaryOf } from "../cli/list/summary";

/**
 * Measures what a developer and a nightly job wait for: `new`, `list` of 200 stacks, the reaper's decision about them.
 * Prints JSON with the limit beside each time; asserts nothing.
 */
const STACKS = 200;
/** Resources of each: about what a small network in a cluster has. */
const RESOURCES = 150;
const LIMITS_SECONDS = { new: 2, list: 5, decide: 5 } as const;

const ROOT = path.join(__dirname, "..");

interface Figure {
  readonly seconds: number;
  readonly limit: number;
  /** How much of the limit it takes. */
  readonly ratio: number;
}

function figure(milliseconds: number, limit: number): Figure {
  const seconds = milliseconds / 1000;
  return { seconds: Number(seconds.toFixed(3)), limit, ratio: Number((seconds / limit).toFixed(2)) };
}

async function main(): Promise<void> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "testnet-bench-"));
  try {
    fs.copyFileSync(path.join(ROOT, "Pulumi.dev.yaml"), path.join(directory, "Pulumi.dev.yaml"));
    const backend = path.join(directory, "home", "backend");
    const created = commandTime(directory, "new", "bench", "--protocol", "mina", "--environment", "dev");
    const bytes = writeStacks(backend);
    const listed = commandTime(directory, "list", "--json");
    const reaped = commandTime(directory, "reap", "--dry-run", "--json");
    const figures = {
      stacks: STACKS,
      stateMiB: Number((bytes / 2 ** 20).toFixed(1)),
      new: figure(created, LIMITS_SECONDS.new),
      list: figure(listed, LIMITS_SECONDS.list),
      reapDryRun: figure(reaped, LIMITS_SECONDS.decide),
      decisionAlone: figure(await decisionTime(backend), LIMITS_SECONDS.decide),
    };
    process.stdout.write(`${JSON.stringify(figures, undefined, 2)}\n`);
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

/** Milliseconds of a command as a person starts it. */
function commandTime(directory: string, ...args: string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    [path.join(ROOT, "cli", "testnet.js"), "-C", directory, ...args],
    {
      env: { ...process.env, TESTNET_HOME: path.join(directory, "home"), PULUMI_HOME: directory },
      encoding: "utf8",
    },
  );
  if (status !== 0) throw new Error(`testnet ${args.join(" ")}: ${stderr}`);
  return performance.now() - started;
}

/** Reading and deciding within one process. */
async function decisionTime(backend: string): Promise<number> {
  const started = performance.now();
  const { states } = await readBackend(new FileReader(backend));
  const decisions = decide(states.map(summaryOf), new Date());
  if (decisions.filter(({ action }) => action === "reap").length === 0) {
    throw new Error("nothing has expired");
  }
  return performance.now() - started;
}

/** States as the engine writes them. @returns their bytes */
function writeStacks(backend: string): number {
  const folder = path.join(backend, ".pulumi", "stacks", "testnet");
  fs.mkdirSync(folder, { recursive: true });
  let bytes = 0;
  for (let index = 0; index < STACKS; index += 1) {
    const text = JSON.stringify(checkpoint(`network-${index}`, index));
    bytes += text.length;
    fs.writeFileSync(path.join(folder, `network-${index}.json`), text);
  }
  return bytes;
}

function checkpoint(stack: string, index: number) {
  const created = new Date(Date.now() - index * 3_600_000);
  const expires = new Date(created.getTime() + 100 * 3_600_000).toISOString();
  const tags = { "testnet-stack": stack, "testnet-owner": "alice", "testnet-expires": "2026-03-01t12-00z" };
  const outputs = {
    ...{ version: 1, protocol: "mina", network: stack, standsOn: "dev", owner: "alice" },
    lifetime: { created: created.toISOString(), expires, kept: false },
    peerPorts: { from: 11_000 + index * 100, to: 11_050 + index * 100 },
  };
  const resources = Array.from({ length: RESOURCES }, (_, number) => ({
    urn: `urn:pulumi:${stack}::testnet::aws:ec2/eip:Eip::resource-${number}`,
    type: "aws:ec2/eip:Eip",
    id: `eip-${number}`,
    inputs: { tags, filler: "x".repeat(2000) },
    outputs: { tags, filler: "x".repeat(2000) },
  }));
  const root = {
    urn: `urn:pulumi:${stack}::testnet::pulumi:pulumi:Stack::testnet-${stack}`,
    type: "pulumi:pulumi:Stack",
  };
  const latest = {
    manifest: { time: new Date().toISOString() },
    resources: [{ ...root, outputs }, ...resources],
  };
  return { version: 3, checkpoint: { stack, latest } };
}

void main();
