import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import type { PreviewRecord } from "../../cli/preview/record";
import type { EnvironmentDocument } from "../../stacks/environment-document";
import { ROOT, type Run } from "../support/network";
import { RehearsalWorld } from "./support/rehearsal-world";
import { typed, typedEnvironment } from "./support/typed";

/** The commands a person types, with the real engine, in simulated clouds with light clusters. */
describe("testnet up, preview and down of an environment", function () {
  this.timeout("10m");
  let world: RehearsalWorld;

  before(async () => {
    world = await RehearsalWorld.start("dev", {});
    fs.mkdirSync(world.path("cli-state"));
    stackFile("dev", {});
  });
  after(() => world.close());

  /** A stack file beside the others: that of `dev`, with changes to its environment. */
  function stackFile(stack: string, change: object): void {
    const file = path.join(ROOT, "Pulumi.dev.yaml");
    const { config } = parse(fs.readFileSync(file, "utf8")) as { config: Record<string, object> };
    const environment = { ...config["testnet:environment"], ...change };
    const text = stringify({ config: { ...config, "testnet:environment": environment } });
    fs.writeFileSync(world.path(`Pulumi.${stack}.yaml`), text);
  }

  function testnet(args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Run> {
    return typed(world.path(), { ...typedEnvironment(world.path(), world.env), ...more }, args);
  }

  it("without credentials nothing is created, and it is said how to get some", async () => {
    const none = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", AWS_PROFILE: "" };
    for (const command of ["up", "preview"]) {
      const { status, stderr } = await testnet([command, "dev"], none);
      assert.equal(status, 2, stderr);
      assert.match(stderr, /TN2006 aws: .*no credentials/);
      assert.match(stderr, /AWS_ACCESS_KEY_ID/);
    }
    assert.deepEqual(await world.clouds.ask("resources"), []);
  });

  it("preview tells what up would make", async () => {
    const { status, stdout, stderr } = await testnet(["preview", "dev", "--json"]);
    assert.equal(status, 0, stderr);
    const { ok, changes, cost } = JSON.parse(stdout) as PreviewRecord;
    assert.ok(ok);
    assert.ok(changes.length > 50, stdout);
    assert.ok(changes.every(({ operation }) => operation === "create"));
    assert.equal(cost?.currentPerHourUsd, 0);
    assert.ok(cost.plannedPerHourUsd > 0.1);
    assert.deepEqual(await world.clouds.ask("resources"), []);
  });

  it("up makes it and tells its document, a second one changes nothing", async () => {
    const { status, stdout, stderr } = await testnet(["up", "dev", "--json"]);
    assert.equal(status, 0, stderr);
    const { environment } = JSON.parse(stdout) as { environment: EnvironmentDocument };
    assert.equal(environment.stack, "dev");
    assert.ok(environment.zone.delegation.length > 0);
    const again = await testnet(["up", "dev"]);
    assert.equal(again.status, 0, again.stderr);
    assert.match(again.stderr, /nothing to change/);
  });

  it("what is over budget is neither previewed as allowed nor made, unless it is said to be", async () => {
    stackFile("dev", { budget: { monthlyUsd: 100 } });
    const refused = await testnet(["preview", "dev", "--json"]);
    assert.equal(refused.status, 1, refused.stderr);
    const { ok, problems } = JSON.parse(refused.stdout) as PreviewRecord;
    assert.equal(ok, false);
    assert.deepEqual(
      problems.map(({ code }) => code),
      ["TN2040"],
    );
    assert.match((await testnet(["up", "dev"])).stderr, /TN2040/);
    const allowed = await testnet(["preview", "dev", "--json", "--allow-over-budget"]);
    assert.equal(allowed.status, 0, allowed.stderr);
    assert.match(allowed.stderr, /! TN2040/);
  });

  it("preview tells what a change of what runs costs, and names what would be lost", async () => {
    const file = parse(fs.readFileSync(path.join(ROOT, "Pulumi.dev.yaml"), "utf8")) as {
      config: { "testnet:environment": { clusters: { nodePools: object[] }[] } };
    };
    const [cluster] = file.config["testnet:environment"].clusters;
    const nodePools = [{ name: "big", machine: "m6a.2xlarge", min: 1, max: 3, peers: true }];
    stackFile("dev", { clusters: [{ ...cluster, nodePools }] });
    const { status, stdout, stderr } = await testnet(["preview", "dev", "--json"]);
    assert.equal(status, 0, stderr);
    const { changes, cost } = JSON.parse(stdout) as PreviewRecord;
    assert.ok(cost && cost.currentPerHourUsd > 0.1);
    assert.deepEqual(cost.unknown, []);
    // One m6a.2xlarge in the place of one m6a.xlarge.
    assert.ok(Math.abs(cost.differencePerMonthUsd - 126.144) < 0.01, JSON.stringify(cost));
    assert.ok(changes.some(({ operation, type }) => operation === "delete" && type.includes("nodeGroup")));
    assert.match(stderr, /- delete {2}.*NodeGroup/);
    stackFile("dev", {});
  });

  it("a protected one is not removed, and says how it can be", async () => {
    stackFile("dev", { protect: true });
    assert.equal((await testnet(["up", "dev"])).status, 0);
    const { status, stderr } = await testnet(["down", "dev", "--yes"]);
    assert.equal(status, 1, stderr);
    assert.match(stderr, /TN2009 .* is protected[^]*protect: false/);
    stackFile("dev", { protect: false });
    assert.equal((await testnet(["up", "dev"])).status, 0);
  });

  it("down leaves nothing in the clouds", async () => {
    const { status, stderr } = await testnet(["down", "dev", "--yes"]);
    assert.equal(status, 0, stderr);
    assert.deepEqual(await world.leftovers(), []);
  });
});
