import assert from "node:assert/strict";
import * as fs from "node:fs";
import { createServer } from "node:http";
import * as os from "node:os";
import * as path from "node:path";
import { TestNetwork } from "../support/network";

/** What is wrong with the machine rather than the input: each ends with a coded message, and nothing is left running. */
const SETTINGS = `
protocol: ethereum
nodes: [{ count: 1, validators: 8 }]
secondsPerSlot: 2
slotsPerEpoch: 4
ports: { from: 26000 }`;

describe("faults of the machine", function () {
  this.timeout("2m");
  let network: TestNetwork;

  function prepare(env: NodeJS.ProcessEnv = {}): TestNetwork {
    network = new TestNetwork("faults", SETTINGS, env);
    return network;
  }
  afterEach(() => network.dispose());

  it("TN4005: a port in use is told with its holder before anything starts", async () => {
    prepare();
    const server = createServer().listen(26_001, "127.0.0.1");
    try {
      const { status, stderr } = await network.run("up", "--no-wait");
      assert.equal(status, 1);
      assert.match(stderr, /TN4005/);
      assert.match(stderr, new RegExp(`26001.*node-1-geth|node-1-geth.*26001`));
      assert.match(stderr, new RegExp(String(process.pid)), "the holder's pid");
      assert.deepEqual(network.processes(), []);
    } finally {
      server.close();
    }
  });

  it("TN4001: a missing tool is told with what to install, and nothing is created", async () => {
    const empty = fs.mkdtempSync(path.join(os.tmpdir(), "testnet-empty-"));
    prepare({ PATH: empty, TESTNET_TOOLS_CACHE: empty });
    const { status, stderr } = await network.run("up", "--no-wait");
    fs.rmSync(empty, { recursive: true });
    assert.equal(status, 1);
    assert.match(stderr, /TN4001/);
    assert.match(stderr, /Install Go/i);
    assert.ok(!fs.existsSync(network.home));
  });

  it("TN4004: a state directory that cannot be made", async () => {
    prepare({ TESTNET_HOME: "/dev/null/testnet" });
    const { status, stderr } = await network.run("up", "--no-wait");
    assert.equal(status, 1);
    assert.match(stderr, /TN4004 .*\/dev\/null\/testnet/);
  });

  it("TN2002: a wrong passphrase", async () => {
    prepare();
    assert.equal((await network.run("preview")).status, 0);
    network.env["PULUMI_CONFIG_PASSPHRASE"] = "not it";
    const { status, stderr } = await network.run("up", "--no-wait");
    delete network.env["PULUMI_CONFIG_PASSPHRASE"];
    assert.equal(status, 2, stderr);
    assert.match(stderr, /TN2002/);
    assert.deepEqual(network.processes(), []);
  });

  it("TN2003: a stack that another run holds; the lock of a dead run is broken by itself", async () => {
    prepare();
    assert.equal((await network.run("preview")).status, 0);
    const locks = path.join(network.home, "backend/.pulumi/locks/organization/testnet/faults");
    fs.mkdirSync(locks, { recursive: true });
    const lockOf = (pid: number) =>
      fs.writeFileSync(
        path.join(locks, "test.json"),
        JSON.stringify({
          pid,
          username: "somebody",
          hostname: os.hostname(),
          timestamp: new Date().toISOString(),
        }),
      );
    lockOf(process.pid);
    const held = await network.run("down", "--keep-data");
    assert.equal(held.status, 1, held.stderr);
    assert.match(held.stderr, /TN2003 .*somebody/);
    lockOf(2 ** 22); // above the highest pid Linux gives
    const free = await network.run("down", "--keep-data");
    assert.equal(free.status, 0, free.stderr);
  });

  it("TN3002: a client that ends at once is told with the end of its log, and up mends it later", async () => {
    prepare({ TESTNET_TOOL_GETH: "/bin/ls" });
    const { status, stderr } = await network.run("up", "--no-wait");
    assert.equal(status, 1);
    assert.match(stderr, /TN3002/);
    assert.match(stderr, /node-1-geth.log/);
    assert.match(stderr, /unrecognized option/, "the program's own words");
    assert.deepEqual(network.processes(), []);
    delete network.env["TESTNET_TOOL_GETH"];
    const again = await network.run("up", "--no-wait");
    assert.equal(again.status, 0, again.stderr);
  });
});
