import assert from "node:assert/strict";
import * as fs from "node:fs";
import { Server, ServerCredentials, status, type ServiceError } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { NetworkHome } from "../../components/local/home";
import { readProcessRecord } from "../../components/local/processes";
import type { HomeArgs, ProcessArgs } from "../../components/local/resources";
import { eventually, fakeDaemon, freePorts, killAllOf, processesOf } from "../support/local";
import { call, PluginProcess, urn } from "../support/plugin";
import { temporaryDirectory } from "../support/temporary";

describe("the plugin's process", function () {
  this.timeout(90_000);
  let temporary: ReturnType<typeof temporaryDirectory>;
  let home: NetworkHome;
  const plugins: PluginProcess[] = [];
  let port: number;
  /** A daemon that runs and never becomes ready. */
  let neverReady: ProcessArgs;
  let homeInputs: HomeArgs;

  beforeEach(async () => {
    temporary = temporaryDirectory();
    home = new NetworkHome(temporary.path, "net");
    port = await freePorts(2);
    neverReady = { network: "net", era: 1, daemon: fakeDaemon("d", port, ["--status", "503"]) };
    const listening = { d: [{ number: port, transports: ["tcp"] as const }] };
    homeInputs = { network: "net", era: 1, ports: { from: port, to: port + 1 }, listening };
  });
  afterEach(async () => {
    for (const plugin of plugins.splice(0)) {
      plugin.child.kill("SIGKILL");
      await plugin.ended();
    }
    await killAllOf(temporary.path);
    temporary.dispose();
  });

  const start = async (engine?: string) => {
    const plugin = await PluginProcess.start(temporary.path, engine);
    plugins.push(plugin);
    return plugin;
  };
  const daemons = () => processesOf(`${home.directory}/eras`).length;
  const isServing = () => readProcessRecord(home.processRecord("d"))?.state === "running" && daemons() === 1;

  it("leaves no daemon behind when it is killed while one starts and the network is then destroyed", async () => {
    const plugin = await start();
    await plugin.create("Home", homeInputs);
    plugin.create("Process", neverReady).catch(() => undefined);
    await eventually("the daemon runs", isServing);
    plugin.child.kill("SIGKILL");
    await plugin.ended();
    assert.equal(daemons(), 1, "nothing could stop it");
    // The engine has no such process in its state: it deletes keys and home only.
    const next = await start();
    await next.delete("Keys", { network: "net", era: 1, requests: [] });
    await next.delete("Home", homeInputs);
    assert.equal(daemons(), 0);
    assert.equal(fs.existsSync(home.directory), false);
  });

  it("takes over a daemon whose start was interrupted by a kill, on the next up", async () => {
    const plugin = await start();
    const slow = { ...neverReady, daemon: fakeDaemon("d", port, ["--ready-after", "3000"]) };
    plugin.create("Process", slow).catch(() => undefined);
    await eventually("the daemon runs", isServing);
    const pid = readProcessRecord(home.processRecord("d"))?.identity?.pid;
    plugin.child.kill("SIGKILL");
    await plugin.ended();
    const response = await (await start()).create("Process", slow);
    assert.equal((response.getProperties()!.toJavaScript() as { pid: number }).pid, pid);
    assert.deepEqual(fs.readdirSync(home.runDirectory), ["d.json"]);
  });

  for (const [what, end] of [
    ["when the engine is killed", (plugin: PluginProcess) => void plugin.child.stdin!.destroy()],
    ["when the engine interrupts it", (plugin: PluginProcess) => void plugin.child.kill("SIGINT")],
  ] as const) {
    it(`ends ${what}, and stops the daemon it was starting`, async () => {
      const plugin = await start();
      plugin.create("Process", neverReady).catch(() => undefined);
      await eventually("the daemon runs", isServing);
      end(plugin);
      await plugin.ended();
      assert.equal(daemons(), 0);
      assert.equal(readProcessRecord(home.processRecord("d"))?.state, "stopped");
    });
  }

  it("aborts what runs when cancelled, and serves on", async () => {
    const plugin = await start();
    const work = plugin.create("Process", neverReady);
    await eventually("the daemon runs", isServing);
    await call<Empty>((done) => plugin.client.cancel(new Empty(), done));
    await assert.rejects(work, (error: ServiceError) => {
      assert.equal(error.code, status.CANCELLED);
      return true;
    });
    assert.equal(daemons(), 0);
    await plugin.create("Process", { ...neverReady, daemon: fakeDaemon("d", port) });
    assert.equal(daemons(), 1);
  });

  it("outlives nothing it should not: its daemons run on when it ends", async () => {
    const plugin = await start();
    await plugin.create("Process", { ...neverReady, daemon: fakeDaemon("d", port) });
    plugin.child.kill("SIGINT");
    await plugin.ended();
    assert.equal(daemons(), 1);
  });

  it("tells the engine what it waits for, beside the resource", async () => {
    const told: LogRequest.AsObject[] = [];
    const engine = new Server();
    engine.addService(EngineService, {
      log: ({ request }: { request: LogRequest }, answer: (error: null, value: Empty) => void) => {
        told.push(request.toObject());
        answer(null, new Empty());
      },
    });
    const address = await new Promise<number>((resolve) =>
      engine.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (_, bound) => resolve(bound)),
    );
    const plugin = await start(`127.0.0.1:${address}`);
    await plugin.create("Process", {
      ...neverReady,
      daemon: fakeDaemon("d", port, ["--ready-after", "2500"]),
    });
    engine.forceShutdown();
    const [first] = told;
    assert.ok(first);
    assert.equal(first.urn, urn("Process"));
    assert.equal(first.ephemeral, true);
    assert.match(first.message, /^waiting for d to answer on port \d+/);
  });
});
