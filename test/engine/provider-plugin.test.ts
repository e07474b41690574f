import assert from "node:assert/strict";
import * as fs from "node:fs";
import { credentials, Server, ServerCredentials, status, type ServiceError } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient, ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { NetworkHome } from "../../components/local/home";
import { EngineLog } from "../../components/local/provider/engine-log";
import { PartialFailure, UNKNOWN, type ResourceHandler } from "../../components/local/provider/handler";
import { ProviderServer } from "../../components/local/provider/server";
import { readProcessRecord } from "../../components/local/processes";
import { TestnetError } from "../../errors/problem";
import { eventually, fakeDaemon, killAllOf, processesOf } from "../support/local";
import { call, PluginProcess, struct, urn } from "../support/plugin";
import { temporaryDirectory } from "../support/temporary";

const PORT = 46_600;

describe("the plugin's process", function () {
  this.timeout(60_000);
  let temporary: ReturnType<typeof temporaryDirectory>;
  let home: NetworkHome;
  const plugins: PluginProcess[] = [];

  beforeEach(() => {
    temporary = temporaryDirectory();
    home = new NetworkHome(temporary.path, "net");
  });
  afterEach(async () => {
    plugins.splice(0).forEach(({ child }) => child.kill("SIGKILL"));
    await killAllOf(temporary.path);
    temporary.dispose();
  });

  const start = async (engine?: string) => {
    const plugin = await PluginProcess.start(temporary.path, engine);
    plugins.push(plugin);
    return plugin;
  };
  const daemons = () => processesOf(`${home.directory}/eras`).length;
  /** A daemon that runs and never becomes ready. */
  const neverReady = { network: "net", era: 1, daemon: fakeDaemon("d", PORT, ["--status", "503"]) };
  const listening = { d: [{ number: PORT, transports: ["tcp"] }] };
  const homeInputs = { network: "net", era: 1, ports: { from: PORT, to: PORT + 10 }, listening };
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
    const slow = { ...neverReady, daemon: fakeDaemon("d", PORT, ["--ready-after", "3000"]) };
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
    await plugin.create("Process", { ...neverReady, daemon: fakeDaemon("d", PORT) });
    assert.equal(daemons(), 1);
  });

  it("outlives nothing it should not: its daemons run on when it ends", async () => {
    const plugin = await start();
    await plugin.create("Process", { ...neverReady, daemon: fakeDaemon("d", PORT) });
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
    const port = await new Promise<number>((resolve) =>
      engine.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (_, bound) => resolve(bound)),
    );
    const plugin = await start(`127.0.0.1:${port}`);
    await plugin.create("Process", {
      ...neverReady,
      daemon: fakeDaemon("d", PORT, ["--ready-after", "2500"]),
    });
    engine.forceShutdown();
    const [first] = told;
    assert.ok(first);
    assert.equal(first.urn, urn("Process"));
    assert.equal(first.ephemeral, true);
    assert.match(first.message, /^waiting for d to answer on port 46600/);
  });
});

