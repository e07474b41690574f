import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { parse } from "yaml";
import { PARALLEL } from "../cli/environment/prepare";
import { projectFile } from "../cli/engine/workspace";
import { runProgram } from "../cli/engine/run";
import { emptyKeyring, keyringFile, writeKeyring } from "../keys/keyring";
import { layoutOf } from "../keys/layout";
import { publicNamesOf } from "../keys/key-files";
import { startClouds, type CloudClient } from "../simulator/cloud/client";
import { newPassphrase, openStack, writeConfig, type EngineJob } from "../simulator/rehearsal/engine";
import { loadStackConfig } from "../stacks/config/file";
import { kindOf } from "../stacks/kind";
import { planStack } from "../stacks/plan-stack";
import { resolveTools } from "../tools/resolve";
import { temporaryDirectory } from "../test/support/temporary";
import { keyTargets } from "../cli/keys/targets";

/**
 * Measures networks of clusters of growing size on the simulated `prod`: how long a plan takes, how long a preview, and what
 * one daemon more changes. Arguments are other sizes. Clusters are light: they take objects without checking them. Prints JSON, asserts nothing.
 */
const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10, 100, 1000];
const ENVIRONMENT = "prod";
const NETWORK = "bench";
/** What is read changes nothing. */
const UNCHANGED: ReadonlySet<string> = new Set(["same", "read", "refresh"]);
const ROOT = path.join(__dirname, "..");

interface Bench {
  readonly job: (stack: string, config: Readonly<Record<string, unknown>>) => EngineJob;
  readonly directory: string;
  readonly clouds: CloudClient;
  readonly passphrase: string;
}

async function main(): Promise<void> {
  const tools = await resolveTools(["pulumi", "helm"]);
  const directory = temporaryDirectory();
  const running = await startClouds({
    directory: directory.path,
    clusters: "light",
    scale: null,
    lingerMs: 20,
    quotas: { "*": 1_000_000 },
  });
  const bench: Bench = {
    directory: directory.path,
    clouds: running.client,
    passphrase: newPassphrase(),
    job: (stack, config) => ({
      stack,
      config,
      project: parse(projectFile()) as Record<string, unknown>,
      program: () => runProgram({ home: directory.path, directory: directory.path }),
      directory: directory.path,
      programs: { pulumi: tools.pulumi.path, helm: tools.helm.path },
      charts: undefined,
    }),
  };
  try {
    await bringUpGround(bench);
    process.stdout.write(`${JSON.stringify(await measure(bench), undefined, 2)}\n`);
  } finally {
    await running.stop();
    directory.dispose();
  }
}

async function bringUpGround({ job, passphrase }: Bench): Promise<void> {
  const file = fs.readFileSync(path.join(ROOT, `Pulumi.${ENVIRONMENT}.yaml`), "utf8");
  const { config } = parse(file) as { config: Record<string, unknown> };
  const ground = await openStack(job(ENVIRONMENT, config), passphrase);
  await ground.up({ parallel: PARALLEL });
}

async function measure(bench: Bench): Promise<object> {
  const first = networkConfig(SIZES[0] ?? 0);
  const job = bench.job(NETWORK, first);
  const stack = await openStack(job, bench.passphrase);
  const sizes = [];
  for (const daemons of SIZES) {
    const planSeconds = await prepare(bench, daemons);
    writeConfig(job, networkConfig(daemons));
    const started = Date.now();
    const { changeSummary } = await stack.preview({ parallel: PARALLEL });
    const previewSeconds = (Date.now() - started) / 1000;
    sizes.push({ daemons, planSeconds, previewSeconds, resources: sum(changeSummary) });
  }
  return { sizes, oneMore: await oneMore(bench, job, stack) };
}

/** What the largest network changes when it gets one daemon more. */
async function oneMore(bench: Bench, job: EngineJob, stack: Stack): Promise<object> {
  const largest = SIZES.at(-1) ?? 0;
  const started = Date.now();
  await stack.up({ parallel: PARALLEL });
  const upSeconds = (Date.now() - started) / 1000;
  await prepare(bench, largest + 1);
  writeConfig(job, networkConfig(largest + 1));
  const changes: string[] = [];
  await stack.preview({
    parallel: PARALLEL,
    onEvent: ({ resourcePreEvent: event }) => {
      const { op, urn, detailedDiff } = event?.metadata ?? {};
      if (op === undefined || urn === undefined || UNCHANGED.has(op)) return;
      changes.push([op, urn.split("::").slice(-2).join(" "), ...Object.keys(detailedDiff ?? {})].join(" "));
    },
  });
  return { daemons: largest, upSeconds, changes };
}

/** A network of three seeds, a producer, a SNARK pool, and plain nodes for the rest. */
function networkConfig(daemons: number): Record<string, unknown> {
  const others = 3 + 1 + 2;
  return {
    "testnet:environment": ENVIRONMENT,
    "testnet:network": {
      protocol: "mina",
      version: "3.3.1",
      seeds: { count: 3 },
      nodes: { count: daemons - others },
      ports: { from: 11_000 },
    },
  };
}

/** Public parts of keys that nobody has, and secrets without content: a preview asks for no more. Returns the plan's seconds. */
async function prepare({ directory, clouds }: Bench, daemons: number): Promise<number> {
  for (const name of [ENVIRONMENT, NETWORK]) {
    const text =
      name === NETWORK
        ? JSON.stringify({ config: networkConfig(daemons) })
        : fs.readFileSync(path.join(ROOT, `Pulumi.${name}.yaml`), "utf8");
    fs.writeFileSync(path.join(directory, `Pulumi.${name}.yaml`), text);
  }
  const found = kindOf(loadStackConfig(directory, NETWORK));
  if (found.kind !== "cluster network") throw new Error("no network of clusters");
  const started = process.hrtime.bigint();
  const { plan, ground } = planStack(directory, NETWORK, found);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const targets = keyTargets(plan, ground, { clouds });
  // What no pod is given lies with the first cluster.
  const layouts = layoutOf(plan).map((layout) => ({
    ...layout,
    cluster: layout.cluster ?? targets.clusters[0],
  }));
  for (const { name, cluster = "" } of layouts) await targets.storeOf(cluster).replace(name, "{}");
  // The same for a name each time: another key would be another genesis.
  const keys = plan.keys
    .flatMap(publicNamesOf)
    .map((name) => [name, createHash("sha256").update(name).digest("hex")]);
  writeKeyring(keyringFile(directory, NETWORK), {
    ...emptyKeyring(plan.protocol),
    keys: Object.fromEntries(keys) as Record<string, string>,
    secrets: Object.fromEntries(
      layouts.map(({ name, cluster = "", holds }) => [name, { cluster, holds: [...holds] }]),
    ),
  });
  return seconds;
}

function sum(changes: Readonly<Record<string, number>>): number {
  return Object.values(changes).reduce((total, count) => total + count, 0);
}

void main();
