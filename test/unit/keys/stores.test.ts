import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { AwsStore } from "../../../cli/keys/aws-store";
import { DirectoryStore } from "../../../cli/keys/directory-store";
import { GcpStore } from "../../../cli/keys/gcp-store";
import { SimulatedStore } from "../../../cli/keys/simulated-store";
import type { KeyStore } from "../../../cli/keys/store";
import { TestnetError } from "../../../errors/problem";
import { type RunningClouds, startClouds } from "../../../simulator/cloud/client";
import { temporaryDirectory } from "../../support/temporary";
import { FakeGcp } from "./fake-gcp";
import { FakeAws } from "./fake-aws";

const OWNER = { network: "alice", stack: "alice" };
const CANARY = "canary-of-a-private-part";

interface Served {
  readonly store: KeyStore;
  readonly close: () => Promise<void> | void;
}

async function served(handler: http.RequestListener): Promise<{ url: string; close: () => void }> {
  const server = http.createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

async function aws(fake = new FakeAws()): Promise<Served> {
  const { url, close } = await served(fake.handle);
  return { store: new AwsStore({ region: "us-east-1", endpoint: url, attempts: 3 }, OWNER), close };
}

async function gcp(fake = new FakeGcp()): Promise<Served> {
  const { url, close } = await served(fake.handle);
  const secrets = { project: "example", region: "europe-west4", endpoint: url, pauseMs: 1 };
  return { store: new GcpStore({ ...secrets, token: () => Promise.resolve("token") }, OWNER), close };
}

/** The SDK looks for credentials in the environment; these open nothing. */
function withAwsCredentials(): void {
  const before = { ...process.env };
  beforeEach(() => {
    process.env["AWS_ACCESS_KEY_ID"] = "test";
    process.env["AWS_SECRET_ACCESS_KEY"] = "test";
  });
  afterEach(() => {
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
  });
}

/** What every store keeps to. */
function keepsSecrets(title: string, open: () => Promise<Served>): void {
  describe(title, function () {
    this.timeout(60_000);
    let held: Served;
    const store = () => held.store;
    beforeEach(async () => {
      held = await open();
    });
    afterEach(() => held.close());

    it("gives back what was put, and lists it", async () => {
      assert.deepEqual(await store().list(), []);
      assert.equal(await store().read("seed-1"), undefined);
      assert.equal(await store().has("seed-1"), false);
      await store().put("seed-1", "ä one");
      await store().put("geth-1", "two");
      assert.equal(await store().read("seed-1"), "ä one");
      assert.deepEqual(await store().list(), ["geth-1", "seed-1"]);
      assert.equal(await store().has("seed-1"), true);
    });

    it("never puts over what is there", async () => {
      await store().put("seed-1", "one");
      await assert.rejects(store().put("seed-1", CANARY), (error) => {
        assert.ok(error instanceof TestnetError);
        assert.match(error.message, /^TN2013 seed-1: this secret is there already in /);
        assert.ok(!error.message.includes(CANARY));
        return true;
      });
      assert.equal(await store().read("seed-1"), "one");
    });

    it("of two that put at once, one wins and the other is told", async () => {
      const results = await Promise.allSettled([store().put("seed-1", "one"), store().put("seed-1", "two")]);
      assert.deepEqual(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
      const winner = results[0].status === "fulfilled" ? "one" : "two";
      assert.equal(await store().read("seed-1"), winner);
    });

    it("replaces by a new version", async () => {
      await store().put("seed-1", "one");
      await store().replace("seed-1", "two");
      assert.equal(await store().read("seed-1"), "two");
    });

    it("deletes, and what is not there too", async () => {
      await store().put("seed-1", "one");
      await store().delete("seed-1");
      await store().delete("seed-1");
      assert.deepEqual(await store().list(), []);
      await store().put("seed-1", "again");
      assert.equal(await store().read("seed-1"), "again");
    });
  });
}

describe("secret managers", () => {
  withAwsCredentials();
  const directory = temporaryDirectory();
  let clouds: RunningClouds;
  let simulatedNetworks = 0;

  before(async function () {
    this.timeout(60_000);
    clouds = await startClouds({ directory: directory.path, clusters: "light", scale: null, lingerMs: 1 });
  });
  after(async () => {
    await clouds.stop();
    directory.dispose();
  });

  keepsSecrets("AWS Secrets Manager", aws);
  keepsSecrets("GCP Secret Manager", gcp);
  keepsSecrets("a folder", () => {
    const folder = temporaryDirectory();
    return Promise.resolve({ store: new DirectoryStore(folder.path, OWNER), close: () => folder.dispose() });
  });
  keepsSecrets("the simulated AWS", () => {
    const prefix = `testnet/network-${simulatedNetworks++}/`;
    const secrets = { cloud: "aws", site: { region: "us-east-1" }, prefix };
    return Promise.resolve({ store: new SimulatedStore(clouds.client, secrets), close: () => undefined });
  });
  keepsSecrets("the simulated GCP", () => {
    const prefix = `testnet_network-${simulatedNetworks++}_`;
    const secrets = { cloud: "gcp", site: { account: "example-project", region: "europe-west4" }, prefix };
    return Promise.resolve({ store: new SimulatedStore(clouds.client, secrets), close: () => undefined });
  });

  describe("AWS Secrets Manager, besides", function () {
    this.timeout(60_000);

    it("names and tags a secret as grants and people look for it", async () => {
      const fake = new FakeAws();
      const { store, close } = await aws(fake);
      await store.put("seed-1", "one");
      close();
      const { body } = fake.calls.find(({ action }) => action === "CreateSecret")!;
      assert.equal(body["Name"], "testnet/alice/seed-1");
      assert.deepEqual(body["Tags"], [
        { Key: "testnet-network", Value: "alice" },
        { Key: "testnet-daemon", Value: "seed-1" },
        { Key: "testnet-stack", Value: "alice" },
      ]);
    });

    it("sees its own network only, over all pages", async () => {
      const fake = new FakeAws({ pageSize: 2 });
      const names = ["a", "b", "c"].map((name) => `testnet/alice/${name}`);
      [...names, "testnet/alice-2/d", "old/testnet/alice/e"].forEach((name) => fake.secrets.set(name, ["x"]));
      const { store, close } = await aws(fake);
      assert.deepEqual(await store.list(), ["a", "b", "c"]);
      close();
    });

    it("goes on after throttling", async () => {
      const fake = new FakeAws();
      const { store, close } = await aws(fake);
      fake.failNext("ThrottlingException", "Rate exceeded", 2);
      await store.put("seed-1", "one");
      assert.equal(fake.secrets.get("testnet/alice/seed-1")?.length, 1);
      close();
    });

    it("tells what is throttled for too long, and what right is missing", async () => {
      const fake = new FakeAws();
      const { store, close } = await aws(fake);
      fake.failNext("ThrottlingException", "Rate exceeded", 9);
      await assert.rejects(store.put("seed-1", CANARY), (error: Error) => {
        assert.match(
          error.message,
          /^TN2014 seed-1: Secrets Manager in us-east-1 did not make this secret: ThrottlingException: Rate exceeded\n/,
        );
        return !error.message.includes(CANARY);
      });
      fake.failNext("AccessDeniedException", "User: x is not authorized", 1);
      await assert.rejects(
        store.put("seed-1", CANARY),
        /AccessDeniedException: User: x is not authorized\n {4}to do: {3}Get the right secretsmanager:CreateSecret on it/,
      );
      close();
    });

    it("frees the name of what is deleted at once", async () => {
      const fake = new FakeAws();
      const { store, close } = await aws(fake);
      await store.put("seed-1", "one");
      await store.delete("seed-1");
      close();
      const { body } = fake.calls.find(({ action }) => action === "DeleteSecret")!;
      assert.equal(body["ForceDeleteWithoutRecovery"], true);
    });

    it("tells that nobody answers", async () => {
      const store = new AwsStore({ region: "us-east-1", endpoint: "http://127.0.0.1:9", attempts: 1 }, OWNER);
      await assert.rejects(
        store.list(),
        /TN2014 alice: Secrets Manager in us-east-1 did not list its secrets: .*ECONNREFUSED/,
      );
    });
  });

  describe("GCP Secret Manager, besides", () => {
    it("keeps a secret in the region of its pod, with labels", async () => {
      const fake = new FakeGcp();
      const { store, close } = await gcp(fake);
      await store.put("seed-1", "one");
      close();
      assert.deepEqual(fake.secrets.get("testnet_alice_seed-1")?.made, {
        replication: { userManaged: { replicas: [{ location: "europe-west4" }] } },
        labels: { "testnet-network": "alice", "testnet-daemon": "seed-1", "testnet-stack": "alice" },
      });
    });

    it("sees its own network only, over all pages", async () => {
      const fake = new FakeGcp({ pageSize: 2 });
      const names = ["a", "b", "c"].map((name) => `testnet_alice_${name}`);
      [...names, "testnet_alice-2_d", "old_testnet_alice_e"].forEach((name) => fake.give(name, "x"));
      const { store, close } = await gcp(fake);
      assert.deepEqual(await store.list(), ["a", "b", "c"]);
      close();
    });

    it("destroys the versions before", async () => {
      const fake = new FakeGcp();
      const { store, close } = await gcp(fake);
      await store.put("seed-1", "one");
      await store.replace("seed-1", "two");
      await store.replace("seed-1", "three");
      close();
      assert.deepEqual(fake.secrets.get("testnet_alice_seed-1")?.versions, [undefined, undefined, "three"]);
    });

    it("takes up a secret that an interruption left without a value", async () => {
      const fake = new FakeGcp();
      fake.give("testnet_alice_seed-1");
      const { store, close } = await gcp(fake);
      assert.equal(await store.read("seed-1"), undefined);
      await store.put("seed-1", "one");
      assert.equal(await store.read("seed-1"), "one");
      close();
    });

    it("goes on after throttling, and tells when it lasts", async () => {
      const fake = new FakeGcp();
      const { store, close } = await gcp(fake);
      fake.failNext(429, "RESOURCE_EXHAUSTED", "Quota exceeded", 2);
      await store.put("seed-1", "one");
      fake.failNext(429, "RESOURCE_EXHAUSTED", "Quota exceeded", 99);
      await assert.rejects(store.put("seed-2", CANARY), (error: Error) => {
        assert.match(
          error.message,
          /^TN2014 seed-2: Secret Manager of example did not make this secret: RESOURCE_EXHAUSTED: Quota exceeded\n/,
        );
        return !error.message.includes(CANARY);
      });
      close();
    });

    it("tells what right is missing", async () => {
      const fake = new FakeGcp();
      const { store, close } = await gcp(fake);
      fake.failNext(403, "PERMISSION_DENIED", "Permission denied", 1);
      await assert.rejects(
        store.read("seed-1"),
        /did not read this secret: PERMISSION_DENIED: Permission denied\n {4}to do: {3}Get the right roles\/secretmanager.admin on it/,
      );
      close();
    });

    it("tells that nobody answers, and that there are no credentials", async () => {
      const { url, close } = await served(() => undefined);
      close();
      const secrets = { project: "example", region: "europe-west4", endpoint: url };
      const silent = new GcpStore({ ...secrets, token: () => Promise.resolve("token") }, OWNER);
      await assert.rejects(
        silent.list(),
        /TN2014 alice: Secret Manager of example did not list its secrets: .*ECONNREFUSED/,
      );
      const nobody = new GcpStore(
        { ...secrets, token: () => Promise.reject(new Error("no credentials")) },
        OWNER,
      );
      await assert.rejects(nobody.list(), /did not list its secrets: no credentials/);
    });
  });

  describe("a folder, besides", () => {
    it("is for its owner only, and where pods of the machine look for it", async () => {
      const folder = temporaryDirectory();
      await new DirectoryStore(folder.path, OWNER).put("seed-1", "one");
      const file = path.join(folder.path, "alice", "seed-1", "bundle.json");
      assert.equal(fs.statSync(file).mode & 0o777, 0o600);
      assert.equal(fs.statSync(path.dirname(file)).mode & 0o777, 0o700);
      assert.deepEqual(fs.readdirSync(path.dirname(file)), ["bundle.json"], "no draft stays");
      folder.dispose();
    });

    it("tells what the machine refuses", async () => {
      const folder = temporaryDirectory();
      fs.writeFileSync(path.join(folder.path, "alice"), "a file where the folder should be");
      const store = new DirectoryStore(folder.path, OWNER);
      await assert.rejects(
        store.put("seed-1", CANARY),
        /TN2014 seed-1: the folder .* did not write this secret: .*(ENOTDIR|EEXIST)/,
      );
      folder.dispose();
    });
  });

  it("a simulated cloud tells no value in any report", async () => {
    const secrets = { cloud: "aws", site: { region: "us-east-1" }, prefix: "testnet/canary/" };
    await new SimulatedStore(clouds.client, secrets).put("seed-1", CANARY);
    const reports = await Promise.all([
      clouds.client.ask("resources"),
      clouds.client.ask("operations"),
      clouds.client.ask("secretList", { cloud: "aws", site: { region: "us-east-1" } }),
    ]);
    assert.ok(JSON.stringify(reports).includes("testnet/canary/seed-1"));
    assert.ok(!JSON.stringify(reports).includes(CANARY));
  });
});
