import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { busyPorts } from "../../components/local/ports";
import { resolveProgram } from "../../tools/resolve";
import { eventually, ROOT, TestNetwork } from "../support/network";

/**
 * A three-node network of real geth and real Prysm, made by the real engine, through its whole life. The cases build on
 * each other in the order a person would do these things.
 */
const SETTINGS = `
protocol: ethereum
nodes: [{ count: 3, validators: 8 }]
secondsPerSlot: 2
slotsPerEpoch: 4
ports: { from: 24000 }`;

interface Report {
  readonly ok: boolean;
  readonly era: number;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}

async function rpc<T>(method: string, params: unknown[] = [], node = 0): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${24_001 + node * 20}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  return ((await response.json()) as { result: T }).result;
}

const height = async () => Number(await rpc<string>("eth_blockNumber"));
const genesisHash = async () => (await rpc<{ hash: string }>("eth_getBlockByNumber", ["0x0", false])).hash;

describe("a network of three nodes, real geth and Prysm", function () {
  this.timeout("10m");
  const network = new TestNetwork("life", SETTINGS);
  let firstGenesis = "";

  after(() => network.dispose());

  async function upAndVerified(): Promise<string> {
    const { status, stdout, stderr } = await network.run("up");
    assert.equal(status, 0, stderr + stdout);
    return stderr + stdout;
  }

  it("up brings it up and ends when it is verified", async () => {
    const output = await upAndVerified();
    assert.match(output, /mnemonic, shown once/);
    assert.equal(Object.keys(network.pids()).length, 9);
    firstGenesis = await genesisHash();
  });

  it("verify says ok of every check, as JSON", async () => {
    const { status, data } = await network.json<Report>("verify");
    assert.equal(status, 0);
    assert.equal(data.ok, true);
    assert.ok(data.checks.length >= 6);
    assert.deepEqual(
      data.checks.filter((check) => !check.ok),
      [],
    );
  });

  it("peers lists the two others of each execution client, sorted, in words and JSON", async () => {
    interface Peers {
      nodes: { daemon: string; peers: { id: string; direction: string; address: string }[] }[];
    }
    const { data } = await network.json<Peers>("peers");
    assert.deepEqual(
      data.nodes.map(({ daemon, peers }) => [daemon, peers.length]),
      [1, 2, 3].map((node) => [`node-${node}-geth`, 2]),
    );
    for (const { peers } of data.nodes) {
      assert.deepEqual(
        peers.map(({ id }) => id),
        peers.map(({ id }) => id).sort(),
      );
      for (const { address } of peers) assert.match(address, /^127\.0\.0\.1:/);
    }
    const words = (await network.run("peers")).stdout;
    for (const { id } of data.nodes.flatMap(({ peers }) => peers)) {
      assert.ok(words.includes(id.slice(0, 16)), id);
    }
  });

  it("no private key is in the state, the logs or the command lines", () => {
    const era = network.path("home", "networks", "life", "eras", "1");
    const secrets = fs
      .readdirSync(path.join(era, "secrets"), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => fs.readFileSync(path.join(era, "secrets", entry.name), "utf8").trim());
    assert.ok(secrets.length > 10);
    const places = [
      ...filesBelow(network.path("home", "backend")),
      ...filesBelow(network.path("home", "networks", "life", "logs")),
      ...filesBelow(network.path("home", "networks", "life", "run")),
    ];
    for (const file of places) {
      const text = fs.readFileSync(file, "utf8");
      for (const secret of secrets) assert.ok(!text.includes(secret), file);
    }
  });

  it("a second up changes nothing", async () => {
    const before = network.pids();
    const { status, stderr } = await network.run("up", "--no-wait");
    assert.equal(status, 0, stderr);
    assert.match(stderr, /nothing to change/);
    assert.deepEqual(network.pids(), before);
  });

  it("pulumi up goes through the other door and finds nothing to change either", async () => {
    const { path: pulumi } = await resolveProgram("pulumi");
    const hosts = path.join(ROOT, "test/support/language-host");
    const env = JSON.parse((await network.run("env", "--json")).stdout) as Record<string, string>;
    const config = network.path("home", "pulumi", "life", "Pulumi.life.yaml");
    const output = execFileSync(
      pulumi,
      [
        "up",
        "--stack",
        "life",
        "--config-file",
        config,
        "--yes",
        "--skip-preview",
        "--expect-no-changes",
        "--non-interactive",
      ],
      {
        cwd: ROOT,
        encoding: "utf8",
        env: { ...network.env, ...env, PATH: [hosts, path.dirname(pulumi), process.env["PATH"]].join(":") },
      },
    );
    assert.match(output, /unchanged/);
  });

  // A validator client restarts with the clients of its node, everything else is left alone.
  for (const [victims, restarted] of [
    [["node-1-geth"], ["node-1-validator"]],
    [["node-2-prysm"], ["node-2-validator"]],
    [["node-3-validator"], []],
    [
      ["node-1-geth", "node-2-prysm", "node-3-validator"],
      ["node-1-validator", "node-2-validator"],
    ],
  ] as const) {
    it(`kill -9 of ${victims.join(", ")}: up heals it, the chain goes on, finality returns`, async () => {
      const before = network.pids();
      for (const victim of victims) process.kill(before[victim]!, "SIGKILL");
      assert.equal((await network.run("status")).status, 1, "status tells that a daemon is dead");
      const killedAt = Number(await rpc<string>("eth_blockNumber", [], 1));
      const output = await upAndVerified();
      for (const victim of victims) assert.match(output, new RegExp(`created +life-${victim}`));
      const after = network.pids();
      const renewed = Object.keys(before).filter((name) => after[name] !== before[name]);
      assert.deepEqual(renewed.sort(), [...victims, ...restarted].sort());
      assert.ok((await height()) > killedAt);
      assert.equal(await genesisHash(), firstGenesis);
    });
  }

  it("down --keep-data stops everything in order, up resumes the same chain", async () => {
    const stoppedAt = await height();
    const down = await network.run("down", "--keep-data");
    assert.equal(down.status, 0, down.stderr);
    assert.deepEqual(network.processes(), []);
    assert.equal(network.record("node-1-geth")?.state, "stopped");
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    const output = await upAndVerified();
    assert.doesNotMatch(output, /mnemonic, shown once|TN3004/);
    assert.equal(await genesisHash(), firstGenesis);
    assert.ok((await height()) >= stoppedAt, `${await height()} >= ${stoppedAt}`);
  });

  it("a beacon node that died some blocks before the stop comes up with the head of the others", async () => {
    process.kill(network.pids()["node-3-prysm"]!, "SIGKILL");
    const diedAt = await height();
    await eventually("blocks it does not have", 60, async () => (await height()) > diedAt + 2);
    assert.equal((await network.run("down", "--keep-data")).status, 0);
    const output = await upAndVerified();
    // Nobody was there to make the block from which it learns of them.
    assert.match(output, /the chain stood; \d+ blocks? (was|were) made to wake it/);
    assert.equal(await genesisHash(), firstGenesis);
  });

  it("a crash of everything: up says what is lost and starts the next era on the same ports", async () => {
    Object.values(network.pids()).forEach((pid) => process.kill(pid, "SIGKILL"));
    const output = await upAndVerified();
    assert.match(output, /TN3004 .*chain of era 1 is gone; era 2 starts fresh/);
    assert.notEqual(await genesisHash(), firstGenesis);
    assert.ok(
      !fs.existsSync(network.path("home", "networks", "life", "eras", "1")),
      "the lost era is removed",
    );
  });

  it("reset starts the next era: another genesis, the same names and ports", async () => {
    const before = await genesisHash();
    const names = Object.keys(network.pids());
    const { status, stderr } = await network.run("reset", "--yes");
    assert.equal(status, 0, stderr);
    assert.notEqual(await genesisHash(), before);
    assert.deepEqual(Object.keys(network.pids()), names);
    assert.equal((await network.json<Report>("verify")).data.era, 3);
  });

  it("a change that needs another genesis is refused, and says to reset", async () => {
    network.configure(SETTINGS.replace("slotsPerEpoch: 4", "slotsPerEpoch: 8"));
    const before = network.pids();
    const { status, stderr } = await network.run("up", "--no-wait");
    assert.notEqual(status, 0);
    assert.match(stderr, /testnet reset life/);
    assert.deepEqual(network.pids(), before);
    network.configure(SETTINGS);
  });

  it("down leaves no process, no port and no file of the network", async () => {
    const { status, stderr } = await network.run("down", "--yes");
    assert.equal(status, 0, stderr);
    assert.deepEqual(network.processes(), []);
    const ports = Array.from({ length: 60 }, (_, index) => 24_000 + index);
    const busy = await busyPorts(
      ports.flatMap((number) => [
        { number, transport: "tcp" as const },
        { number, transport: "udp" as const },
      ]),
    );
    assert.deepEqual(busy, []);
    assert.ok(!fs.existsSync(network.path("home", "networks", "life")));
  });
});

function filesBelow(directory: string): string[] {
  return fs
    .readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
