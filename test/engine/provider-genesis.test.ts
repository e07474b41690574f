import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { NetworkHome, type EraHome } from "../../components/local/home";
import { Cancelled } from "../../components/local/provider/handler";
import { readGenesisRecord } from "../../components/local/provider/places";
import type { MakeKeys } from "../../components/local/provider/keys";
import type { Genesis, KeyRequest } from "../../protocols/plan";
import { eventually, fakeDaemon, freePorts, killAllOf, processesOf, TestProvider } from "../support/local";
import { temporaryDirectory } from "../support/temporary";

/** Makes a file for each request, once, and a public part from it. */
const fakeKeys: MakeKeys = (requests, { secrets }) => {
  const made = requests.map(({ kind, name }) => {
    const file = path.join(secrets, name);
    // Careless about permissions on purpose.
    if (!fs.existsSync(file)) fs.writeFileSync(file, String(Math.random()), { mode: 0o666 });
    return [`${kind} ${name}`, `${kind}://${fs.readFileSync(file, "utf8")}`];
  });
  return Promise.resolve(Object.fromEntries(made) as Record<string, string>);
};

describe("keys and genesis", function () {
  this.timeout(90_000);
  let temporary: ReturnType<typeof temporaryDirectory>;
  let provider: TestProvider;
  let era: EraHome;

  beforeEach(() => {
    temporary = temporaryDirectory();
    provider = new TestProvider(temporary.path, { makeKeys: fakeKeys });
    era = new NetworkHome(temporary.path, "net").era(1);
  });
  afterEach(async () => {
    await killAllOf(temporary.path);
    temporary.dispose();
  });

  const enode = (name: string): KeyRequest => ({
    kind: "enode",
    name,
    host: "127.0.0.1",
    tcpPort: 1,
    udpPort: 1,
  });
  const keysOf = (...names: string[]) => ({ network: "net", era: 1, requests: names.map(enode) });
  const makeKeys = (...names: string[]) => provider.keys.create(keysOf(...names), provider.operation());

  describe("the Keys resource", () => {
    it("makes keys in private files; their public parts are all that is told", async () => {
      const { id, outputs } = await makeKeys("a", "b");
      assert.equal(id, "net/1");
      assert.deepEqual(Object.keys(outputs.publicKeys), ["enode a", "enode b"]);
      assert.deepEqual(JSON.parse(fs.readFileSync(era.publicKeys, "utf8")), outputs.publicKeys);
      assert.equal(fs.statSync(era.secret("a")).mode & 0o777, 0o600);
      assert.equal(fs.statSync(era.secrets).mode & 0o777, 0o700);
      assert.deepEqual(await provider.keys.read(keysOf("a", "b"), provider.operation()), outputs);
    });

    it("adds keys for new requests and leaves the others as they are", async () => {
      const { outputs } = await makeKeys("a");
      const change = { id: "net/1", old: keysOf("a"), inputs: keysOf("a", "b"), outputs };
      const updated = await provider.keys.update(change, provider.operation());
      assert.equal(updated.publicKeys["enode a"], outputs.publicKeys["enode a"]);
      assert.equal(typeof updated.publicKeys["enode b"], "string");
    });

    it("is gone when its files are, and removes the whole era", async () => {
      await makeKeys("a");
      fs.rmSync(era.publicKeys);
      assert.equal(await provider.keys.read(keysOf("a"), provider.operation()), undefined);
      fs.mkdirSync(era.data("d"), { recursive: true });
      await provider.keys.delete(keysOf("a"), provider.operation());
      assert.equal(fs.existsSync(era.directory), false);
      await provider.keys.delete(keysOf("a"), provider.operation());
    });

    it("is not removed beneath a daemon of its era that runs", async () => {
      await makeKeys("a");
      const args = { network: "net", era: 1, daemon: fakeDaemon("d", await freePorts(1)) };
      await provider.processes.create(args, provider.operation());
      await assert.rejects(async () => provider.keys.delete(keysOf("a"), provider.operation()), /TN4008/);
      assert.ok(fs.existsSync(era.secret("a")));
      // A daemon of another era is none of its business.
      await provider.keys.delete({ ...keysOf("a"), era: 2 }, provider.operation());
    });
  });

  /** A tool that copies what it is given into a file. */
  const copies = (from: string, to: string) => ({
    program: "/bin/sh",
    args: ["-c", `cp "$1" "$2" && echo run >> runs`, "sh", `{{shared}}/${from}`, to],
    produces: [to],
  });
  const GENESIS: Genesis = {
    files: [
      { path: "sub/in.json", content: '{"time":{{genesis-time}},"peer":"{{enode a}}","at":"{{shared}}"}' },
    ],
    runs: [copies("sub/in.json", "out.json"), copies("out.json", "out.ssz")],
    delaySeconds: 10,
  };
  const inputsOf = (genesis: Genesis = GENESIS) => ({ network: "net", era: 1, genesis });
  const create = (genesis?: Genesis, signal?: AbortSignal) =>
    provider.genesis.create(inputsOf(genesis), provider.operation(signal));
  const runs = () => fs.readFileSync(path.join(era.shared, "runs"), "utf8").trim().split("\n").length;

  describe("the Genesis resource", () => {
    beforeEach(() => makeKeys("a"));

    it("writes files with references resolved and runs the tools in order in the shared directory", async () => {
      const before = Date.now() / 1000;
      const { outputs } = await create();
      assert.ok(Number.isInteger(outputs.genesisTime));
      assert.ok(outputs.genesisTime >= before + 10 && outputs.genesisTime <= Date.now() / 1000 + 11);
      const made = JSON.parse(fs.readFileSync(path.join(era.shared, "out.ssz"), "utf8")) as Record<
        string,
        unknown
      >;
      assert.equal(made["time"], outputs.genesisTime);
      assert.match(String(made["peer"]), /^enode:\/\//);
      assert.equal(made["at"], era.shared);
      const record = readGenesisRecord(era)!;
      assert.deepEqual(Object.keys(record.files), ["out.json", "out.ssz", "sub/in.json"]);
      assert.match(record.files["out.ssz"]!, /^[0-9a-f]{64}$/);
      assert.deepEqual(await provider.genesis.read(inputsOf(), provider.operation()), outputs);
    });

    it("adopts what is complete, whatever the delay, and begins again after an interruption", async () => {
      const { outputs } = await create();
      const again = await create({ ...GENESIS, delaySeconds: 99 });
      assert.deepEqual(again.outputs, outputs);
      assert.equal(runs(), 2);
      fs.rmSync(era.genesisRecord);
      fs.writeFileSync(path.join(era.shared, "out.json"), "half");
      await create();
      assert.equal(runs(), 2, "the directory was made anew");
    });

    it("shows the last words of a tool that fails, and keeps no record", async () => {
      const fails = { program: "/bin/sh", args: ["-c", "echo one; echo two >&2; exit 5"], produces: [] };
      await assert.rejects(
        create({ ...GENESIS, runs: [fails] }),
        /TN3003 \/bin\/sh ended with exit code 5; its last words:\n {4}\| one\n {4}\| two\n/,
      );
      const idle = { program: "/bin/sh", args: ["-c", "true"], produces: ["x", "y"] };
      await assert.rejects(
        create({ ...GENESIS, runs: [idle] }),
        /TN3003 .* did not write x, y, without a word/,
      );
      assert.equal(readGenesisRecord(era), undefined);
    });

    it("kills a tool when cancelled", async () => {
      const controller = new AbortController();
      const waits = {
        program: process.execPath,
        args: ["-e", "setTimeout(() => {}, 60000)", "{{shared}}"],
        produces: [],
      };
      const work = create({ ...GENESIS, runs: [waits] }, controller.signal);
      await eventually("the tool runs", () => processesOf(temporary.path).length === 1);
      controller.abort();
      await assert.rejects(work, Cancelled);
      await eventually("the tool is gone", () => processesOf(temporary.path).length === 0);
    });

    it("refuses what would change the chain's genesis, with the command that makes a fresh chain", async () => {
      await create();
      const other = inputsOf({ ...GENESIS, files: [{ path: "in.json", content: "other" }] });
      const check = (inputs: typeof other, old?: typeof other) =>
        provider.genesis.check!(inputs, old, temporary.path);
      assert.deepEqual(check(inputsOf(), inputsOf()), []);
      assert.deepEqual(check(inputsOf({ ...GENESIS, delaySeconds: 99 }), inputsOf()), []);
      assert.match(check(other, inputsOf())[0]!.reason, /TN1007 [^]*testnet reset net/);
      // Not in the state, as after `down --keep-data`, but on disk.
      assert.match(check(other)[0]!.reason, /TN1007/);
      await assert.rejects(create(other.genesis), /TN1007/);
      // Another era is another chain.
      assert.deepEqual(check({ ...other, era: 2 }, inputsOf()), []);
    });

    it("does not make a genesis again whose files were removed: daemons hold the chain of the old one", async () => {
      await create();
      fs.rmSync(path.join(era.shared, "out.ssz"));
      await assert.rejects(create(), /TN3003 .*out\.ssz/);
    });

    it("names a reference that stands for nothing", async () => {
      const files = [{ path: "x", content: "{{enode nobody}}" }];
      await assert.rejects(
        create({ ...GENESIS, files }),
        /\{\{enode nobody\}\} names a key that was not made/,
      );
    });
  });

  describe("the AfterStart resource", () => {
    const inputs = {
      network: "net",
      era: 1,
      action: {
        kind: "align-execution-heads" as const,
        pairs: [{ execution: "geth-1", consensus: "prysm-1" }],
      },
      endpoints: { "geth-1": "http://127.0.0.1:1", "prysm-1": "http://127.0.0.1:2" },
      pids: { "geth-1": 1, "prysm-1": 2 },
    };

    it("runs its action on the addresses of the daemons, on every create and update", async () => {
      const seen: unknown[] = [];
      const aligned = new TestProvider(temporary.path, {
        runAction: (action, urlOf, chain, { log }) => {
          assert.equal(chain.era, 1);
          assert.equal(action.kind, "align-execution-heads");
          seen.push(action.pairs.flatMap((pair) => [urlOf(pair.execution), urlOf(pair.consensus)]));
          log.info("done");
          return Promise.resolve();
        },
      });
      const { id } = await aligned.afterStarts.create(inputs, aligned.operation());
      const changed = { ...inputs, pids: { "geth-1": 3, "prysm-1": 2 } };
      await aligned.afterStarts.update(
        { id, old: inputs, inputs: changed, outputs: {} },
        aligned.operation(),
      );
      const pair = ["http://127.0.0.1:1", "http://127.0.0.1:2"];
      assert.deepEqual(seen, [pair, pair]);
      assert.deepEqual(aligned.logged.at(-1), { kind: "info", message: "done" });
    });
  });
});
