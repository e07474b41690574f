import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import * as aws from "@pulumi/aws";
import type { CloudOperation } from "../../../simulator/cloud/record";
import { everythingOfAws } from "./everything-aws";
import { everythingOfDocker, everythingOfGcp } from "./everything-gcp";
import { isolated } from "../../support/engine";
import { Rehearsal } from "./harness";

const QUOTAS = { "L-1216C47A": 64, CPUS: 64 };

describe("faults of the simulated clouds", function () {
  this.timeout(240_000);
  let rehearsal: Rehearsal;
  afterEach(() => rehearsal.dispose());

  const client = () => rehearsal.clouds.client;
  const network = () => {
    const opts = { provider: new aws.Provider("aws", { region: "us-east-1" }) };
    const vpc = new aws.ec2.Vpc("net", { cidrBlock: "10.0.0.0/16" }, opts);
    new aws.ec2.InternetGateway("net", { vpcId: vpc.id }, opts);
    new aws.ec2.SecurityGroup("net", { vpcId: vpc.id }, opts);
  };

  it("fail the n-th create in the cloud's words; up again converges; destroy leaves nothing", async () => {
    rehearsal = (await Rehearsal.start()).deploys(network);
    await client().ask("arm", { faults: [{ operation: "create", nth: 2 }] });
    const words = await rehearsal.failure("up");
    assert.match(
      words,
      /creating EC2 (Internet Gateway|Security Group) \(net\): .*api error ServiceUnavailable/,
    );
    await client().ask("arm", { faults: [] });
    assert.equal((await rehearsal.changes("up"))["create"], 1);
    await rehearsal.changes("destroy");
    assert.deepEqual(await client().ask("resources"), []);
  });

  it("fail every create once: up converges when it is repeated, and every error names its resource", async () => {
    rehearsal = (await Rehearsal.start({ quotas: QUOTAS })).deploys(() => {
      everythingOfAws();
      everythingOfDocker(everythingOfGcp());
    });
    await client().ask("arm", { faults: [{ operation: "create", firstTries: true }] });
    let rounds = 0;
    while (rounds < 30 && (await fails())) rounds += 1;
    assert.ok(rounds > 3 && rounds < 30, `${rounds} rounds`);
    const failed = (await client().ask("operations")).filter(({ result }) => result === "failed");
    const resources = await client().ask("resources");
    assert.deepEqual(
      resources.filter(({ urn }) => !failed.some((one) => one.urn === urn)),
      [],
    );
    assert.deepEqual(
      failed.filter(({ error = "" }) => !error.includes("(simulated)")),
      [],
    );
    await rehearsal.changes("destroy");
    assert.deepEqual(await client().ask("resources"), []);
  });

  const fails = async () => {
    try {
      await rehearsal.stack.up(rehearsal.watched);
      return false;
    } catch {
      return true;
    }
  };

  it("keep what was made when the provider gives up waiting; up mends it", async () => {
    rehearsal = (await Rehearsal.start()).deploys(network);
    await client().ask("arm", { faults: [{ operation: "create", kind: "timeout", match: "ec2/vpc:Vpc" }] });
    assert.match(await rehearsal.failure("up"), /timeout while waiting for state to become ready/);
    assert.equal((await client().ask("resources")).length, 1);
    await client().ask("arm", { faults: [] });
    await rehearsal.changes("up");
    assert.equal((await client().ask("resources")).length, 3);
    await rehearsal.changes("destroy");
    assert.deepEqual(await client().ask("resources"), []);
  });

  it("fail a delete: destroy again leaves nothing", async () => {
    rehearsal = (await Rehearsal.start()).deploys(network);
    await rehearsal.changes("up");
    await client().ask("arm", { faults: [{ operation: "delete", firstTries: true, match: "Gateway" }] });
    assert.match(await rehearsal.failure("destroy"), /deleting EC2 Internet Gateway/);
    await rehearsal.changes("destroy");
    assert.deepEqual(await client().ask("resources"), []);
  });

  it("survive a kill of the engine midway: up again converges, destroy leaves nothing", async () => {
    // Slow enough to be interrupted: a cluster takes 9 s.
    rehearsal = await Rehearsal.start({ quotas: QUOTAS, scale: 60 });
    const engine = spawn(process.execPath, ["--import=tsx", path.join(__dirname, "up-in-child.ts")], {
      env: { ...process.env, ...isolated(rehearsal.directory), RUN_DIRECTORY: rehearsal.directory },
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    });
    const ended = once(engine, "exit");
    const begun = (operation: CloudOperation) => /eks\/cluster|container\/cluster/.test(operation.type);
    while (!(await client().ask("operations")).some(begun)) {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    // The whole group: the program, the engine, the plugins.
    process.kill(-(engine.pid ?? 0), "SIGKILL");
    await ended;
    const left = await client().ask("resources");
    assert.ok(left.length > 10, `${left.length} resources`);
    rehearsal.deploys(() => {
      everythingOfAws();
      everythingOfGcp();
    });
    await rehearsal.stack.cancel();
    await rehearsal.changes("up");
    const recovered = (await client().ask("operations")).filter(({ result }) => result === "recovered");
    assert.ok(recovered.some(({ type }) => /eks\/cluster|container\/cluster/.test(type)));
    assert.deepEqual(Object.keys(await rehearsal.changes("up")), ["same"]);
    await rehearsal.changes("destroy");
    assert.deepEqual(await client().ask("resources"), []);
  });
});
