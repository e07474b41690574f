import assert from "node:assert/strict";
import * as fs from "node:fs";
import { createServer } from "node:net";
import { Cancelled, PartialFailure } from "../../components/local/provider/handler";
import { TestnetError } from "../../errors/problem";
import type { Daemon } from "../../protocols/plan";
import { eventually, fakeDaemon, freePorts, TestNetwork } from "../support/local";

describe("waiting for daemons", function () {
  this.timeout(90_000);
  let network: TestNetwork;
  let port: number;

  beforeEach(async () => {
    network = new TestNetwork();
    port = await freePorts(2);
  });
  afterEach(() => network.dispose());

  describe("when a daemon does not become ready", () => {
    const fails = async (daemon: Daemon): Promise<TestnetError> => {
      const error: unknown = await network.create(daemon).then(
        () => undefined,
        (caught: unknown) => caught,
      );
      assert.ok(error instanceof TestnetError, String(error));
      return error;
    };

    it("shows the end of its log of this start, and how it ended", async () => {
      fs.mkdirSync(network.home.logDirectory, { recursive: true });
      fs.writeFileSync(network.home.log("d"), "a line of an earlier start\n");
      const error = await fails(
        fakeDaemon("d", port, ["--say", "\u001b[31mhello\u001b[0m", "--fail", "unknown flag --x"]),
      );
      assert.match(
        error.message,
        /^TN3002 d ended before it was ready, with exit code 3; the end of its log/,
      );
      assert.match(error.message, /\n {4}\| hello\n {4}\| unknown flag --x\n/);
      assert.doesNotMatch(error.message, /earlier start/);
      assert.equal(fs.existsSync(network.home.processRecord("d")), false, "as if it had never run");
    });

    it("stops it at the time-out and says so; the next up starts anew", async () => {
      const slow = fakeDaemon("d", port, ["--status", "503", "--say", "still syncing"]);
      const error = await fails({ ...slow, readiness: { ...slow.readiness, timeoutSeconds: 4 } });
      assert.match(error.message, /^TN3002 d did not answer within 4 s and is stopped/);
      assert.match(error.message, /\| still syncing/);
      assert.deepEqual(network.running, []);
      assert.equal(network.record.state, "stopped");
      await network.create(fakeDaemon("d", port));
      assert.equal(network.starts().length, 2);
    });

    it("keeps how the chain ended before, when the daemon refuses its arguments", async () => {
      const daemon = fakeDaemon("d", port);
      await network.create(daemon);
      await network.delete(daemon);
      const stopped = network.record;
      await fails(fakeDaemon("d", port, ["--fail", "no"]));
      assert.deepEqual(network.record, stopped);
    });

    it("says that a program cannot be started, and leaves no trace of it", async () => {
      const error = await fails({ ...fakeDaemon("d", port), program: "/nowhere/geth" });
      assert.match(error.message, /^TN4007 \/nowhere\/geth: cannot be started: .*ENOENT/);
      const broken = `${network.directory}/broken`;
      fs.writeFileSync(broken, "#!/nowhere/interpreter\n", { mode: 0o755 });
      assert.match((await fails({ ...fakeDaemon("d", port), program: broken })).message, /^TN4007/);
      assert.equal(fs.existsSync(network.home.processRecord("d")), false);
      assert.deepEqual(fs.readdirSync(network.home.runDirectory), []);
    });

    it("names who holds its port rather than taking that one's answers for its own", async () => {
      const server = createServer().listen(port, "127.0.0.1");
      await new Promise((resolve) => server.once("listening", resolve));
      const error = await fails(fakeDaemon("d", port));
      await new Promise((resolve) => server.close(resolve));
      assert.match(
        error.message,
        new RegExp(`TN4005 port ${port}/tcp, which d needs, is in use by process ${process.pid}: `),
      );
    });

    it("keeps an update in the state, because the old process is gone", async () => {
      const old = fakeDaemon("d", port);
      const { outputs } = await network.create(old);
      const broken = network.inputs(fakeDaemon("d", port, ["--fail", "no"]));
      const update = network.update(network.inputs(old), broken, outputs);
      await assert.rejects(
        update,
        (error) => error instanceof PartialFailure && error.message.startsWith("TN3002"),
      );
      assert.deepEqual(network.running, []);
    });

    it("waits until a slow one answers, and tells that it waits", async () => {
      await network.create(fakeDaemon("d", port, ["--ready-after", "2600"]));
      const statuses = network.provider.logged.filter(({ kind }) => kind === "status");
      assert.match(statuses[0]?.message ?? "", /^waiting for d to answer on port \d+ \(\d+ of 60 s\)$/);
    });
  });

  it("asks by TCP where a daemon speaks no HTTP, and by POST where there is a body", async () => {
    const tcp: Daemon = {
      ...fakeDaemon("d", port),
      readiness: { kind: "tcp", port: "rpc", timeoutSeconds: 10 },
    };
    await network.create(tcp);
    const http = fakeDaemon("e", port + 1);
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
    await network.create({
      ...http,
      readiness: { kind: "http", port: "rpc", path: "/", body, statuses: [200], timeoutSeconds: 10 },
    });
    assert.equal(network.running.length, 2);
  });

  it("stops waiting at once when cancelled, and leaves nothing behind", async () => {
    const controller = new AbortController();
    const work = network.create(fakeDaemon("d", port, ["--status", "503"]), controller.signal);
    await eventually(
      "it runs",
      () => network.running.length === 1 && fs.existsSync(`${network.home.era(1).data("d")}/starts`),
    );
    controller.abort();
    await assert.rejects(work, Cancelled);
    assert.deepEqual(network.running, []);
    assert.equal(network.record.state, "stopped");
  });
});