describe("the provider protocol", () => {
  let server: Server;
  let client: ResourceProviderClient;
  let seen: object[];
  let answer: () => object = () => ({ made: "yes", kept: "it" });

  const handler: ResourceHandler<{ a: string; b?: string }, { made: string; kept: string }> = {
    computed: { made: "volatile", kept: "stable" },
    replacedBy: ["b"],
    check: ({ a }) => (a === "bad" ? [{ reason: "a is bad" }] : []),
    create: (inputs) => {
      seen.push(inputs);
      return Promise.resolve({ id: "id", outputs: answer() as { made: string; kept: string } });
    },
    read: () => undefined,
    update: ({ old, inputs }) => {
      seen.push({ old, inputs });
      return answer() as { made: string; kept: string };
    },
    delete: () => undefined,
  };

  before(async () => {
    const provider = new ProviderServer({ "testnet-local:index:Test": handler }, new EngineLog(undefined));
    server = new Server();
    server.addService(ResourceProviderService, provider.service);
    const port = await new Promise<number>((resolve) =>
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (_, bound) => resolve(bound)),
    );
    client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    const request = new messages.ConfigureRequest().setArgs(struct({ home: "/home" }));
    await call<messages.ConfigureResponse>((done) => client.configure(request, done));
  });
  after(() => {
    client.close();
    server.forceShutdown();
  });
  beforeEach(() => {
    seen = [];
    answer = () => ({ made: "yes", kept: "it" });
  });

  const secret = (value: unknown) => ({
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    value,
  });
  const create = (inputs: object, preview = false, type = "Test") => {
    const request = new messages.CreateRequest()
      .setUrn(urn(type))
      .setProperties(struct(inputs))
      .setPreview(preview);
    return call<messages.CreateResponse>((done) => client.create(request, done));
  };
  const diff = (old: object, now: object, ignored: string[] = []) => {
    const request = new messages.DiffRequest().setUrn(urn("Test")).setId("id").setIgnorechangesList(ignored);
    return call<messages.DiffResponse>((done) =>
      client.diff(request.setOldInputs(struct(old)).setNews(struct(now)), done),
    );
  };
  const failureOf = (work: Promise<unknown>) =>
    work.then(
      () => assert.fail("did not fail"),
      (error: unknown) => error as ServiceError,
    );

  it("unwraps secrets wherever they stand", async () => {
    await create({ a: secret("x"), list: [{ deep: secret({ b: secret(1) }) }] });
    assert.deepEqual(seen, [{ a: "x", list: [{ deep: { b: 1 } }] }]);
  });

  it("makes nothing in a preview: computed outputs are unknown, an update keeps the stable ones", async () => {
    const made = await create({ a: "x" }, true);
    assert.equal(made.getId(), "");
    assert.deepEqual(made.getProperties()!.toJavaScript(), { a: "x", made: UNKNOWN, kept: UNKNOWN });
    const request = new messages.UpdateRequest()
      .setUrn(urn("Test"))
      .setPreview(true)
      .setOldInputs(struct({ a: "x" }))
      .setOlds(struct({ a: "x", made: "1", kept: "2" }))
      .setNews(struct({ a: "y" }));
    const updated = await call<messages.UpdateResponse>((done) => client.update(request, done));
    assert.deepEqual(updated.getProperties()!.toJavaScript(), { a: "y", made: UNKNOWN, kept: "2" });
    assert.deepEqual(seen, []);
  });

  it("returns inputs and outputs, and wants to be looked at before each update", async () => {
    const made = await create({ a: "x" });
    assert.equal(made.getId(), "id");
    assert.equal(made.getRefreshBeforeUpdate(), true);
    assert.deepEqual(made.getProperties()!.toJavaScript(), { a: "x", made: "yes", kept: "it" });
  });

  it("tells differences, replacements and what the user ignores", async () => {
    const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
    assert.equal((await diff({ a: "x" }, { a: "x" })).getChanges(), DIFF_NONE);
    const changed = (await diff({ a: "x" }, { a: "y", b: "z" })).toObject();
    assert.equal(changed.changes, DIFF_SOME);
    assert.deepEqual([changed.diffsList, changed.replacesList], [["a", "b"], ["b"]]);
    const { UPDATE, ADD_REPLACE } = messages.PropertyDiff.Kind;
    assert.deepEqual(changed.detaileddiffMap, [
      ["a", { kind: UPDATE, inputdiff: true }],
      ["b", { kind: ADD_REPLACE, inputdiff: true }],
    ]);
    assert.equal((await diff({ a: "x" }, { a: "y" }, ["a"])).getChanges(), DIFF_NONE);
  });

  it("returns what a check finds wrong", async () => {
    const request = new messages.CheckRequest().setUrn(urn("Test")).setNews(struct({ a: "bad" }));
    const response = await call<messages.CheckResponse>((done) => client.check(request, done));
    assert.deepEqual(
      response.getFailuresList().map((failure) => failure.toObject()),
      [{ property: "", reason: "a is bad" }],
    );
  });

  it("shows a problem of the user in full, and a fault of ours with its stack", async () => {
    answer = () => {
      throw new TestnetError({ code: "TN4005", message: "port 1 is in use" });
    };
    const problem = await failureOf(create({ a: "x" }));
    assert.equal(problem.code, status.FAILED_PRECONDITION);
    assert.match(problem.details, /^TN4005 port 1 is in use\n {4}to do: .*\n {4}more: /);
    answer = () => {
      throw new Error("a bug");
    };
    const fault = await failureOf(create({ a: "x" }));
    assert.equal(fault.code, status.INTERNAL);
    assert.match(fault.details, /^Error: a bug\n +at /);
    assert.match(
      (await failureOf(create({}, false, "Nothing"))).details,
      /no resource type testnet-local:index:Nothing/,
    );
  });

  it("keeps what a partial failure made", async () => {
    answer = () => {
      throw new PartialFailure(
        "id",
        { made: "half" },
        new TestnetError({ code: "TN3002", message: "not ready" }),
      );
    };
    const failure = await failureOf(create({ a: "x" }));
    const full = Status.deserializeBinary(failure.metadata.get("grpc-status-details-bin")[0] as Buffer);
    const detail = messages.ErrorResourceInitFailed.deserializeBinary(
      full.getDetailsList()[0]!.getValue_asU8(),
    );
    assert.equal(detail.getId(), "id");
    assert.match(detail.getReasonsList()[0]!, /^TN3002 not ready/);
    assert.deepEqual(detail.getProperties()!.toJavaScript(), { a: "x", made: "half" });
  });

  it("refuses a home that is no absolute path", async () => {
    const request = new messages.CheckRequest().setNews(struct({ home: "relative" }));
    const response = await call<messages.CheckResponse>((done) => client.checkConfig(request, done));
    assert.match(response.getFailuresList()[0]!.getReason(), /absolute path/);
  });
});
