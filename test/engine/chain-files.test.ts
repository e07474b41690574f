import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { gunzipSync } from "node:zlib";
import * as pulumi from "@pulumi/pulumi";
import { LocalProvider } from "../../components/local/local-provider";
import { type ChainFile, type ChainFilesArgs, ChainFilesResource } from "../../components/local/resources";
import { makeKeys } from "../../keys/make";
import type { Genesis } from "../../protocols/plan";
import { TestEngine } from "../support/engine";
import { ethereumPlan } from "../support/ethereum-clusters";
import { temporaryDirectory } from "../support/temporary";

/** The files of a chain as a resource, on the real engine with the real prysmctl. */
describe("the ChainFiles resource under the real engine", function () {
  this.timeout(300_000);
  let engine: TestEngine;
  let publicKeys: Record<string, string>;
  const temporary = temporaryDirectory();
  const { TMPDIR } = process.env;
  const plan = ethereumPlan({ nodes: [{ count: 2 }], genesisDelaySeconds: 600 });

  before(async () => {
    // The plugin's temporary files go there, and nobody else's.
    process.env["TMPDIR"] = temporary.path;
    engine = await TestEngine.start();
    const keys = temporaryDirectory();
    try {
      publicKeys = await makeKeys(localKeys(), {
        secrets: path.join(keys.path, "secrets"),
        publicKeys: path.join(keys.path, "public.json"),
      });
    } finally {
      keys.dispose();
    }
  });
  after(() => {
    engine.dispose();
    if (TMPDIR === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = TMPDIR;
    temporary.dispose();
  });

  /** Only what the genesis names: accounts and validators. */
  const localKeys = () => plan.keys.filter(({ kind }) => kind === "accounts" || kind === "validators");

  const deploys = (changes: Partial<ChainFilesArgs> = {}) => {
    engine.deploys(() => {
      const chain = new ChainFilesResource(
        "chain",
        { network: "eth", era: 1, genesis: plan.genesis, publicKeys, ...changes },
        { provider: new LocalProvider("machine", { home: path.join(engine.directory, "testnet") }) },
      );
      return Promise.resolve({ genesisTime: chain.genesisTime, files: pulumi.output(chain.files) });
    });
  };
  const outputs = async () => {
    const { genesisTime, files } = await engine.stack.outputs();
    return {
      genesisTime: genesisTime?.value as number,
      files: files?.value as Record<string, ChainFile>,
    };
  };
  const contentOf = ({ gzip }: ChainFile) => gunzipSync(Buffer.from(gzip, "base64"));
  const leftovers = () => fs.readdirSync(temporary.path).filter((name) => name.startsWith("testnet-chain-"));
  const written = (content: string): Genesis => ({
    files: [{ path: "chain.txt", content }],
    runs: [],
    delaySeconds: 5,
  });

  it("makes the published files of both layers with the time resolved, and leaves nothing on the disk", async () => {
    const now = Date.now() / 1000;
    deploys();
    await engine.stack.up(engine.watched);
    const { genesisTime, files } = await outputs();
    assert.ok(genesisTime >= now + 600 && genesisTime < now + 900, `${genesisTime}`);
    assert.deepEqual(Object.keys(files).sort(), [
      "config.yaml",
      "deposit_contract_block.txt",
      "genesis.json",
      "genesis.ssz",
    ]);
    for (const file of Object.values(files)) {
      const bytes = contentOf(file);
      assert.equal(bytes.length, file.bytes);
      assert.equal(createHash("sha256").update(bytes).digest("hex"), file.sha256);
    }
    const genesis = JSON.parse(contentOf(files["genesis.json"]!).toString("utf8")) as {
      config: Record<string, number>;
      alloc: Record<string, unknown>;
    };
    assert.equal(genesis.config["pragueTime"], genesisTime);
    const funded = publicKeys["address funded/0"]!.toLowerCase().replace("0x", "");
    assert.ok(Object.keys(genesis.alloc).some((address) => address.toLowerCase().endsWith(funded)));
    // The state begins with the genesis time, 64 bits of low end first.
    assert.equal(contentOf(files["genesis.ssz"]!).readBigUInt64LE(0), BigInt(genesisTime));
    assert.deepEqual(leftovers(), []);
  });

  it("stays small in the state: 64 validators are less than 100 KiB", async () => {
    const { files } = await outputs();
    const size = Object.values(files).reduce((sum, { gzip }) => sum + gzip.length, 0);
    assert.ok(files["genesis.ssz"]!.bytes > 2_000_000);
    assert.ok(size < 100 * 1024, `${size} bytes`);
  });

  it("never changes: not by another up, a refresh, another delay or keys the chain does not name", async () => {
    const first = await outputs();
    await engine.stack.up(engine.watched);
    deploys({
      genesis: { ...plan.genesis, delaySeconds: 1 },
      publicKeys: { ...publicKeys, "peer-id node-3-prysm": "16Uiu2HA" },
    });
    await engine.stack.up(engine.watched);
    await engine.stack.refresh();
    assert.deepEqual(await outputs(), first);
  });

  it("refuses other settings of the same era, and another key that it names (TN1007's words)", async () => {
    const first = await outputs();
    const refusal =
      /the chain of eth \(era 1\) has its genesis, and the configuration now asks for another one/;
    deploys({ genesis: written("other") });
    await assert.rejects(engine.stack.up(engine.watched));
    assert.match(engine.errors, refusal);
    deploys({ publicKeys: { ...publicKeys, "address funded/0": publicKeys["address funded/1"]! } });
    await assert.rejects(engine.stack.preview(engine.watched));
    assert.match(engine.errors, refusal);
    assert.deepEqual(await outputs(), first);
  });

  it("makes another chain for another era, with references of any protocol", async () => {
    deploys({
      era: 2,
      genesis: {
        ...written("{{genesis-time}} {{genesis-iso}} {{public-key wallet}}"),
        startsAt: 1_800_000_000,
      },
      publicKeys: { "public-key wallet": "B62q" },
    });
    await engine.stack.up(engine.watched);
    const { genesisTime, files } = await outputs();
    assert.equal(genesisTime, 1_800_000_000);
    assert.deepEqual(Object.keys(files), ["chain.txt"]);
    assert.equal(contentOf(files["chain.txt"]!).toString("utf8"), "1800000000 2027-01-15T08:00:00Z B62q");
  });

  it("names a key that is missing, and makes nothing of a reference to a private file", async () => {
    deploys({ era: 3, genesis: written("{{address funded/0}}"), publicKeys: {} });
    await assert.rejects(engine.stack.up(engine.watched));
    assert.match(engine.errors, /\{\{address funded\/0\}\} names a key that was not made/);
    deploys({ era: 3, genesis: written("{{secret node-1-jwt}}"), publicKeys: {} });
    await assert.rejects(engine.stack.up(engine.watched));
    assert.match(engine.errors, /\{\{secret\}\} has no meaning in the files of a chain/);
    assert.deepEqual(leftovers(), []);
  });

  it("tells a tool's own words when it fails (TN3003)", async () => {
    const genesis: Genesis = {
      ...plan.genesis,
      files: plan.genesis.files.map((file) =>
        file.path === "deposits.json" ? { ...file, content: "no list" } : file,
      ),
    };
    deploys({ era: 4, genesis });
    await assert.rejects(engine.stack.up(engine.watched));
    assert.match(engine.errors, /prysmctl ended with exit code 1; its last words/);
  });
});
