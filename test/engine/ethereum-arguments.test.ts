import assert from "node:assert/strict";
import * as path from "node:path";
import { EthereumWatch } from "../../cli/clusters/ethereum-watch";
import type { Operation, ResourceHandler } from "../../components/local/provider/handler";
import { handlers } from "../../components/local/provider/handlers";
import type { ChainFile, ChainFilesArgs } from "../../components/local/resources";
import { makeBundles } from "../../keys/bundles";
import { emptyKeyring, publicKeysOf } from "../../keys/keyring";
import type { Daemon, NetworkPlan } from "../../protocols/plan";
import { ethereumPlan } from "../support/ethereum-clusters";
import { eventually } from "../support/local";
import { PodsAsProcesses } from "../support/pods-as-processes";
import { temporaryDirectory } from "../support/temporary";

interface Chain {
  readonly genesisTime: number;
  readonly files: Readonly<Record<string, ChainFile>>;
}

/**
 * The plan of a network in clusters, its keys as they come to pods and its genesis, given to the real geth and Prysm. Two
 * nodes run: a seed, and one that knows of the seed only what the plan tells it.
 */
describe("arguments of a network in clusters, taken by the real clients", function () {
  this.timeout(300_000);
  const directory = temporaryDirectory();
  const plan = ethereumPlan({
    nodes: [
      { count: 2, validators: 16 },
      // Not started: it makes the files of the chain those that any client can read.
      { name: "other", execution: "reth", consensus: "lighthouse", validators: 0 },
    ],
    seeds: { count: 1 },
    secondsPerSlot: 2,
    genesisDelaySeconds: 15,
  });
  const daemons = plan.daemons.filter(({ node }) => node !== "other-1");
  let pods: PodsAsProcesses;

  before(async () => {
    const { bundles, publicKeys: made } = await makeBundles(plan);
    const publicKeys = publicKeysOf(plan, { ...emptyKeyring("ethereum"), keys: made });
    const chain = await chainOf(plan, publicKeys);
    const keys = { bundles, publicKeys };
    pods = await PodsAsProcesses.prepare(path.join(directory.path, "net"), plan, keys, chain);
    for (const { name } of daemons) await pods.start(name);
  });
  after(async () => {
    await pods.stop();
    directory.dispose();
  });

  it("every daemon answers by the probe that the plan has for it", async () => {
    for (const { name, readiness } of daemons) {
      assert.ok(readiness.kind === "http");
      const { port, path: file, body, statuses } = readiness;
      await running(name, async () => {
        const request = {
          method: body === undefined ? "GET" : "POST",
          headers: { "content-type": "application/json" },
          ...(body !== undefined && { body }),
        };
        return statuses.includes((await fetch(`${pods.url(name, port)}${file}`, request)).status);
      });
    }
  });

  it("validators sign with the keys of their bundle, and the chain moves on both nodes", async () => {
    for (const name of ["node-1-geth", "node-2-geth"]) {
      await running(name, async () => Number(await rpc(name, "eth_blockNumber")) >= 4);
    }
    const graffiti = new Set<string>();
    await running("node-2-prysm", async () => {
      const answer = await beacon("node-2-prysm", "/eth/v2/beacon/blocks/head");
      const { body } = (answer as { data: { message: { body: { graffiti: string } } } }).data.message;
      graffiti.add(Buffer.from(body.graffiti.slice(2), "hex").toString().replaceAll("\0", ""));
      return graffiti.has("node-1") && graffiti.has("node-2");
    });
  });

  it("verify in clusters counts the blocks of both groups of validators, and misses those of one whose keys are others", async () => {
    const proposals = async (keys: NetworkPlan["keys"]) => {
      const ways = { urlOf: ({ name }: Daemon, port: string) => Promise.resolve(pods.url(name, port)) };
      const watch = new EthereumWatch({
        ...{ plan: { ...plan, daemons, keys }, ways, publicKeys: {}, genesisTime: 0 },
      });
      await watch.look();
      return (await watch.checks()).find(({ name }) => name === "proposals");
    };
    await running("node-1-prysm", async () => (await proposals(plan.keys))?.state === "ok");
    assert.match((await proposals(plan.keys))?.detail ?? "", /blocks node-1 [1-9]\d*, node-2 [1-9]\d*$/);
    const others = plan.keys.map((key) =>
      key.kind === "validators" && key.name === "node-2-validator" ? { ...key, from: 1000 } : key,
    );
    const missed = await proposals(others);
    assert.ok(missed?.state === "not judged" || missed?.state === "failed", missed?.state);
    assert.match(missed.detail, /node-2-validator: proposed none of the last \d+ blocks/);
  });

  it("the node that is no seed has found the seed on both layers", async () => {
    await running("node-2-geth", async () => Number(await rpc("node-2-geth", "net_peerCount")) === 1);
    const peers = (await beacon("node-2-prysm", "/eth/v1/node/peer_count")) as {
      data: { connected: string };
    };
    assert.equal(peers.data.connected, "1");
  });

  it("metrics are served where the plan says", async () => {
    for (const { name, workload } of daemons) {
      const response = await fetch(`${pods.url(name, "metrics")}${workload?.metricsPath}`);
      assert.equal(response.status, 200, name);
      assert.match(await response.text(), /^# TYPE /m, name);
    }
  });

  it("no client complains of a flag, a file or a key", () => {
    const complaint = /flag provided but not defined|permission denied|no such file|not found in type/;
    // geth looks for smart cards; a setting that newer releases of other clients need is not known to Prysm.
    const harmless = /Smartcard|field SLOT_DURATION_MS not found/;
    for (const { name } of daemons) {
      const lines = pods
        .log(name)
        .split("\n")
        .filter((line) => complaint.test(line) && !harmless.test(line));
      assert.deepEqual(lines, [], name);
    }
  });

  const rpc = async (name: string, method: string): Promise<string> => {
    const response = await fetch(pods.url(name, "rpc"), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: [] }),
    });
    return ((await response.json()) as { result: string }).result;
  };
  const beacon = async (name: string, file: string): Promise<unknown> =>
    (await fetch(`${pods.url(name, "api")}${file}`)).json();

  /** Waits for what becomes true while a daemon runs; one that ended says why. */
  const running = async (name: string, holds: () => Promise<boolean>): Promise<void> => {
    try {
      await eventually(name, () => {
        if (/\nended with \S+\n$/.test(pods.log(name))) throw new Error("it ended");
        return holds().catch(() => false);
      });
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message}\n${pods.log(name).slice(-4000)}`, {
        cause: error,
      });
    }
  };
});

/** The files of the chain, made as an `up` makes them. */
async function chainOf(plan: NetworkPlan, publicKeys: Readonly<Record<string, string>>): Promise<Chain> {
  const handler = handlers()["testnet-local:index:ChainFiles"] as ResourceHandler<ChainFilesArgs, Chain>;
  const silent = () => undefined;
  const operation: Operation = {
    home: "/unused",
    urn: "urn:pulumi:test::testnet::testnet-local:index:ChainFiles::chain",
    signal: new AbortController().signal,
    log: { info: silent, warn: silent, status: silent },
  };
  const { network, era, genesis } = plan;
  return (await handler.create({ network, era, genesis, publicKeys }, operation)).outputs;
}
