import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { planNetwork } from "../../../protocols/network";
import type { NetworkPlan } from "../../../protocols/plan";
import { loadStackConfig } from "../../../stacks/config/file";
import { localPlacement, requireLocal } from "../../../stacks/placement";
import { runMain } from "../../support/cli";
import { FakeHome } from "../../support/fake-home";
import { temporaryDirectory } from "../../support/temporary";

/** A network of this machine whose daemons run but do not answer: the ports are nobody's. */
describe("diagnose of a network of this machine", function () {
  this.timeout(60_000);
  const stacks = temporaryDirectory();
  const before = process.env["TESTNET_HOME"];
  let home: FakeHome;
  let plan: NetworkPlan;

  beforeEach(async () => {
    fs.writeFileSync(
      path.join(stacks.path, "Pulumi.qa.yaml"),
      "config:\n  testnet:environment: local\n" +
        "  testnet:network: { protocol: ethereum, nodes: [{ count: 2 }], ports: { from: 48900 } }\n",
    );
    const config = loadStackConfig(stacks.path, "qa");
    requireLocal(config);
    plan = planNetwork(config.network, localPlacement("/nowhere", "qa", config.network));
    home = new FakeHome(plan);
    home.start();
    await home.makeKeys();
    process.env["TESTNET_HOME"] = home.path;
  });
  afterEach(() => {
    if (before === undefined) delete process.env["TESTNET_HOME"];
    else process.env["TESTNET_HOME"] = before;
    home.dispose();
  });
  after(() => stacks.dispose());

  it("holds processes, checks and the end of every log, and none of the keys that a log tells", async () => {
    const { secrets } = home.network.era(plan.era);
    const files = fs.readdirSync(secrets, { recursive: true, encoding: "utf8" });
    const keys = files
      .map((name) => path.join(secrets, name))
      .filter((file) => fs.statSync(file).isFile())
      .map((file) => fs.readFileSync(file, "utf8").trim());
    assert.ok(keys.length > 0);
    const [daemon] = plan.daemons;
    assert.ok(daemon);
    fs.appendFileSync(home.network.log(daemon.name), keys.map((key) => `the key is ${key}\n`).join(""));

    const output = path.join(stacks.path, "diagnosis");
    const { status, stdout, stderr } = await runMain(
      "-C",
      stacks.path,
      "diagnose",
      "qa",
      "-o",
      output,
      "--json",
    );
    assert.equal(status, 0, stderr);
    const told = (JSON.parse(stdout) as { files: string[] }).files;
    const wanted = [
      "versions.json",
      "stack.yaml",
      "processes.json",
      "status.json",
      "verify.json",
      "peers.json",
    ];
    for (const name of [...wanted, ...plan.daemons.map((one) => `logs/${one.name}.log`)]) {
      assert.ok(told.includes(name), `${name} in ${told.join(", ")}`);
    }
    const texts = told.map((name) => fs.readFileSync(path.join(output, name), "utf8"));
    const leaks = keys.filter((key) => texts.some((text) => text.includes(key.replace(/^0x/, ""))));
    assert.equal(leaks.length, 0, "keys are in the diagnosis");
    assert.match(texts[told.indexOf(`logs/${daemon.name}.log`)] ?? "", /began\nthe key is \[removed\]/);
  });

  it("refuses options that are for clusters", async () => {
    const reset = await runMain("-C", stacks.path, "reset", "qa", "--old-volumes", "--yes");
    assert.equal(reset.status, 2);
    assert.match(reset.stderr, /TN1014 --old-volumes: the option is for networks in clusters/);
  });
});
