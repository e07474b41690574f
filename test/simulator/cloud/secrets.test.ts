import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { CloudMethods, SecretAt } from "../../../simulator/cloud/protocol";
import { methods } from "../../../simulator/cloud/methods";
import { startClouds } from "../../../simulator/cloud/client";
import { temporaryDirectory } from "../../support/temporary";
import { gkeCluster, QUOTAS } from "./grounds";
import { SmallWorld } from "./small-world";

const CANARY = "canary-5e1f0b";
const AWS: SecretAt = { cloud: "aws", site: { region: "us-east-1" }, name: "testnet/net/seed-1" };
const GCP: SecretAt = {
  ...{ cloud: "gcp", name: "testnet_net_seed-1" },
  site: { account: "example-testnets", region: "europe-west4" },
};
const CALLER = { onLeave: () => undefined };

describe("secrets written by hand in simulated clouds", () => {
  let world: SmallWorld;
  beforeEach(() => (world = new SmallWorld(QUOTAS)));
  afterEach(() => world.close());

  const put = (at: SecretAt, value: string, onlyNew = false) =>
    methods(world.world).secretPut({ ...at, value, onlyNew }, CALLER);
  const get = (at: SecretAt) => methods(world.world).secretGet(at, CALLER);
  const list = ({ cloud, site }: SecretAt) =>
    methods(world.world).secretList({ cloud, site }, CALLER) as CloudMethods["secretList"]["result"];

  for (const at of [AWS, GCP]) {
    it(`of ${at.cloud} have versions, and are gone when they are deleted`, async () => {
      assert.equal(await get(at), null);
      await put(at, "one");
      await put(at, "two");
      assert.deepEqual(await get(at), { value: "two" });
      const [found] = list(at);
      assert.deepEqual([found?.name, found?.versions, found?.byHand], [at.name, 2, true]);
      assert.throws(() => put(at, "three", true), /already exists/);
      const remove = () => methods(world.world).secretDelete(at, CALLER);
      assert.deepEqual([await remove(), await remove()], [{ deleted: true }, { deleted: false }]);
      assert.deepEqual([list(at), await get(at), world.world.store.all()], [[], null, []]);
    });
  }

  it("of AWS belong to a region, those of GCP to a project", async () => {
    await put(AWS, "one");
    await put(GCP, "one");
    assert.equal(await get({ ...AWS, site: { region: "us-west-2" } }), null);
    const elsewhere = { ...GCP, site: { account: "example-testnets", region: "us-east1" } };
    assert.deepEqual(await get(elsewhere), { value: "one" });
    assert.equal(await get({ ...GCP, site: { account: "other-project", region: "us-east1" } }), null);
  });

  it("stand in the way of a program's secret of the same name", async () => {
    await put(AWS, "one");
    const type = "aws:secretsmanager/secret:Secret";
    await assert.rejects(world.aws().create(type, { name: AWS.name }), /ResourceExistsException/);
  });

  it("take a value into a program's secret, which is no new one", async () => {
    const made = await world.aws().create("aws:secretsmanager/secret:Secret", { name: AWS.name });
    await put(AWS, "one", true);
    assert.deepEqual(list(AWS), [{ name: AWS.name, id: made.id, versions: 1, byHand: false }]);
  });

  it("are refused by a cloud that has no such names, regions or manager", () => {
    assert.throws(() => put({ ...GCP, name: "a/b" }, "one"), /1 to 255 letters/);
    assert.throws(() => put({ ...AWS, site: { region: "mars" } }, "one"), /Invalid AWS Region: mars/);
    assert.throws(() => put({ ...AWS, cloud: "docker" }, "one"), /docker has no secret manager/);
  });

  it("are there for grants of GCP, which fail without them", async () => {
    const gcp = world.gcp();
    await gkeCluster(gcp);
    const { number } = gcp.provider.invoke("gcp:organizations/getProject:getProject", {}) as {
      number: string;
    };
    const pool = `projects/${number}/locations/global/workloadIdentityPools/example-testnets.svc.id.goog`;
    const grant = () =>
      gcp.create("gcp:secretmanager/secretIamMember:SecretIamMember", {
        secretId: `projects/example-testnets/secrets/${GCP.name}`,
        role: "roles/secretmanager.secretAccessor",
        member: `principal://iam.googleapis.com/${pool}/subject/ns/net/sa/seed-1`,
      });
    await assert.rejects(grant(), new RegExp(`Secret \\[.*${GCP.name}\\] not found`));
    await put(GCP, "one");
    const made = await grant();
    await methods(world.world).secretDelete(GCP, CALLER);
    assert.equal(gcp.exists(made), false);
  });
});

describe("values of secrets", function () {
  this.timeout(30_000);

  it("are in no file of a run, and in no answer but to who asks for them", async () => {
    const temporary = temporaryDirectory();
    const directory = temporary.path;
    const clouds = await startClouds({ directory, clusters: "light", scale: null, lingerMs: 5 });
    const { client } = clouds;
    try {
      await client.ask("secretPut", { ...AWS, value: CANARY });
      assert.deepEqual(await client.ask("secretGet", AWS), { value: CANARY });
      const told = [
        await client.ask("resources"),
        await client.ask("operations"),
        await client.ask("secretList", { cloud: AWS.cloud, site: AWS.site }),
      ];
      assert.equal(told[0]?.length, 1, "it counts as a resource");
      assert.ok(!JSON.stringify(told).includes(CANARY));
      await assert.rejects(
        client.ask("secretPut", { ...AWS, value: CANARY, onlyNew: true }),
        (error: Error) => {
          return error.message.includes("already exists") && !error.message.includes(CANARY);
        },
      );
      const files = fs
        .readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((one) => one.isFile());
      assert.ok(files.some(({ name }) => name === "clouds.jsonl"));
      for (const { parentPath, name } of files) {
        assert.ok(!fs.readFileSync(path.join(parentPath, name), "utf8").includes(CANARY), name);
      }
    } finally {
      await clouds.stop();
      temporary.dispose();
    }
  });
});
