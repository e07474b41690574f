import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import type { Genesis } from "../../../protocols/plan";
import { type Reference, references, resolve } from "../../../protocols/references";
import { areEqual } from "../../../plugin/difference";
import type { ChainFile, ChainFilesArgs } from "../resources";
import { changedGenesis, content } from "./genesis";
import type { Operation, ResourceHandler } from "./handler";
import { fileWithin, remove, writePlanned } from "./places";
import type { ResolveProgram } from "./program";
import { prepareTool, type PreparedTool } from "./run-tool";

interface Outputs {
  readonly genesisTime: number;
  readonly files: Readonly<Record<string, ChainFile>>;
}

/** The files of a chain in clusters; see ChainFilesResource. */
export function chainFilesHandler(resolveProgram: ResolveProgram): ResourceHandler<ChainFilesArgs, Outputs> {
  return {
    computed: { genesisTime: "stable", files: "stable" },
    replacedBy: ["network", "era"],
    compared: ({ network, era, ...inputs }) => ({ network, era, chain: chainOf(inputs) }),

    check(inputs, old) {
      const isSameChain = old?.network === inputs.network && old.era === inputs.era;
      if (!isSameChain || areEqual(chainOf(old), chainOf(inputs))) return [];
      return [{ reason: changedGenesis(inputs).message }];
    },

    async create(inputs, operation) {
      const outputs = await make(inputs, resolveProgram, operation);
      return { id: `${inputs.network}/${inputs.era}`, outputs };
    },

    // They exist in the state and nowhere else.
    read: (_inputs, _operation, known) => known,

    // Only the delay, or keys that the chain has nothing to do with, can have changed.
    update: ({ outputs: { genesisTime, files } }) => ({ genesisTime, files }),

    delete: () => undefined,
  };
}

/** What the chain's first state depends on: the genesis, and of the keys those it names. */
function chainOf({ genesis, publicKeys }: Pick<ChainFilesArgs, "genesis" | "publicKeys">) {
  const named = textsOf(genesis).flatMap(references).map(keyOf);
  const keys = [...new Set(named)].filter((key) => key !== undefined);
  return { ...content(genesis), keys: Object.fromEntries(keys.map((key) => [key, publicKeys[key] ?? ""])) };
}

function textsOf({ files, runs }: Genesis): string[] {
  return [...files.map((file) => file.content), ...runs.flatMap(({ args }) => args)];
}

/** The public key that a reference stands for; undefined for what is no key. */
function keyOf(reference: Reference): string | undefined {
  switch (reference.kind) {
    case "deposits":
      return reference.kind;
    case "enode":
    case "enr":
    case "peer-id":
    case "public-key":
    case "address":
      return `${reference.kind} ${reference.name}`;
    default:
      return undefined;
  }
}

/** Makes the files in a directory that nobody else reads and that is gone at the end, however it ends. */
async function make(
  { genesis, publicKeys }: ChainFilesArgs,
  resolveProgram: ResolveProgram,
  operation: Operation,
): Promise<Outputs> {
  const runs: PreparedTool[] = [];
  // Tools may have to be built first, for minutes: the clock of the chain starts after that.
  for (const run of genesis.runs) runs.push(await prepareTool(run, resolveProgram, operation));
  const genesisTime = genesis.startsAt ?? Math.ceil(Date.now() / 1000 + genesis.delaySeconds);
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "testnet-chain-"));
  try {
    const resolved = (text: string) =>
      resolve(text, (reference) => valueOf(reference, { publicKeys, genesisTime, directory }));
    for (const file of genesis.files) {
      writePlanned(directory, { path: file.path, content: resolved(file.content) });
    }
    for (const run of runs) await run(directory, resolved);
    return { genesisTime, files: filesOf(genesis, directory) };
  } finally {
    remove(directory);
  }
}

interface Known {
  readonly publicKeys: Readonly<Record<string, string>>;
  readonly genesisTime: number;
  readonly directory: string;
}

function valueOf(reference: Reference, { publicKeys, genesisTime, directory }: Known): string {
  const key = keyOf(reference);
  if (key !== undefined) {
    const value = publicKeys[key];
    if (value === undefined) throw new Error(`{{${key}}} names a key that was not made`);
    return value;
  }
  switch (reference.kind) {
    case "shared":
      return directory;
    case "genesis-time":
      return String(genesisTime);
    case "genesis-iso":
      return new Date(genesisTime * 1000).toISOString().replace(/\.\d+Z$/, "Z");
    default:
      throw new Error(`{{${reference.kind}}} has no meaning in the files of a chain`);
  }
}

/** The files that others need: compressed, as they become part of the state. */
function filesOf(genesis: Genesis, directory: string): Record<string, ChainFile> {
  const all = [...genesis.files.map((file) => file.path), ...genesis.runs.flatMap((run) => run.produces)];
  const names = [...new Set(genesis.published ?? all)].sort();
  return Object.fromEntries(
    names.map((name) => {
      const bytes = fs.readFileSync(fileWithin(directory, name));
      return [
        name,
        {
          sha256: createHash("sha256").update(bytes).digest("hex"),
          gzip: gzipSync(bytes, { level: 9 }).toString("base64"),
          bytes: bytes.length,
        },
      ];
    }),
  );
}
