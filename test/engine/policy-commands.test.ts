import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { finish, ROOT, type Run } from "../support/network";
import { RehearsalWorld } from "../rehearsal/support/rehearsal-world";

/** `testnet up` under the policies: the command, the real engine, simulated clouds. */
describe("testnet up and the policies", function () {
  this.timeout("5m");
  let world: RehearsalWorld;

  before(async () => {
    world = await RehearsalWorld.start("dev", {});
    const shipped = fs.readFileSync(path.join(ROOT, "Pulumi.dev.yaml"), "utf8");
    const byTag = shipped.replace("testnet:environment:\n", "testnet:environment:\n    pinImages: false\n");
    fs.writeFileSync(world.path("Pulumi.dev.yaml"), byTag);
    fs.mkdirSync(world.path("cli-state"));
  });
  after(() => world.close());

  function testnet(...args: readonly string[]): Promise<Run> {
    const env = {
      ...process.env,
      ...world.env,
      HOME: world.path("nobody"),
      PULUMI_BACKEND_URL: `file://${world.path("cli-state")}`,
      TESTNET_HOME: world.path("cli-home"),
      XDG_CACHE_HOME: process.env["XDG_CACHE_HOME"] ?? path.join(process.env["HOME"] ?? "", ".cache"),
      // Of nobody: simulated clouds do not ask for them, the command does.
      AWS_ACCESS_KEY_ID: "nobody",
      AWS_SECRET_ACCESS_KEY: "nothing",
    };
    const argv = [path.join(ROOT, "cli/testnet.js"), "-C", world.path(), ...args];
    return finish(spawn(process.execPath, argv, { env, stdio: ["ignore", "pipe", "pipe"] }));
  }

  function writeSettings(settings: object): void {
    fs.writeFileSync(world.path("policy.json"), JSON.stringify(settings));
  }

  it("refuses settings with a mistake before anything is made", async () => {
    writeSettings({ "image-by-digest": "mandatory" });
    const { status, stderr } = await testnet("up", "dev", "--yes");
    assert.equal(status, 2, stderr);
    assert.match(stderr, /TN2032 policy\.json/);
    assert.deepEqual(await world.clouds.ask("resources"), []);
  });

  it("fails with rule, resource and remedy; `up` goes on once the rule is kept", async () => {
    writeSettings({ "images-by-digest": { enforcementLevel: "mandatory", environments: ["dev"] } });
    const refused = await testnet("up", "dev", "--yes");
    assert.equal(refused.status, 1, refused.stderr);
    assert.match(refused.stderr, /TN2030 monitoring-grafana-password\S*: images-by-digest: .*: no digest/);
    assert.match(refused.stderr, /docs\/policies\.md#images-by-digest/);
    assert.deepEqual(await world.clouds.ask("resources"), []);

    writeSettings({ "images-by-digest": { enforcementLevel: "advisory", environments: ["dev"] } });
    const mended = await testnet("up", "dev", "--yes");
    assert.equal(mended.status, 0, mended.stderr);
    assert.match(mended.stderr, /! images-by-digest: monitoring-grafana-password/);
  });
});
