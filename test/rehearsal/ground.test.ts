import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { CloudClient } from "../../simulator/cloud/client";
import type { Rehearsal } from "../../simulator/rehearsal/rehearse";
import { reportText } from "../../simulator/rehearsal/report";
import { temporaryDirectory } from "../support/temporary";
import { rehearseLight } from "./support/light";

const SECRET = { cloud: "aws", site: { region: "us-east-1" }, name: "testnet/net/seed-1" };
const CANARY = "canary-77ac01";

/** The ground is a network and a zone; the stack on it an address with a name. */
async function program(): Promise<Record<string, unknown>> {
  const opts = { provider: new aws.Provider("aws", { region: "us-east-1" }) };
  if (pulumi.getStack() === "ground") {
    const protect = new pulumi.Config().requireObject<{ protect: boolean }>("environment").protect;
    new aws.ec2.Vpc("net", { cidrBlock: "10.0.0.0/16" }, { ...opts, protect });
    const zone = new aws.route53.Zone("zone", { name: "example.org" }, opts);
    return { zoneId: pulumi.secret(zone.zoneId) };
  }
  const ground = new pulumi.StackReference("organization/testnet/ground");
  const zoneId = ground.requireOutput("zoneId") as pulumi.Output<string>;
  const seed = new aws.ec2.Eip("seed", { domain: "vpc" }, opts);
  const record = { name: "seed-1", type: "A", ttl: 60, records: [seed.publicIp] };
  new aws.route53.Record("seed", { zoneId, ...record }, opts);
  return Promise.resolve({});
}

describe("the rehearsal of a stack that stands on another one", function () {
  this.timeout(240_000);
  let home: ReturnType<typeof temporaryDirectory>;
  beforeEach(() => (home = temporaryDirectory()));
  afterEach(() => home.dispose());

  function run(more: Partial<Rehearsal>) {
    const ground = { stack: "ground", config: { "testnet:environment": { protect: true } } };
    return rehearseLight(home.path, { ground, program, ...more });
  }

  const put = (clouds: CloudClient) => clouds.ask("secretPut", { ...SECRET, value: CANARY });

  it("brings the ground up first and takes it away last, and times the stack alone", async () => {
    let told: unknown;
    const report = await run({
      prepare: async (clouds, { outputs }) => {
        told = outputs["zoneId"];
        await put(clouds);
        return { keys: 1 };
      },
      clearUp: async (clouds) => {
        await clouds.ask("secretDelete", SECRET);
        return { keys: 1 };
      },
    });
    assert.deepEqual(report.leftovers, []);
    assert.deepEqual(
      report.phases.map(({ name, ok, changes }) => [name, ok, changes]),
      [
        ["up of ground", true, { create: 4 }],
        ["keys", true, { keys: 1 }],
        ["preview", true, { create: 4 }],
        ["up", true, { create: 4 }],
        ["up again", true, {}],
        ["refresh", true, {}],
        ["destroy", true, { delete: 4 }],
        ["keys deleted", true, { keys: 1 }],
        ["up of ground, protect: false", true, {}],
        ["destroy of ground", true, { delete: 4 }],
      ],
    );
    assert.match(String(told), /^Z0/);
    // An address, then its record; the zone's 45 seconds are the ground's.
    assert.equal(report.time?.criticalPathSeconds, 36);
    assert.equal(report.time.ratio, 1);
    const [record] = report.snapshot?.records ?? [];
    const [address] = report.snapshot?.addresses ?? [];
    assert.equal(record?.fqdn, "seed-1.example.org");
    assert.deepEqual([record.type, record.values, record.ttlSeconds], ["A", [address?.address], 60]);
    const text = reportText(report);
    assert.match(text, /name {8}seed-1\.example\.org 60 A 198\./);
    assert.match(text, /address {5}aws us-east-1: 198\..*, seed, used by nothing/);
    assert.ok(!JSON.stringify(report).includes(CANARY));
  });

  it("tells of a secret that nobody deleted", async () => {
    const report = await run({ prepare: async (clouds) => (await put(clouds), {}) });
    assert.equal(report.ok, false);
    assert.deepEqual(report.leftovers, [
      "aws us-east-1: aws:secretsmanager/secret:Secret testnet/net/seed-1",
    ]);
  });

  it("goes no further when the ground or the keys fail, and removes what there is", async () => {
    const report = await run({ prepare: () => Promise.reject(new Error("no keys today")) });
    assert.equal(report.ok, false);
    assert.deepEqual(
      report.phases.map(({ name, ok }) => [name, ok]),
      [
        ["up of ground", true],
        ["keys", false],
        ["up of ground, protect: false", true],
        ["destroy of ground", true],
      ],
    );
    assert.deepEqual(report.phases[1]?.problems, ["no keys today"]);
    assert.deepEqual(report.leftovers, []);
  });

  it("does nothing on a ground that did not come up", async () => {
    const report = await run({
      ground: { stack: "ground", config: {} },
      prepare: () => assert.fail("not called"),
    });
    assert.deepEqual(
      report.phases.map(({ name, ok }) => [name, ok]),
      [
        ["up of ground", false],
        ["destroy of ground", true],
      ],
    );
    assert.match(report.phases[0]?.problems.join("\n") ?? "", /testnet:environment/);
    assert.deepEqual(report.leftovers, []);
  });
});
