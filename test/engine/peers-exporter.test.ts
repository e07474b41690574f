import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import * as net from "node:net";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ethereumMonitoring } from "../../protocols/ethereum/monitoring";
import { resolveProgram } from "../../tools/resolve";
import { plannedDaemon } from "../support/planned-daemons";
import { temporaryDirectory } from "../support/temporary";
import prysmBeacon from "./metric-names/prysm-beacon-chain-6.0.4.json";
import prysmValidator from "./metric-names/prysm-validator-6.0.4.json";

/** The exporter of peers and the read-only RPC, before two real geths that know only each other. */

const SERVICES = path.resolve(__dirname, "../../services");

/** A chain from the merge on: enough for two nodes to talk. */
const GENESIS = {
  config: {
    chainId: 424_242,
    ...Object.fromEntries(
      [
        "homestead",
        "eip150",
        "eip155",
        "eip158",
        "byzantium",
        "constantinople",
        "petersburg",
        "istanbul",
        "berlin",
        "london",
      ].map((fork) => [`${fork}Block`, 0]),
    ),
    terminalTotalDifficulty: 0,
    shanghaiTime: 0,
  },
  difficulty: "0x0",
  gasLimit: "0x1c9c380",
  alloc: {},
};

/** Ports that were free a moment ago. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<net.Server>((resolve) => {
          const server = net.createServer();
          server.listen(0, "127.0.0.1", () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

interface Geth {
  readonly rpc: string;
  readonly metrics: string;
  readonly process: ChildProcess;
}

async function startGeth(program: string, directory: string): Promise<Geth> {
  fs.mkdirSync(directory, { recursive: true });
  const genesis = path.join(directory, "genesis.json");
  fs.writeFileSync(genesis, JSON.stringify(GENESIS));
  const [p2p, rpc, engine, metrics] = (await freePorts(4)) as [number, number, number, number];
  const args = [
    `--datadir=${path.join(directory, "data")}`,
    `--override.genesis=${genesis}`,
    "--nodiscover",
    "--netrestrict=127.0.0.0/8",
    "--nat=extip:127.0.0.1",
    `--port=${p2p}`,
    ...["--http", "--http.addr=127.0.0.1", `--http.port=${rpc}`, "--http.api=eth,net,web3,admin"],
    `--authrpc.port=${engine}`,
    ...["--metrics", "--metrics.addr=127.0.0.1", `--metrics.port=${metrics}`],
    "--ipcdisable",
    "--cache=64",
  ];
  const log = fs.openSync(path.join(directory, "geth.log"), "w");
  const process = spawn(program, args, { stdio: ["ignore", log, log] });
  return {
    rpc: `http://127.0.0.1:${rpc}`,
    metrics: `http://127.0.0.1:${metrics}/debug/metrics/prometheus`,
    process,
  };
}

async function rpc<T>(url: string, method: string, ...params: unknown[]): Promise<T> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const { result, error } = (await response.json()) as { result: T; error?: { message: string } };
  if (error !== undefined) throw new Error(error.message);
  return result;
}

async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  let last: unknown;
  for (let tried = 0; tried < 120; tried += 1) {
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      last = error;
    }
    await sleep(500);
  }
  throw new Error("it did not come true", { cause: last });
}

/** One of our services, run as its container would be. */
async function startService(
  script: string,
  port: number,
  env: Record<string, string>,
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [path.join(SERVICES, script)], { env, stdio: "ignore" });
  await eventually(async () => ((await fetch(`http://127.0.0.1:${port}/healthz`)).ok ? true : undefined));
  return child;
}

async function text(url: string): Promise<string> {
  return (await fetch(url)).text();
}

