import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { NetworkHome } from "../../components/local/home";
import { LocalProvider } from "../../components/local/local-provider";
import { identify, isAlive, readProcessRecord } from "../../components/local/processes";
import {
  AfterStartResource,
  GenesisResource,
  HomeResource,
  KeysResource,
  ProcessResource,
} from "../../components/local/resources";
import type { Daemon, Genesis } from "../../protocols/plan";
import { TestEngine } from "../support/engine";
import { about, eventually, fakeDaemon, freePorts, killAllOf, processesOf } from "../support/local";

/** What a test network is; fields change from run to run. */
interface Network {
  readonly era?: number;
  readonly genesis?: string;
  readonly first?: Daemon;
  readonly second?: Daemon;
}

describe("the provider under the real engine", function () {
  this.timeout(180_000);
  let engine: TestEngine;
  let home: NetworkHome;
  let port: number;

  before(async () => {
    engine = await TestEngine.start();
    port = await freePorts(21);
    home = new NetworkHome(path.join(engine.directory, "testnet"), "net");
  });
  after(async () => {
    await killAllOf(engine.directory);
    engine.dispose();
  });

  const pid = (daemon: string) => readProcessRecord(home.processRecord(daemon))!.identity!.pid;
  const daemons = () => processesOf(`${home.directory}/eras/`).length;
  const startsOf = (daemon: string, era = 1) =>
    fs
      .readFileSync(path.join(home.era(era).data(daemon), "starts"), "utf8")
      .trim()
      .split("\n");

  /** Deploys two daemons, the second after the first, with keys, genesis and what comes after the start. */
  const deploy = ({ era = 1, genesis = "first", first, second }: Network = {}) => {
    const one = first ?? fakeDaemon("one", port, ["--say", "{{shared}}/genesis.txt"]);
    const two = second ?? fakeDaemon("two", port + 1);
    const made: Genesis = { files: [{ path: "genesis.txt", content: genesis }], runs: [], delaySeconds: 5 };
    engine.deploys(() => {
      const provider = new LocalProvider("machine", { home: path.dirname(path.dirname(home.directory)) });
      const network = "net";
      const listening = { one: one.ports, two: two.ports };
      const ground = new HomeResource(
        "home",
        { network, ports: { from: port, to: port + 20 }, era, listening },
        { provider },
      );
      const keys = new KeysResource("keys", { network, era, requests: [] }, { provider, dependsOn: ground });
      const start = new GenesisResource(
        "genesis",
        { network, era, genesis: made },
        { provider, dependsOn: keys },
      );
      const a = new ProcessResource("one", { network, era, daemon: one }, { provider, dependsOn: start });
      const b = new ProcessResource("two", { network, era, daemon: two }, { provider, dependsOn: a });
      const action = { kind: "align-execution-heads" as const, pairs: [] };
      new AfterStartResource(
        "after",
        { network, era, action, endpoints: {}, pids: { one: a.pid, two: b.pid } },
        { provider },
      );
      return Promise.resolve({ pids: [a.pid, b.pid], time: start.genesisTime, directory: ground.directory });
    });
  };
  const up = () => engine.stack.up(engine.watched);
  const changes = (result: { summary: { resourceChanges?: Record<string, number> } }) =>
    result.summary.resourceChanges;

  it("shows in a preview what would be made, and makes nothing", async () => {
    deploy();
    const preview = await engine.stack.preview(engine.watched);
    assert.deepEqual(preview.changeSummary, { create: 8 });
    assert.equal(fs.existsSync(home.directory), false);
  });

  it("brings a network up, with outputs", async () => {
    const { outputs } = await up();
    assert.equal(daemons(), 2);
    assert.deepEqual(outputs["pids"]?.value, [pid("one"), pid("two")]);
    assert.equal(outputs["directory"]?.value, home.directory);
    assert.ok(Math.abs((outputs["time"]?.value as number) - Date.now() / 1000) < 60);
    const { args } = await about(port);
    assert.equal(fs.readFileSync(args.at(-1)!, "utf8"), "first");
  });

  it("changes nothing on a second up", async () => {
    const before = [pid("one"), pid("two")];
    assert.deepEqual(changes(await up()), { same: 8 });
    assert.deepEqual([pid("one"), pid("two")], before);
  });

  it("starts a daemon again that was killed, on a plain up, and lets the other run", async () => {
    const before = { one: identify(pid("one"))!, two: pid("two") };
    process.kill(before.one.pid, "SIGKILL");
    await eventually("it ends", () => !isAlive(before.one));
    const result = await up();
    // The action runs again, because a process id is new.
    assert.deepEqual(changes(result), { create: 1, same: 6, update: 1 });
    assert.notEqual(pid("one"), before.one.pid);
    assert.equal(pid("two"), before.two);
    assert.equal(startsOf("one").length, 2, "on its old data");
  });

  it("tells in a refresh that a daemon has died", async () => {
    process.kill(pid("two"), "SIGKILL");
    await eventually("it ends", () => identify(pid("two")) === undefined);
    assert.deepEqual(changes(await engine.stack.refresh(engine.watched)), { delete: 1, same: 7 });
    await up();
    assert.equal(daemons(), 2);
  });

  it("restarts a daemon whose arguments change, with its data kept, and says which changed", async () => {
    const before = pid("two");
    deploy({ second: fakeDaemon("two", port + 1, ["--say", "new"]) });
    await engine.stack.preview(engine.watched);
    const step = engine.events.find(
      ({ resourcePreEvent: event }) =>
        event?.metadata.op === "update" && event.metadata.urn.endsWith("::two"),
    );
    assert.deepEqual(Object.keys(step?.resourcePreEvent?.metadata.detailedDiff ?? {}), [
      "daemon.args[4]",
      "daemon.args[5]",
    ]);
    await up();
    assert.notEqual(pid("two"), before);
    assert.ok(startsOf("two").includes(String(before)));
    assert.equal(daemons(), 2);
  });

  it("refuses another genesis already in the preview, in words that help", async () => {
    deploy({ genesis: "second" });
    await assert.rejects(engine.stack.preview(engine.watched));
    assert.match(engine.errors, /TN1007 the chain of net \(era 1\) has its genesis/);
    assert.match(engine.errors, /testnet reset net/);
    assert.ok(engine.errors.length < 1500, "the whole genesis is not printed");
  });

  it("starts a fresh chain in a new era and removes the old one", async () => {
    deploy({ genesis: "second", era: 2 });
    await up();
    assert.equal(daemons(), 2);
    assert.equal(startsOf("one", 2).length, 1);
    assert.deepEqual(fs.readdirSync(path.join(home.directory, "eras")), ["2"]);
    assert.equal(fs.readFileSync((await about(port)).args.at(-1)!, "utf8"), "second");
  });

  it("shows the end of the log when a changed daemon does not come up, and mends it on the next up", async () => {
    deploy({ genesis: "second", era: 2, first: fakeDaemon("one", port, ["--fail", "no such flag"]) });
    await assert.rejects(up());
    assert.match(engine.errors, /TN3002 one ended before it was ready, with exit code 3/);
    assert.match(engine.errors, /\| no such flag/);
    assert.equal(daemons(), 1);
    deploy({ genesis: "second", era: 2 });
    await up();
    assert.equal(daemons(), 2);
  });

  it("keeps secrets out of the state and hands them to the daemon", async () => {
    const daemon = fakeDaemon("two", port + 1);
    const secret = { ...daemon, env: { TOKEN: pulumi.secret("hush-hush") as unknown as string } };
    deploy({ genesis: "second", era: 2, second: secret });
    await up();
    assert.equal((await about(port + 1)).env["TOKEN"], "hush-hush");
    assert.doesNotMatch(engine.stateFiles(), /hush-hush/);
  });

  it("removes everything on destroy", async () => {
    await engine.stack.destroy(engine.watched);
    assert.equal(daemons(), 0);
    assert.equal(fs.existsSync(home.directory), false);
    assert.deepEqual(await engine.resources(), []);
  });

  it("stops at a cancellation, in a state that destroy clears", async () => {
    deploy({ second: fakeDaemon("two", port + 1, ["--status", "503"]) });
    const controller = new AbortController();
    const work = engine.stack.up({ ...engine.watched, signal: controller.signal });
    await eventually(
      "the second daemon runs",
      () => fs.existsSync(home.processRecord("two")) && daemons() === 2,
    );
    controller.abort();
    await assert.rejects(work);
    assert.equal(daemons(), 1, "the daemon that was not ready is stopped, the other is in the state");
    assert.ok((await engine.resources()).includes("one"));
    await engine.stack.destroy(engine.watched);
    assert.equal(daemons(), 0);
    assert.equal(fs.existsSync(home.directory), false);
  });

  it("leaves no orphan when the engine is killed while a daemon starts, in a state that destroy clears", async () => {
    deploy({ second: fakeDaemon("two", port + 1, ["--status", "503"]) });
    const work = engine.stack.up(engine.watched);
    work.catch(() => undefined);
    await eventually(
      "the second daemon runs",
      () => fs.existsSync(home.processRecord("two")) && daemons() === 2,
    );
    const [pulumi] = processesOf(`${engine.directory}/bin/pulumi`);
    process.kill(pulumi!.pid, "SIGKILL");
    await assert.rejects(work);
    await eventually("the plugin notices and stops what it was starting", () => daemons() === 1);
    // The lock of a killed run is broken by hand; `testnet` does that by itself.
    await engine.stack.cancel();
    await engine.stack.destroy(engine.watched);
    assert.equal(daemons(), 0);
    assert.equal(fs.existsSync(home.directory), false);
  });

  it("names who holds a port before anything starts", async () => {
    const { createServer } = await import("node:net");
    const server = createServer().listen(port + 1, "127.0.0.1");
    deploy();
    await assert.rejects(up());
    server.close();
    assert.match(
      engine.errors,
      new RegExp(`TN4005 port ${port + 1}/tcp, which two needs, is in use by process ${process.pid}: `),
    );
    assert.equal(daemons(), 0);
    await engine.stack.destroy(engine.watched);
  });
});
