import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import type { ProcessRecord } from "../../components/local/process-record";
import { identify, readProcessRecord, writeProcessRecord } from "../../components/local/processes";
import { about, eventually, FAKE_DAEMON, fakeDaemon, freePorts, TestNetwork } from "../support/local";

describe("the Process resource", function () {
  this.timeout(90_000);
  let network: TestNetwork;
  let port: number;

  beforeEach(async () => {
    network = new TestNetwork();
    port = await freePorts(3);
  });
  afterEach(() => network.dispose());

  it("starts a daemon in its data directory, detached, with references resolved and a small environment", async () => {
    process.env["TESTNET_CLOCK_OFFSET"] = "7";
    process.env["TESTNET_SOMETHING_ELSE"] = "not for daemons";
    const era = network.home.era(1);
    fs.mkdirSync(era.secrets, { recursive: true });
    fs.writeFileSync(era.secret("jwt"), "secret");
    fs.writeFileSync(era.publicKeys, JSON.stringify({ "enode d": "enode://d", "address rich/0": "0xabc" }));
    fs.writeFileSync(era.genesisRecord, JSON.stringify({ genesisTime: 1234, inputs: "", files: {} }));
    const args = ["{{shared}}/g", "{{secret jwt}}", "{{enode d}}", "{{address rich/0}}", "{{genesis-time}}"];
    const daemon = { ...fakeDaemon("d", port, args), env: { WHERE: "{{data}}/x" } };
    try {
      const { id, outputs } = await network.create(daemon);
      const { args: given, env, cwd } = await about(port);
      const data = era.data("d");
      assert.equal(id, "net/d");
      assert.deepEqual(network.running, [outputs.pid]);
      assert.deepEqual(given.slice(2), [
        "--data",
        data,
        `${era.shared}/g`,
        era.secret("jwt"),
        "enode://d",
        "0xabc",
        "1234",
      ]);
      assert.equal(cwd, data);
      assert.equal(env["WHERE"], `${data}/x`);
      assert.equal(env["TESTNET_CLOCK_OFFSET"], "7");
      assert.equal(env["TESTNET_SOMETHING_ELSE"], undefined);
      assert.equal(fs.statSync(data).mode & 0o777, 0o700);
      assert.equal(
        fs.readFileSync(`/proc/${outputs.pid}/stat`, "utf8").split(") ")[1]?.split(" ")[3],
        String(outputs.pid),
      );
    } finally {
      delete process.env["TESTNET_CLOCK_OFFSET"];
      delete process.env["TESTNET_SOMETHING_ELSE"];
    }
  });

  it("writes a daemon's own files before it starts, and restarts it when one has changed", async () => {
    const file = (content: string) => ({ path: "conf/d.toml", content });
    const daemon = (content: string) => ({ ...fakeDaemon("d", port), files: [file(content)] });
    const first = await network.create(daemon('at = "{{data}}"'));
    const written = `${network.home.era(1).data("d")}/conf/d.toml`;
    assert.equal(fs.readFileSync(written, "utf8"), `at = "${network.home.era(1).data("d")}"`);
    assert.equal(fs.statSync(written).mode & 0o777, 0o600);
    assert.equal((await network.create(daemon('at = "{{data}}"'))).outputs.pid, first.outputs.pid);
    assert.notEqual((await network.create(daemon("other"))).outputs.pid, first.outputs.pid);
    assert.equal(fs.readFileSync(written, "utf8"), "other");
    const outside = { ...fakeDaemon("d", port), files: [{ path: "../x", content: "" }] };
    await assert.rejects(network.create(outside), /lies outside/);
  });

  it("records what runs, and that it ended in order", async () => {
    const daemon = fakeDaemon("d", port);
    const { outputs } = await network.create(daemon);
    assert.equal(network.record.state, "running");
    assert.equal(network.record.program, FAKE_DAEMON);
    assert.deepEqual(network.record.identity, identify(outputs.pid));
    await network.delete(daemon);
    assert.equal(network.record.state, "stopped");
    assert.deepEqual(network.running, []);
    assert.ok(fs.existsSync(network.home.era(1).data("d")), "data is kept");
    await network.delete(daemon);
  });

  it("kills a daemon that ignores SIGTERM after its grace time, and records that", async () => {
    const daemon = { ...fakeDaemon("d", port, ["--ignore-term"]), stop: { graceSeconds: 1 } };
    await network.create(daemon);
    const before = Date.now();
    await network.delete(daemon);
    assert.ok(Date.now() - before >= 1000);
    assert.equal(network.record.state, "killed");
    assert.deepEqual(network.running, []);
    assert.match(
      network.provider.logged.map(({ message }) => message).join("\n"),
      /d did not end within 1 s and is killed/,
    );
    assert.match(fs.readFileSync(network.home.log("d"), "utf8"), /SIGTERM ignored/);
  });

  it("is gone for a refresh when the process was killed, and its record still tells of a crash", async () => {
    const daemon = fakeDaemon("d", port);
    const { outputs } = await network.create(daemon);
    assert.deepEqual(await network.read(daemon), outputs);
    process.kill(outputs.pid, "SIGKILL");
    await eventually("it ends", () => identify(outputs.pid) === undefined);
    assert.equal(await network.read(daemon), undefined);
    await network.delete(daemon);
    assert.equal(network.record.state, "running");
  });

  it("is gone for a refresh when only a zombie is left of it", async () => {
    const parent = spawn("sh", ["-c", "sleep 0.3 & echo $!; exec sleep 30"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    try {
      const [text] = (await once(parent.stdout, "data")) as [Buffer];
      const identity = identify(Number(text.toString()))!;
      const rest = { era: 1, program: FAKE_DAEMON, args: [], log: network.home.log("d"), startedAt: "" };
      writeProcessRecord(network.home.processRecord("d"), {
        daemon: "d",
        state: "running",
        identity,
        ...rest,
      });
      await eventually("it has ended", () => identify(identity.pid) === undefined);
      assert.match(fs.readFileSync(`/proc/${identity.pid}/stat`, "utf8"), /\) Z /);
      assert.equal(await network.read(fakeDaemon("d", port)), undefined);
    } finally {
      parent.kill("SIGKILL");
    }
  });

  it("leaves a stranger alone that was given the pid of a dead daemon", async () => {
    const daemon = fakeDaemon("d", port);
    await network.create(daemon);
    await network.delete(daemon);
    const stranger = spawn("sleep", ["30"], { stdio: "ignore" });
    try {
      const identity = { ...identify(stranger.pid!)!, startTime: "1" };
      writeProcessRecord(network.home.processRecord("d"), { ...network.record, state: "running", identity });
      assert.equal(await network.read(daemon), undefined);
      await network.delete(daemon);
      await network.create(daemon);
      assert.equal(stranger.exitCode, null);
      assert.notEqual(identify(stranger.pid!), undefined);
    } finally {
      stranger.kill("SIGKILL");
    }
  });

  it("restarts on a change with its data kept, and on a new era with empty data", async () => {
    const old = fakeDaemon("d", port);
    const { outputs } = await network.create(old);
    const changed = fakeDaemon("d", port, ["--say", "changed"]);
    const updated = await network.update(network.inputs(old), network.inputs(changed), outputs);
    assert.notEqual(updated.pid, outputs.pid);
    assert.deepEqual(network.running, [updated.pid]);
    assert.deepEqual(network.starts(), [String(outputs.pid), String(updated.pid)]);
    const fresh = await network.update(network.inputs(changed), network.inputs(changed, 2), updated);
    assert.deepEqual(network.running, [fresh.pid]);
    assert.deepEqual(network.starts(2), [String(fresh.pid)]);
    assert.equal(network.record.era, 2);
  });

  it("takes over a living process of the same program and arguments, and replaces one of others", async () => {
    const daemon = fakeDaemon("d", port);
    const first = await network.create(daemon);
    const again = await network.create(daemon);
    assert.equal(again.outputs.pid, first.outputs.pid);
    const other = await network.create(fakeDaemon("d", port, ["--say", "other"]));
    assert.deepEqual(network.running, [other.outputs.pid]);
    assert.notEqual(other.outputs.pid, first.outputs.pid);
  });

  for (const [when, change] of [
    ["before the process was written down", { state: "starting", identity: undefined }],
    ["before anything was written down", undefined],
  ] as [string, Partial<ProcessRecord> | undefined][]) {
    it(`stops the orphan of a run that was killed ${when}, on the next up and on destroy`, async () => {
      const daemon = fakeDaemon("d", port);
      const forget = () => {
        if (change === undefined) fs.rmSync(network.home.processRecord("d"));
        else writeProcessRecord(network.home.processRecord("d"), { ...network.record, ...change });
      };
      const { outputs: orphan } = await network.create(daemon);
      forget();
      const { outputs } = await network.create(daemon);
      assert.notEqual(outputs.pid, orphan.pid);
      assert.deepEqual(network.running, [outputs.pid]);
      forget();
      await network.delete(daemon);
      assert.deepEqual(network.running, []);
    });
  }

  it("does not take a person's program in the data directory for an orphan", async () => {
    const daemon = fakeDaemon("d", port);
    const data = network.home.era(1).data("d");
    fs.mkdirSync(data, { recursive: true });
    // The daemon's own program, as `geth attach` is; another program; another daemon whose name begins alike.
    const attach = spawn(FAKE_DAEMON, ["--port", String(port + 1), "--data", data], { stdio: "ignore" });
    const tail = spawn("tail", ["-F", `${data}/log`], { stdio: "ignore", cwd: data, detached: true });
    fs.mkdirSync(`${data}2`);
    const alike = spawn(FAKE_DAEMON, ["--port", String(port + 2), "--data", `${data}2`], {
      stdio: "ignore",
      detached: true,
    });
    await eventually("they run", async () => (await about(port + 2).catch(() => undefined)) !== undefined);
    await network.create(daemon);
    await network.delete(daemon);
    assert.deepEqual(
      [attach, tail, alike].map((child) => child.exitCode ?? child.signalCode),
      [null, null, null],
    );
    for (const child of [attach, tail, alike]) child.kill("SIGKILL");
  });

  it("stops those that restart with a daemon before it starts it again, and not for their own changes", async () => {
    const follower = fakeDaemon("follower", port + 1);
    const { outputs } = await network.create(fakeDaemon("d", port));
    await network.create(follower);
    const stopsFirst = [{ name: "follower", program: follower.program, graceSeconds: 5 }];
    const old = network.inputs(fakeDaemon("d", port));
    assert.deepEqual(
      network.provider.processes.compared!({ ...old, stopsFirst }),
      network.provider.processes.compared!(old),
    );
    const changed = { ...network.inputs(fakeDaemon("d", port, ["--say", "new"])), stopsFirst };
    await network.update(old, changed, outputs);
    assert.equal(network.running.length, 1);
    assert.equal(readProcessRecord(network.home.processRecord("follower"))?.state, "stopped");
    // Its own resource has seen another process id, and starts it.
    const before = { ...network.inputs(follower), restartsWith: { d: 1 } };
    const after = { ...before, restartsWith: { d: 2 } };
    await network.update(before, after, { pid: 1, log: "" });
    assert.equal(network.running.length, 2);
  });

  it("leaves those alone that restart with a daemon it takes over alive", async () => {
    await network.create(fakeDaemon("d", port));
    const follower = fakeDaemon("follower", port + 1);
    await network.create(follower);
    const stopsFirst = [{ name: "follower", program: follower.program, graceSeconds: 5 }];
    await network.provider.processes.create(
      { ...network.inputs(fakeDaemon("d", port)), stopsFirst },
      network.provider.operation(),
    );
    assert.equal(network.running.length, 2);
  });
});
