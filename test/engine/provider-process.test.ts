import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import { createServer } from "node:net";
import { NetworkHome } from "../../components/local/home";
import type { ProcessRecord } from "../../components/local/process-record";
import { identify, readProcessRecord, writeProcessRecord } from "../../components/local/processes";
import { Cancelled, PartialFailure } from "../../components/local/provider/handler";
import { TestnetError } from "../../errors/problem";
import type { Daemon } from "../../protocols/plan";
import {
  about,
  eventually,
  FAKE_DAEMON,
  fakeDaemon,
  killAllOf,
  processesOf,
  TestProvider,
} from "../support/local";
import { temporaryDirectory } from "../support/temporary";

const PORT = 46_300;

describe("the Process resource", function () {
  this.timeout(60_000);
  let temporary: ReturnType<typeof temporaryDirectory>;
  let provider: TestProvider;
  let home: NetworkHome;

  beforeEach(() => {
    temporary = temporaryDirectory();
    provider = new TestProvider(temporary.path);
    home = new NetworkHome(temporary.path, "net");
  });
  afterEach(async () => {
    await killAllOf(temporary.path);
    temporary.dispose();
  });

  const inputsOf = (daemon: Daemon, era = 1) => ({ network: "net", era, daemon });
  const create = (daemon: Daemon, signal?: AbortSignal) =>
    provider.processes.create(inputsOf(daemon), provider.operation(signal));
  const record = (name = "d") => readProcessRecord(home.processRecord(name))!;
  const running = () => processesOf(temporary.path).map(({ pid }) => pid);
  const starts = (era = 1) =>
    fs
      .readFileSync(`${home.era(era).data("d")}/starts`, "utf8")
      .trim()
      .split("\n");

  it("starts a daemon in its data directory, detached, with references resolved and a small environment", async () => {
    process.env["TESTNET_CLOCK_OFFSET"] = "7";
    process.env["TESTNET_SOMETHING_ELSE"] = "not for daemons";
    const era = home.era(1);
    fs.mkdirSync(era.secrets, { recursive: true });
    fs.writeFileSync(era.secret("jwt"), "secret");
    fs.writeFileSync(era.publicKeys, JSON.stringify({ "enode d": "enode://d", "address rich/0": "0xabc" }));
    fs.writeFileSync(era.genesisRecord, JSON.stringify({ genesisTime: 1234, inputs: "", files: {} }));
    const args = ["{{shared}}/g", "{{secret jwt}}", "{{enode d}}", "{{address rich/0}}", "{{genesis-time}}"];
    const daemon = { ...fakeDaemon("d", PORT, args), env: { WHERE: "{{data}}/x" } };
    try {
      const { id, outputs } = await create(daemon);
      const { args: given, env, cwd } = await about(PORT);
      const data = era.data("d");
      assert.equal(id, "net/d");
      assert.deepEqual(running(), [outputs.pid]);
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
    const daemon = (content: string) => ({ ...fakeDaemon("d", PORT), files: [file(content)] });
    const first = await create(daemon('at = "{{data}}"'));
    const written = `${home.era(1).data("d")}/conf/d.toml`;
    assert.equal(fs.readFileSync(written, "utf8"), `at = "${home.era(1).data("d")}"`);
    assert.equal(fs.statSync(written).mode & 0o777, 0o600);
    assert.equal((await create(daemon('at = "{{data}}"'))).outputs.pid, first.outputs.pid);
    assert.notEqual((await create(daemon("other"))).outputs.pid, first.outputs.pid);
    assert.equal(fs.readFileSync(written, "utf8"), "other");
    const outside = { ...fakeDaemon("d", PORT), files: [{ path: "../x", content: "" }] };
    await assert.rejects(create(outside), /lies outside/);
  });

  it("records what runs, and that it ended in order", async () => {
    const daemon = fakeDaemon("d", PORT);
    const { outputs } = await create(daemon);
    assert.equal(record().state, "running");
    assert.equal(record().program, FAKE_DAEMON);
    assert.deepEqual(record().identity, identify(outputs.pid));
    await provider.processes.delete(inputsOf(daemon), provider.operation());
    assert.equal(record().state, "stopped");
    assert.deepEqual(running(), []);
    assert.ok(fs.existsSync(home.era(1).data("d")), "data is kept");
    await provider.processes.delete(inputsOf(daemon), provider.operation());
  });

  it("kills a daemon that ignores SIGTERM after its grace time, and records that", async () => {
    const daemon = { ...fakeDaemon("d", PORT, ["--ignore-term"]), stop: { graceSeconds: 1 } };
    await create(daemon);
    const before = Date.now();
    await provider.processes.delete(inputsOf(daemon), provider.operation());
    assert.ok(Date.now() - before >= 1000);
    assert.equal(record().state, "killed");
    assert.deepEqual(running(), []);
    assert.match(
      provider.logged.map(({ message }) => message).join("\n"),
      /d did not end within 1 s and is killed/,
    );
    assert.match(fs.readFileSync(home.log("d"), "utf8"), /SIGTERM ignored/);
  });

  it("is gone for a refresh when the process was killed, and its record still tells of a crash", async () => {
    const daemon = fakeDaemon("d", PORT);
    const { outputs } = await create(daemon);
    assert.deepEqual(await provider.processes.read(inputsOf(daemon), provider.operation()), outputs);
    process.kill(outputs.pid, "SIGKILL");
    await eventually("it ends", () => identify(outputs.pid) === undefined);
    assert.equal(await provider.processes.read(inputsOf(daemon), provider.operation()), undefined);
    await provider.processes.delete(inputsOf(daemon), provider.operation());
    assert.equal(record().state, "running");
  });

  it("is gone for a refresh when only a zombie is left of it", async () => {
    const parent = spawn("sh", ["-c", "sleep 0.3 & echo $!; exec sleep 30"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    try {
      const [text] = (await once(parent.stdout, "data")) as [Buffer];
      const identity = identify(Number(text.toString()))!;
      const rest = { era: 1, program: FAKE_DAEMON, args: [], log: home.log("d"), startedAt: "" };
      writeProcessRecord(home.processRecord("d"), { daemon: "d", state: "running", identity, ...rest });
      await eventually("it has ended", () => identify(identity.pid) === undefined);
      assert.match(fs.readFileSync(`/proc/${identity.pid}/stat`, "utf8"), /\) Z /);
      assert.equal(
        await provider.processes.read(inputsOf(fakeDaemon("d", PORT)), provider.operation()),
        undefined,
      );
    } finally {
      parent.kill("SIGKILL");
    }
  });

  it("leaves a stranger alone that was given the pid of a dead daemon", async () => {
    const daemon = fakeDaemon("d", PORT);
    await create(daemon);
    await provider.processes.delete(inputsOf(daemon), provider.operation());
    const stranger = spawn("sleep", ["30"], { stdio: "ignore" });
    try {
      const identity = { ...identify(stranger.pid!)!, startTime: "1" };
      writeProcessRecord(home.processRecord("d"), { ...record(), state: "running", identity });
      assert.equal(await provider.processes.read(inputsOf(daemon), provider.operation()), undefined);
      await provider.processes.delete(inputsOf(daemon), provider.operation());
      await create(daemon);
      assert.equal(stranger.exitCode, null);
      assert.notEqual(identify(stranger.pid!), undefined);
    } finally {
      stranger.kill("SIGKILL");
    }
  });

  it("restarts on a change with its data kept, and on a new era with empty data", async () => {
    const old = fakeDaemon("d", PORT);
    const { outputs } = await create(old);
    const changed = fakeDaemon("d", PORT, ["--say", "changed"]);
    const change = { id: "net/d", old: inputsOf(old), inputs: inputsOf(changed), outputs };
    const updated = await provider.processes.update(change, provider.operation());
    assert.notEqual(updated.pid, outputs.pid);
    assert.deepEqual(running(), [updated.pid]);
    assert.deepEqual(starts(), [String(outputs.pid), String(updated.pid)]);
    const era2 = { id: "net/d", old: inputsOf(changed), inputs: inputsOf(changed, 2), outputs: updated };
    const fresh = await provider.processes.update(era2, provider.operation());
    assert.deepEqual(running(), [fresh.pid]);
    assert.deepEqual(starts(2), [String(fresh.pid)]);
    assert.equal(record().era, 2);
  });

  it("takes over a living process of the same program and arguments, and replaces one of others", async () => {
    const daemon = fakeDaemon("d", PORT);
    const first = await create(daemon);
    const again = await create(daemon);
    assert.equal(again.outputs.pid, first.outputs.pid);
    const other = await create(fakeDaemon("d", PORT, ["--say", "other"]));
    assert.deepEqual(running(), [other.outputs.pid]);
    assert.notEqual(other.outputs.pid, first.outputs.pid);
  });

  for (const [when, change] of [
    ["before the process was written down", { state: "starting", identity: undefined }],
    ["before anything was written down", undefined],
  ] as [string, Partial<ProcessRecord> | undefined][]) {
    it(`stops the orphan of a run that was killed ${when}, on the next up and on destroy`, async () => {
      const daemon = fakeDaemon("d", PORT);
      const forget = () => {
        if (change === undefined) fs.rmSync(home.processRecord("d"));
        else writeProcessRecord(home.processRecord("d"), { ...record(), ...change });
      };
      const { outputs: orphan } = await create(daemon);
      forget();
      const { outputs } = await create(daemon);
      assert.notEqual(outputs.pid, orphan.pid);
      assert.deepEqual(running(), [outputs.pid]);
      forget();
      await provider.processes.delete(inputsOf(daemon), provider.operation());
      assert.deepEqual(running(), []);
    });
  }

  it("does not take a person's program in the data directory for an orphan", async () => {
    const daemon = fakeDaemon("d", PORT);
    const data = home.era(1).data("d");
    fs.mkdirSync(data, { recursive: true });
    // The daemon's own program, as `geth attach` is; another program; another daemon whose name begins alike.
    const attach = spawn(FAKE_DAEMON, ["--port", String(PORT + 1), "--data", data], { stdio: "ignore" });
    const tail = spawn("tail", ["-F", `${data}/log`], { stdio: "ignore", cwd: data, detached: true });
    fs.mkdirSync(`${data}2`);
    const alike = spawn(FAKE_DAEMON, ["--port", String(PORT + 2), "--data", `${data}2`], {
      stdio: "ignore",
      detached: true,
    });
    await eventually("they run", async () => (await about(PORT + 2).catch(() => undefined)) !== undefined);
    await create(daemon);
    await provider.processes.delete(inputsOf(daemon), provider.operation());
    assert.deepEqual(
      [attach, tail, alike].map((child) => child.exitCode ?? child.signalCode),
      [null, null, null],
    );
    for (const child of [attach, tail, alike]) child.kill("SIGKILL");
  });

  describe("when a daemon does not become ready", () => {
    const fails = async (daemon: Daemon): Promise<TestnetError> => {
      const error: unknown = await create(daemon).then(
        () => undefined,
        (caught: unknown) => caught,
      );
      assert.ok(error instanceof TestnetError, String(error));
      return error;
    };

    it("shows the end of its log of this start, and how it ended", async () => {
      fs.mkdirSync(home.logDirectory, { recursive: true });
      fs.writeFileSync(home.log("d"), "a line of an earlier start\n");
      const error = await fails(
        fakeDaemon("d", PORT, ["--say", "\u001b[31mhello\u001b[0m", "--fail", "unknown flag --x"]),
      );
      assert.match(
        error.message,
        /^TN3002 d ended before it was ready, with exit code 3; the end of its log/,
      );
      assert.match(error.message, /\n {4}\| hello\n {4}\| unknown flag --x\n/);
      assert.doesNotMatch(error.message, /earlier start/);
      assert.equal(fs.existsSync(home.processRecord("d")), false, "as if it had never run");
    });

    it("stops it at the time-out and says so; the next up starts anew", async () => {
      const slow = fakeDaemon("d", PORT, ["--status", "503", "--say", "still syncing"]);
      const error = await fails({ ...slow, readiness: { ...slow.readiness, timeoutSeconds: 1 } });
      assert.match(error.message, /^TN3002 d did not answer within 1 s and is stopped/);
      assert.match(error.message, /\| still syncing/);
      assert.deepEqual(running(), []);
      assert.equal(record().state, "stopped");
      await create(fakeDaemon("d", PORT));
      assert.equal(starts().length, 2);
    });

    it("keeps how the chain ended before, when the daemon refuses its arguments", async () => {
      const daemon = fakeDaemon("d", PORT);
      await create(daemon);
      await provider.processes.delete(inputsOf(daemon), provider.operation());
      const stopped = record();
      await fails(fakeDaemon("d", PORT, ["--fail", "no"]));
      assert.deepEqual(record(), stopped);
    });

    it("says that a program cannot be started, and leaves no trace of it", async () => {
      const error = await fails({ ...fakeDaemon("d", PORT), program: "/nowhere/geth" });
      assert.match(error.message, /^TN4007 \/nowhere\/geth: cannot be started: .*ENOENT/);
      const broken = `${temporary.path}/broken`;
      fs.writeFileSync(broken, "#!/nowhere/interpreter\n", { mode: 0o755 });
      assert.match((await fails({ ...fakeDaemon("d", PORT), program: broken })).message, /^TN4007/);
      assert.equal(fs.existsSync(home.processRecord("d")), false);
      assert.deepEqual(fs.readdirSync(home.runDirectory), []);
    });

    it("names who holds its port rather than taking that one's answers for its own", async () => {
      const server = createServer().listen(PORT, "127.0.0.1");
      await new Promise((resolve) => server.once("listening", resolve));
      const error = await fails(fakeDaemon("d", PORT));
      await new Promise((resolve) => server.close(resolve));
      assert.match(
        error.message,
        new RegExp(`TN4005 port ${PORT}/tcp, which d needs, is in use by process ${process.pid}: `),
      );
    });

    it("keeps an update in the state, because the old process is gone", async () => {
      const old = fakeDaemon("d", PORT);
      const { outputs } = await create(old);
      const change = {
        id: "net/d",
        old: inputsOf(old),
        inputs: inputsOf(fakeDaemon("d", PORT, ["--fail", "no"])),
        outputs,
      };
      const update = Promise.resolve(provider.processes.update(change, provider.operation()));
      await assert.rejects(
        update,
        (error) => error instanceof PartialFailure && error.message.startsWith("TN3002"),
      );
      assert.deepEqual(running(), []);
    });

    it("waits until a slow one answers, and tells that it waits", async () => {
      await create(fakeDaemon("d", PORT, ["--ready-after", "2600"]));
      const statuses = provider.logged.filter(({ kind }) => kind === "status");
      assert.match(statuses[0]?.message ?? "", /^waiting for d to answer on port 46300 \(2 of 20 s\)$/);
    });
  });

  it("asks by TCP where a daemon speaks no HTTP, and by POST where there is a body", async () => {
    const tcp: Daemon = {
      ...fakeDaemon("d", PORT),
      readiness: { kind: "tcp", port: "rpc", timeoutSeconds: 10 },
    };
    await create(tcp);
    const http = fakeDaemon("e", PORT + 1);
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
    await create({
      ...http,
      readiness: { kind: "http", port: "rpc", path: "/", body, statuses: [200], timeoutSeconds: 10 },
    });
    assert.equal(running().length, 2);
  });

  it("stops waiting at once when cancelled, and leaves nothing behind", async () => {
    const controller = new AbortController();
    const work = create(fakeDaemon("d", PORT, ["--status", "503"]), controller.signal);
    await eventually(
      "it runs",
      () => running().length === 1 && fs.existsSync(`${home.era(1).data("d")}/starts`),
    );
    const before = Date.now();
    controller.abort();
    await assert.rejects(work, Cancelled);
    assert.ok(Date.now() - before < 3000);
    assert.deepEqual(running(), []);
    assert.equal(record().state, "stopped");
  });
});
