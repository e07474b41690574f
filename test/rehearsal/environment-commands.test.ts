import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import type { EnvironmentDocument } from "../../stacks/environment-document";
import { finish, ROOT, type Run } from "../support/network";
import { RehearsalWorld } from "./support/rehearsal-world";

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

  function testnet(args: readonly string[], more: NodeJS.ProcessEnv = CREDENTIALS): Promise<Run> {
    const env = {
      ...process.env,
      ...world.env,
      HOME: world.path("nobody"),
      PULUMI_BACKEND_URL: `file://${world.path("cli-state")}`,
      TESTNET_HOME: world.path("cli-home"),
      // Tools are found where this process finds them.
      XDG_CACHE_HOME: process.env["XDG_CACHE_HOME"] ?? path.join(process.env["HOME"] ?? "", ".cache"),
      ...more,
    };
    const argv = [path.join(ROOT, "cli/testnet.js"), "-C", world.path(), ...args];
    return finish(spawn(process.execPath, argv, { env, stdio: ["ignore", "pipe", "pipe"] }));
  }

  /** Of nobody: simulated clouds do not ask for them, the command does. */
  const CREDENTIALS = { AWS_ACCESS_KEY_ID: "nobody", AWS_SECRET_ACCESS_KEY: "nothing" };

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
    const { changes } = JSON.parse(stdout) as { changes: Record<string, number> };
    assert.ok((changes["create"] ?? 0) > 80, stdout);
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
