import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { EngineEvent, PulumiFn } from "@pulumi/pulumi/automation";
import { projectFile } from "../../cli/engine/workspace";
import { policyError } from "../../cli/policy/enforce";
import { POLICY_PACK, policyOptions } from "../../cli/policy/pack";
import { PolicyWatch } from "../../cli/policy/violations";
import type { PreviewPolicy } from "../../cli/preview/record";
import { TestnetError } from "../../errors/problem";
import { isolated, TestEngine } from "../support/engine";

/**
 * The policies behind the real engine, started as `preview` and `up` start them. What is judged is registered without a
 * provider: for the policies a resource is its type and its inputs.
 */
class Judged extends pulumi.ComponentResource {
  constructor(type: string, name: string, inputs: pulumi.Inputs) {
    super(type, name, inputs, {});
    // Rules of a whole stack see what came of a resource: of these, their inputs.
    this.registerOutputs(inputs);
  }
}

const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const tags = { "testnet-stack": "net", "testnet-owner": "alice", "testnet-expires": "never" };
const opening = (from: pulumi.Input<number>) => {
  return { ipProtocol: "tcp", fromPort: from, toPort: from, cidrIpv4: "0.0.0.0/0", tags };
};
const job = { spec: { template: { spec: { containers: [{ image: "busybox:1.37" }] } } } };

