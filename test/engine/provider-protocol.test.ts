import assert from "node:assert/strict";
import { credentials, Server, ServerCredentials, status, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient, ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { EngineLog } from "../../plugin/engine-log";
import { PartialFailure, UNKNOWN, type ResourceHandler } from "../../components/local/provider/handler";
import { ProviderServer } from "../../components/local/provider/server";
import { TestnetError } from "../../errors/problem";
import { call, struct, urn } from "../support/plugin";

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