describe("services before real execution clients", function () {
  this.timeout(120_000);
  const directory = temporaryDirectory();
  const children: ChildProcess[] = [];
  let first: Geth;
  let second: Geth;
  let exporter: string;
  let proxy: string;

  before(async function () {
    this.timeout(900_000);
    const { path: program } = await resolveProgram("geth");
    first = await startGeth(program, path.join(directory.path, "first"));
    second = await startGeth(program, path.join(directory.path, "second"));
    children.push(first.process, second.process);
    const { enode } = await eventually(() => rpc<{ enode: string }>(second.rpc, "admin_nodeInfo"));
    await eventually(() => rpc<boolean>(first.rpc, "admin_addPeer", enode));
    const [ports, dead] = [(await freePorts(2)) as [number, number], (await freePorts(1))[0]];
    const targets = [
      { daemon: "node-1-geth", url: first.rpc },
      { daemon: "node-2-geth", url: second.rpc },
      { daemon: "node-3-geth", url: `http://127.0.0.1:${dead}` },
    ];
    children.push(
      await startService("peers-exporter.mjs", ports[0], {
        EXPORTER_PORT: String(ports[0]),
        EXPORTER_TARGETS: JSON.stringify(targets),
      }),
      await startService("rpc-proxy.mjs", ports[1], {
        PROXY_PORT: String(ports[1]),
        // The first does not answer: the next one is asked.
        PROXY_UPSTREAMS: JSON.stringify([`http://127.0.0.1:${dead}`, first.rpc]),
        PROXY_TRANSACTIONS: "false",
      }),
    );
    exporter = `http://127.0.0.1:${ports[0]}/metrics`;
    proxy = `http://127.0.0.1:${ports[1]}`;
    await eventually(async () =>
      (await text(exporter)).includes("testnet_execution_peer{") ? true : undefined,
    );
  });

  after(() => {
    children.forEach((child) => child.kill("SIGKILL"));
    directory.dispose();
  });

  it("each client's peers are listed by name, client and direction", async () => {
    const lines = (
      await eventually(async () => {
        const seen = (await text(exporter))
          .split("\n")
          .filter((line) => line.startsWith("testnet_execution_peer{"));
        return seen.length === 2 ? seen : undefined;
      })
    ).sort();
    assert.deepEqual(lines, [
      'testnet_execution_peer{daemon="node-1-geth",peer="node-2-geth",client="geth",direction="outbound"} 1',
      'testnet_execution_peer{daemon="node-2-geth",peer="node-1-geth",client="geth",direction="inbound"} 1',
    ]);
  });

  it("they are counted, and who does not answer is told, with how often", async () => {
    const before = await text(exporter);
    assert.match(before, /^testnet_execution_peers\{daemon="node-1-geth"\} 1$/m);
    assert.match(before, /^testnet_execution_up\{daemon="node-1-geth"\} 1$/m);
    assert.match(before, /^testnet_execution_up\{daemon="node-3-geth"\} 0$/m);
    assert.doesNotMatch(before, /^testnet_execution_peers\{daemon="node-3-geth"\}/m);
    const errors = (page: string) =>
      Number(/scrape_errors_total\{daemon="node-3-geth"\} (\d+)/.exec(page)?.[1]);
    assert.equal(errors(await text(exporter)), errors(before) + 1);
  });

  it("a peer that left is listed no more", async () => {
    const { enode } = await rpc<{ enode: string }>(second.rpc, "admin_nodeInfo");
    await rpc(first.rpc, "admin_removePeer", enode);
    await eventually(async () =>
      (await text(exporter)).includes("testnet_execution_peer{") ? undefined : true,
    );
    assert.match(await text(exporter), /^testnet_execution_peers\{daemon="node-1-geth"\} 0$/m);
    await rpc(first.rpc, "admin_addPeer", enode);
  });

  it("reads pass the read-only RPC, from the client that answers", async () => {
    assert.equal(await rpc(proxy, "eth_chainId"), `0x${GENESIS.config.chainId.toString(16)}`);
    const block = await rpc<{ number: string }>(proxy, "eth_getBlockByNumber", "latest", false);
    assert.equal(block.number, "0x0");
  });

  for (const method of [
    "admin_peers",
    "admin_addPeer",
    "debug_setHead",
    "eth_sendRawTransaction",
    "personal_sign",
    "eth_newFilter",
  ]) {
    it(`${method} does not pass`, async () => {
      await assert.rejects(rpc(proxy, method), new Error(`${method} is not served here`));
    });
  }

  it("of a batch only reads pass, and each that does not is told so", async () => {
    const response = await fetch(proxy, {
      method: "POST",
      body: JSON.stringify([
        { jsonrpc: "2.0", id: 1, method: "admin_peers", params: [] },
        { jsonrpc: "2.0", id: 2, method: "eth_chainId", params: [] },
      ]),
    });
    const answers = (await response.json()) as { id: number; result?: string; error?: { code: number } }[];
    const byId = new Map(answers.map((answer) => [answer.id, answer]));
    assert.equal(byId.get(1)?.error?.code, -32601);
    assert.equal(byId.get(2)?.result, `0x${GENESIS.config.chainId.toString(16)}`);
  });

  it("what is no JSON-RPC, too long or not posted is refused", async () => {
    const post = async (body: string) => {
      const response = await fetch(proxy, { method: "POST", body });
      return [
        response.status,
        response.status === 200 ? ((await response.json()) as { error: { code: number } }).error.code : 0,
      ];
    };
    assert.deepEqual(await post("no JSON"), [200, -32700]);
    assert.deepEqual(await post("[]"), [200, -32600]);
    assert.deepEqual(await post('{"method":{"toString":"eth_chainId"}}'), [200, -32600]);
    assert.deepEqual(await post(" ".repeat(2 * 1024 * 1024)), [413, 0]);
    assert.equal((await fetch(proxy)).status, 405);
  });

  it("metrics in rules and on the dashboard are served by geth 1.17.8 and Prysm 6.0.4", async () => {
    const page = await text(first.metrics);
    const geth = [...page.matchAll(/^([a-z_0-9]+)/gim)].map(([name]) => name);
    const others = ["up", "testnet_execution_up", "testnet_execution_peer"];
    const kubernetes = /^(container_|kubelet_)/;
    const known = new Set([...geth, ...prysmBeacon, ...prysmValidator, ...others]);
    const { rules, dashboards } = ethereumMonitoring({
      network: "qa",
      daemons: ["a", "b"].map((name) => plannedDaemon({ name, role: "execution" })),
      secondsPerSlot: 12,
      slotsPerEpoch: 32,
      publicNetwork: false,
    });
    const exprs = [...rules, ...dashboards.flatMap(({ graphs }) => graphs)].map(({ expr }) => expr);
    const used = new Set(
      exprs.flatMap((expr) => [...expr.matchAll(/([a-z_0-9]+)\{/g)].map(([, name]) => name ?? "")),
    );
    assert.ok(used.size > 15);
    assert.deepEqual(
      [...used].filter((name) => !known.has(name) && !kubernetes.test(name)),
      [],
    );
  });
});

describe("the exporter of peers before clients of other makes", function () {
  this.timeout(30_000);

  /** What `admin_peers` of each looks like, by its documentation. */
  const KEY = "ab".repeat(64);
  const SHAPES: Readonly<Record<string, unknown>> = {
    reth: {
      id: "cd".repeat(32),
      name: "reth/v1.9.0/linux",
      enode: `enode://${KEY}@10.0.0.1:30303`,
      network: { inbound: true },
    },
    besu: {
      id: `0x${KEY}`,
      name: "besu/v25.9.0/linux",
      network: { inbound: false, remoteAddress: "10.0.0.1:30303" },
    },
    erigon: {
      id: "cd".repeat(32),
      name: "erigon/v3.1.0/linux",
      enode: `enode://${KEY}@10.0.0.1:30303`,
      network: { inbound: false },
    },
    nethermind: {
      clientId: "Nethermind/v1.34.0/linux",
      enode: `enode://${KEY}@10.0.0.1:30303`,
      inbound: true,
    },
  };

  async function exported(answer: (method: string) => unknown): Promise<string> {
    const server = http.createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("end", () => {
        const { method } = JSON.parse(Buffer.concat(pieces).toString()) as { method: string };
        response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, ...(answer(method) as object) }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const [port] = (await freePorts(1)) as [number];
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const child = await startService("peers-exporter.mjs", port, {
      EXPORTER_PORT: String(port),
      EXPORTER_TARGETS: JSON.stringify([{ daemon: "one", url }]),
    });
    try {
      return await text(`http://127.0.0.1:${port}/metrics`);
    } finally {
      child.kill("SIGKILL");
      server.close();
    }
  }

  for (const [client, shape] of Object.entries(SHAPES)) {
    it(`${client}: id, client and direction`, async () => {
      const page = await exported((method) =>
        method === "admin_peers" ? { result: [shape] } : { error: { code: -32601, message: "no" } },
      );
      const direction = client === "reth" || client === "nethermind" ? "inbound" : "outbound";
      assert.match(
        page,
        new RegExp(
          `^testnet_execution_peer\\{daemon="one",peer="${"ab".repeat(8)}",client="${client}",direction="${direction}"\\} 1$`,
          "m",
        ),
      );
    });
  }

  it("one without admin_peers is counted all the same", async () => {
    const page = await exported((method) =>
      method === "net_peerCount"
        ? { result: "0x1f" }
        : { error: { code: -32601, message: "the method does not exist" } },
    );
    assert.match(page, /^testnet_execution_peers\{daemon="one"\} 31$/m);
    assert.match(page, /^testnet_execution_up\{daemon="one"\} 1$/m);
  });

  it("names in labels cannot break out of them", async () => {
    const evil = { id: KEY, name: 'x"} 1\ntestnet_execution_up{daemon="forged' };
    const page = await exported((method) => (method === "admin_peers" ? { result: [evil] } : { result: {} }));
    assert.doesNotMatch(page, /^testnet_execution_up\{daemon="forged/m);
  });
});