describe("policies and the real engine", function () {
  this.timeout(120_000);

  let engine: TestEngine;
  before(async () => {
    engine = await TestEngine.start();
    // Everything of our Pulumi.yaml: it names what starts packs where Pulumi's own language host is missing.
    fs.writeFileSync(path.join(engine.directory, "work", "Pulumi.yaml"), projectFile());
  });
  after(() => engine.dispose());

  async function run(
    operation: "preview" | "up",
    program: PulumiFn,
    options = policyOptions(engine.directory),
  ): Promise<{ policy: PreviewPolicy; error: unknown }> {
    engine.deploys(program);
    const watch = new PolicyWatch();
    const onEvent = (event: EngineEvent) => watch.onEvent(event);
    const run = { onEvent, suppressOutputs: true, suppressProgress: true, ...options };
    let error: unknown;
    try {
      await engine.stack[operation](run);
    } catch (caught) {
      error = policyError(caught, watch.result());
    }
    return { policy: watch.result(), error };
  }

  it("a preview fails with a code that names rule, resource and remedy", async () => {
    const { policy, error } = await run("preview", () => {
      new Judged(INGRESS, "ssh", opening(22));
      new Judged(INGRESS, "peers", opening(23_000));
      return Promise.resolve();
    });
    assert.deepEqual(
      policy.violations.map(({ policy: rule, level, urn }) => [rule, level, urn?.split("::").at(-1)]),
      [["only-peer-ports-open", "mandatory", "ssh"]],
    );
    assert.ok(error instanceof TestnetError);
    assert.deepEqual(
      error.problems.map(({ code, at }) => [code, at]),
      [["TN2030", "ssh"]],
    );
    assert.match(error.message, /only-peer-ports-open: tcp 22 is open to the world/);
    assert.match(error.message, /docs\/policies\.md#only-peer-ports-open/);
  });

  it("`up` does not make what breaks a rule, and makes it once it is mended", async () => {
    const mended = { ports: opening(3085) };
    const program = () => {
      new Judged(INGRESS, "graphql", mended.ports);
      return Promise.resolve();
    };
    const refused = await run("up", program);
    assert.match(String(refused.error), /Mina's GraphQL/);
    assert.ok(!(await engine.resources()).includes("graphql"));
    mended.ports = opening(23_085);
    assert.equal((await run("up", program)).error, undefined);
    assert.ok((await engine.resources()).includes("graphql"));
  });

  it("a rule of the whole stack stops a preview, too", async () => {
    const values = { pods: [{ containers: [{ ports: [{ number: 23_000, public: true }] }] }] };
    const { policy } = await run("preview", () => {
      new Judged("kubernetes:helm.sh/v3:Release", "seeds", { values });
      new Judged(INGRESS, "wide", opening(23_032));
      return Promise.resolve();
    });
    assert.deepEqual(
      policy.violations.map(({ policy: rule, urn }) => [rule, urn?.split("::").at(-1)]),
      [["open-ports-are-listened-on", "wide"]],
    );
  });

  it("what is not known before `up` is not judged before `up`, and says nothing", async () => {
    const { policy, error } = await run("preview", () => {
      new Judged(INGRESS, "later", opening(pulumi.output(pulumi.unknown as number)));
      return Promise.resolve();
    });
    assert.equal(error, undefined);
    assert.deepEqual(policy.violations, []);
  });

  it("advice lets through; the settings beside the stack files make it a must", async () => {
    const program = () => {
      new Judged("kubernetes:batch/v1:Job", "job", job);
      return Promise.resolve();
    };
    const settings = path.join(engine.directory, "policy.json");
    const write = (enforcementLevel: string) =>
      fs.writeFileSync(
        settings,
        JSON.stringify({ "images-by-digest": { enforcementLevel, environments: ["net"] } }),
      );
    write("advisory");
    const advised = await run("preview", program);
    assert.equal(advised.error, undefined);
    assert.deepEqual(
      advised.policy.violations.map(({ level, message }) => [level, message]),
      [["advisory", "busybox:1.37: no digest"]],
    );
    write("mandatory");
    assert.match(String((await run("preview", program)).error), /TN2030 job: images-by-digest/);
    write("disabled");
    assert.deepEqual((await run("preview", program)).policy.violations, []);
    fs.rmSync(settings);
  });

  it("`pulumi policy analyze` judges what stands", async () => {
    const ports = { of: opening(23_085) };
    const program = () => {
      new Judged(INGRESS, "standing", ports.of);
      return Promise.resolve();
    };
    await run("up", program);
    assert.equal((await analyze(engine)).status, 0);
    // Brought up by somebody who asked no policies.
    ports.of = opening(5432);
    await run("up", program, { policyPacks: [] });
    const { status, words } = await analyze(engine);
    assert.notEqual(status, 0);
    assert.match(words, /only-peer-ports-open[^]*tcp 5432 is open to the world: port 5432 is PostgreSQL/);
  });

  it("a pack that does not start is no pass", async () => {
    const broken = path.join(engine.directory, "broken");
    fs.mkdirSync(broken);
    fs.writeFileSync(path.join(broken, "PulumiPolicy.yaml"), "runtime: nodejs\n");
    fs.writeFileSync(path.join(broken, "index.js"), "throw new Error('no packages here');\n");
    const { error } = await run("preview", () => Promise.resolve(), { policyPacks: [broken] });
    assert.ok(error instanceof TestnetError);
    assert.deepEqual(
      error.problems.map(({ code }) => code),
      ["TN2031"],
    );
  });
});

/** The command of docs/policies.md, with Pulumi's own program. */
async function analyze({ directory }: TestEngine): Promise<{ status: number; words: string }> {
  const child = spawn(
    path.join(directory, "bin", "pulumi"),
    ["policy", "analyze", "--stack", "net", "--policy-pack", POLICY_PACK, "--non-interactive"],
    {
      cwd: path.join(directory, "work"),
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...isolated(directory) },
    },
  );
  let words = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => (words += chunk.toString()));
  }
  const [status] = (await once(child, "close")) as [number];
  return { status, words };
}

describe("the policy pack", function () {
  this.timeout(60_000);

  // Read from its source: sdk/nodejs/cmd/pulumi-language-nodejs, RunPlugin. That host itself cannot be had here.
  it("starts as Pulumi's own language host starts packs", async () => {
    const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
    const pack = spawn(process.execPath, [runner, "127.0.0.1:1", POLICY_PACK], {
      cwd: POLICY_PACK,
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const [port] = (await once(pack.stdout, "data")) as [Buffer];
      assert.match(port.toString(), /^\d+\n$/);
    } finally {
      pack.kill();
    }
  });
});
