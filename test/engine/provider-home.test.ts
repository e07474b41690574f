import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import { NetworkHome } from "../../components/local/home";
import { readNetworkRecord, writeNetworkRecord } from "../../components/local/network-records";
import type { HomeArgs } from "../../components/local/resources";
import { fakeDaemon, freePorts, killAllOf, processesOf, TestProvider } from "../support/local";
import { temporaryDirectory } from "../support/temporary";

describe("the Home resource", function () {
  this.timeout(90_000);
  let temporary: ReturnType<typeof temporaryDirectory>;
  let provider: TestProvider;
  let home: NetworkHome;
  /** The first of the network's ports. */
  let base: number;
  const started: ChildProcess[] = [];

  beforeEach(async () => {
    base = await freePorts(20);
    temporary = temporaryDirectory();
    provider = new TestProvider(temporary.path);
    home = new NetworkHome(temporary.path, "net");
  });
  afterEach(async () => {
    for (const child of started.splice(0)) {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    }
    await killAllOf(temporary.path);
    temporary.dispose();
  });

  const tcp = (number: number) => ({ number, transports: ["tcp"] as const });
  const inputs = (change: Partial<HomeArgs> = {}): HomeArgs => ({
    network: "net",
    ports: { from: base, to: base + 19 },
    era: 1,
    listening: {
      "geth-1": [{ number: base, transports: ["tcp", "udp"] }, tcp(base + 1)],
      d: [tcp(base + 2)],
    },
    ...change,
  });
  const create = (change?: Partial<HomeArgs>) => provider.homes.create(inputs(change), provider.operation());
  const remove = () => provider.homes.delete(inputs(), provider.operation());

  /** A process outside of the network that listens. */
  async function stranger(code: string): Promise<number> {
    const child = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
    started.push(child);
    await new Promise((resolve) => child.stdout.once("data", resolve));
    return child.pid!;
  }

  it("makes private directories and the network's record, and is found again", async () => {
    const { id, outputs } = await create();
    assert.equal(id, "net");
    assert.deepEqual(outputs, { directory: home.directory });
    assert.equal(fs.statSync(home.directory).mode & 0o777, 0o700);
    assert.deepEqual(readNetworkRecord(temporary.path, "net"), {
      ports: { from: base, to: base + 19 },
      era: 1,
    });
    assert.deepEqual(await provider.homes.read(inputs(), provider.operation()), outputs);
    fs.rmSync(home.networkRecord);
    assert.equal(await provider.homes.read(inputs(), provider.operation()), undefined);
  });

  it("lists every port in use with its holder and the daemon that wants it, and makes nothing", async () => {
    const listen = `require("net").createServer().listen(${base + 1}, "127.0.0.1", () => console.log("x"))`;
    const bind = `require("dgram").createSocket("udp4").bind(${base}, "0.0.0.0", () => console.log("x"))`;
    const [first, second] = [await stranger(listen), await stranger(bind)];
    await assert.rejects(create(), (error: Error) => {
      assert.match(
        error.message,
        new RegExp(`TN4005 port ${base}/udp, which geth-1 needs, is in use by process ${second}: `),
      );
      assert.match(
        error.message,
        new RegExp(`TN4005 port ${base + 1}/tcp, which geth-1 needs, is in use by process ${first}: .*node`),
      );
      assert.doesNotMatch(error.message, new RegExp(`${base + 2}|${base}/tcp`));
      return true;
    });
    assert.equal(fs.existsSync(home.directory), false);
  });

  it("does not mind ports that the network's own daemons hold", async () => {
    await create();
    const daemon = fakeDaemon("d", base + 2);
    await provider.processes.create({ network: "net", era: 1, daemon }, provider.operation());
    await create({ era: 2 });
    assert.equal(readNetworkRecord(temporary.path, "net")?.era, 2);
    // Not even when the record was lost: it shows by its command line.
    fs.rmSync(home.processRecord("d"));
    await create({ era: 2 });
  });

  it("writes a new era and new ports down, and looks at the new ports first", async () => {
    const { outputs } = await create();
    const pid = await stranger(
      `require("net").createServer().listen(${base + 15}, "127.0.0.1", () => console.log("x"))`,
    );
    const to = (number: number) => {
      const moved = inputs({
        era: 2,
        ports: { from: base + 10, to: base + 19 },
        listening: { d: [tcp(number)] },
      });
      const change = { id: "net", old: inputs(), inputs: moved, outputs };
      return Promise.resolve(provider.homes.update(change, provider.operation()));
    };
    await assert.rejects(to(base + 15), new RegExp(`TN4005 .*${base + 15}.*process ${pid}`));
    assert.deepEqual(readNetworkRecord(temporary.path, "net"), {
      ports: { from: base, to: base + 19 },
      era: 1,
    });
    await to(base + 16);
    assert.deepEqual(readNetworkRecord(temporary.path, "net"), {
      ports: { from: base + 10, to: base + 19 },
      era: 2,
    });
  });

  it("refuses ports that another network of this home has reserved, and keeps none of them", async () => {
    writeNetworkRecord(temporary.path, "other", { ports: { from: base - 100, to: base }, era: 1 });
    await assert.rejects(create(), /TN1010 .*network other/);
    assert.equal(readNetworkRecord(temporary.path, "net"), undefined);
  });

  it("says which directory cannot be written", async () => {
    fs.writeFileSync(`${temporary.path}/networks`, "a file where a directory should be");
    await assert.rejects(create(), /TN4004 .*networks.*: cannot be used/);
  });

  it("refuses a name that would lead out of the home", async () => {
    for (const network of ["..", "a/b", "", "."]) await assert.rejects(create({ network }), /not a name/);
  });

  it("removes the whole directory, again, and when half of it is gone", async () => {
    await create();
    fs.mkdirSync(home.era(1).secrets, { recursive: true });
    await remove();
    assert.equal(fs.existsSync(home.directory), false);
    await remove();
    await create();
    fs.rmSync(home.runDirectory, { recursive: true });
    fs.rmSync(home.networkRecord);
    await remove();
    assert.equal(fs.existsSync(home.directory), false);
  });

  it("is not removed beneath a daemon that runs, which it names", async () => {
    await create();
    const args = { network: "net", era: 1, daemon: fakeDaemon("d", base + 2) };
    const { outputs } = await provider.processes.create(args, provider.operation());
    await assert.rejects(
      async () => remove(),
      new RegExp(`TN4008 .*d \\(process ${outputs.pid}\\) still runs[^]*testnet up net`),
    );
    assert.equal(processesOf(temporary.path).length, 1);
    await provider.processes.delete(args, provider.operation());
    await remove();
  });
});
