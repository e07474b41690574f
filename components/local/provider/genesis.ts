import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { TestnetError } from "../../../errors/problem";
import type { Genesis } from "../../../protocols/plan";
import type { EraHome } from "../home";
import { writeJson } from "../json-file";
import type { GenesisArgs } from "../resources";
import { areEqual } from "../../../plugin/difference";
import type { Operation, ResourceHandler } from "./handler";
import {
  fileWithin,
  makeDirectories,
  networkHome,
  readGenesisRecord,
  referenceResolver,
  remove,
  writePlanned,
  type GenesisRecord,
} from "./places";
import type { ResolveProgram } from "./program";
import { prepareTool, type PreparedTool } from "./run-tool";

interface GenesisOutputs {
  readonly genesisTime: number;
}

/** The genesis files of one era; see GenesisResource. */
export function genesisHandler(resolveProgram: ResolveProgram): ResourceHandler<GenesisArgs, GenesisOutputs> {
  return {
    computed: { genesisTime: "stable" },
    replacedBy: ["network", "era"],
    compared: ({ network, era, genesis }) => ({ network, era, genesis: content(genesis) }),

    check(inputs, old, home) {
      const isSameChain = old?.network === inputs.network && old.era === inputs.era;
      const changed = isSameChain && !areEqual(content(old.genesis), content(inputs.genesis));
      return changed || isMadeFromOther(inputs, home) ? [{ reason: changedGenesis(inputs).message }] : [];
    },

    async create(inputs, operation) {
      const id = `${inputs.network}/${inputs.era}`;
      const { genesisTime } =
        adopt(inputs, operation.home) ?? (await make(inputs, resolveProgram, operation));
      return { id, outputs: { genesisTime } };
    },

    read({ network, era }, { home }) {
      const record = readGenesisRecord(networkHome(home, network).era(era));
      return record === undefined ? undefined : { genesisTime: record.genesisTime };
    },

    // Only the delay can have changed, which was over when the first slot came.
    update: ({ outputs }) => outputs,

    // The era's directory is removed with its keys.
    delete: () => undefined,
  };
}

/** What the chain's first state depends on: the delay only says when it starts. */
export function content({ files, runs }: Genesis): Pick<Genesis, "files" | "runs"> {
  return { files, runs };
}

function hashOf(genesis: Genesis): string {
  return sha256(JSON.stringify(content(genesis)));
}

function isMadeFromOther({ network, era, genesis }: GenesisArgs, home: string): boolean {
  const record = readGenesisRecord(networkHome(home, network).era(era));
  return record !== undefined && record.inputs !== hashOf(genesis);
}

/** TN1007 for settings that would make another chain of an era that has one. */
export function changedGenesis({ network, era }: Pick<GenesisArgs, "network" | "era">): TestnetError {
  return new TestnetError({
    code: "TN1007",
    message: `the chain of ${network} (era ${era}) has its genesis, and the configuration now asks for another one`,
    remedy: `Take the change back, or run \`testnet reset ${network}\` to start a fresh chain with it.`,
  });
}

/** The genesis of this era, when it is complete: a network that was down goes on with its chain. */
function adopt(inputs: GenesisArgs, home: string): GenesisRecord | undefined {
  const era = networkHome(home, inputs.network).era(inputs.era);
  const record = readGenesisRecord(era);
  if (record === undefined) return undefined;
  if (isMadeFromOther(inputs, home)) throw changedGenesis(inputs);
  const missing = Object.keys(record.files).filter((file) => !fs.existsSync(path.join(era.shared, file)));
  if (missing.length === 0) return record;
  throw new TestnetError({
    code: "TN3003",
    at: era.shared,
    message: `the genesis of era ${inputs.era} was made, and some of its files are gone: ${missing.join(", ")}`,
    remedy: `Run \`testnet reset ${inputs.network}\` to start a fresh chain.`,
  });
}

/** Makes it from the beginning: what an interrupted run left is not trusted. The record comes last. */
async function make(
  inputs: GenesisArgs,
  resolveProgram: ResolveProgram,
  operation: Operation,
): Promise<GenesisRecord> {
  const era = networkHome(operation.home, inputs.network).era(inputs.era);
  const { genesis } = inputs;
  remove(era.shared);
  makeDirectories(era.shared);
  const runs: PreparedTool[] = [];
  // Tools may have to be built first, for minutes: the clock of the chain starts after that.
  for (const run of genesis.runs) runs.push(await prepareTool(run, resolveProgram, operation));
  const genesisTime = Math.ceil(Date.now() / 1000 + genesis.delaySeconds);
  const resolve = referenceResolver({ era, genesisTime });
  for (const file of genesis.files) {
    writePlanned(era.shared, { path: file.path, content: resolve(file.content) });
  }
  for (const run of runs) await run(era.shared, resolve);
  const produced = genesis.runs.flatMap((run) => run.produces);
  const files = [...genesis.files.map((file) => file.path), ...produced];
  const record: GenesisRecord = { genesisTime, inputs: hashOf(genesis), files: checksums(era, files) };
  writeJson(era.genesisRecord, record);
  return record;
}

function checksums(era: EraHome, files: readonly string[]): Record<string, string> {
  const unique = [...new Set(files)].sort();
  return Object.fromEntries(
    unique.map((name) => [name, sha256(fs.readFileSync(fileWithin(era.shared, name)))]),
  );
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
