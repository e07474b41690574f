import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import type { ClusterReport } from "../../cli/clusters/verify";
import type { ClusterStatus } from "../../cli/clusters/status";
import { networkRehearsal } from "../../cli/rehearsal/network";
import { projectFile } from "../../cli/engine/workspace";
import { type RunningClouds, startClouds } from "../../simulator/cloud/client";
import { CLUSTER_PROGRAMS } from "../../simulator/clusters/programs";
import { KubeClient, type KubeObject } from "../../simulator/kube/client";
import { openStack } from "../../simulator/rehearsal/engine";
import { loadStackConfig } from "../../stacks/config/file";
import { kindOf } from "../../stacks/kind";
import { resolveTools } from "../../tools/resolve";
import { finish, ROOT, type Run } from "../support/network";
import { temporaryDirectory } from "../support/temporary";

/** A value of the stack file that nobody may find in a diagnosis. */
const CANARY = "canary-7f3a91c2";

/** Of nobody: simulated clouds do not ask for them, the command does. */
const CREDENTIALS = { AWS_ACCESS_KEY_ID: "nobody", AWS_SECRET_ACCESS_KEY: "nothing" };

/** The commands an operator types at a network in a cluster, with the real engine and a real API server. */
describe("a network in clusters is looked at, paused, reset and diagnosed", function () {
  this.timeout("10m");
  const directory = temporaryDirectory();
  const at = (...parts: string[]) => path.join(directory.path, ...parts);
  let clouds: RunningClouds;
  let engineEnv: Record<string, string>;
  let cluster: KubeClient;

  before(async () => {
    const tools = await resolveTools(["pulumi", "helm", ...CLUSTER_PROGRAMS]);
    const programs = Object.fromEntries(Object.entries(tools).map(([name, tool]) => [name, tool.path]));
    clouds = await startClouds(
      { directory: directory.path, clusters: "real", scale: null, lingerMs: 20, quotas: { "*": 1e6 } },
      { ...process.env, TESTNET_CLUSTER_PROGRAMS: JSON.stringify(programs) },
    );
    const world = await openStack({
      stack: "unused",
      project: parse(projectFile()) as Record<string, unknown>,
      config: {},
      program: () => Promise.resolve({}),
      directory: directory.path,
      programs: { pulumi: tools.pulumi.path, helm: tools.helm.path },
      charts: undefined,
    });
    engineEnv = { ...world.workspace.envVars };
    fs.mkdirSync(at("cli-state"));
    fs.copyFileSync(path.join(ROOT, "Pulumi.dev.yaml"), at("Pulumi.dev.yaml"));
    fs.writeFileSync(at("Pulumi.small.yaml"), networkFile());
    await prepareKeys();
    const up = await testnet("up", "dev", "--yes");
    assert.equal(up.status, 0, up.stderr);
    const network = await testnet("up", "small", "--yes");
    assert.equal(network.status, 0, network.stderr);
    const [report] = await clouds.client.ask("clusters");
    assert.ok(report);
    const { endpoint, caPem, token } = report.access;
    cluster = new KubeClient({ server: endpoint, caPem, token });
  });
  after(async () => {
    (cluster as KubeClient | undefined)?.close();
    await clouds.stop();
    directory.dispose();
  });

  async function prepareKeys(): Promise<void> {
    const found = kindOf(loadStackConfig(directory.path, "small"));
    assert.equal(found.kind, "cluster network");
    const { prepare } = networkRehearsal(
      { directory: directory.path, stack: "small" },
      found,
      directory.path,
    );
    await prepare(clouds.client, { outputs: {} });
  }

  function testnet(...args: string[]): Promise<Run> {
    const env = {
      ...process.env,
      ...engineEnv,
      ...CREDENTIALS,
      HOME: at("nobody"),
      PULUMI_BACKEND_URL: `file://${at("cli-state")}`,
      TESTNET_HOME: at("cli-home"),
      XDG_CACHE_HOME: process.env["XDG_CACHE_HOME"] ?? path.join(process.env["HOME"] ?? "", ".cache"),
    };
    const argv = [path.join(ROOT, "cli/testnet.js"), "-C", directory.path, ...args];
    return finish(spawn(process.execPath, argv, { env, stdio: ["ignore", "pipe", "pipe"] }));
  }

  async function told<T>(expected: number, ...args: string[]): Promise<T> {
    const { status, stdout, stderr } = await testnet(...args, "--json");
    assert.equal(status, expected, `${args.join(" ")}: ${stderr}\n${stdout}`);
    return JSON.parse(stdout) as T;
  }

  const items = async (kind: string) =>
    (await cluster.get<{ items: KubeObject[] }>(`/api/v1/namespaces/small/${kind}`)).items.filter(
      ({ metadata }) => metadata["deletionTimestamp"] === undefined,
    );
  const names = async (kind: string) => (await items(kind)).map(({ metadata }) => metadata.name).sort();
  const addresses = async () =>
    (await clouds.client.ask("resources"))
      .filter(({ type }) => /eip|address/i.test(type))
      .map(({ id }) => id);

  it("verify holds for what the API server tells, and says of the chain that nobody was asked", async () => {
    const report = await told<ClusterReport>(0, "verify", "small", "--timeout", "20");
    assert.deepEqual(
      report.checks.map(({ name, state }) => [name, state]),
      [
        ["clusters", "ok"],
        ["pods", "ok"],
        ["reserved-addresses", "ok"],
        ["seeds", "not asked"],
        ["heads-advance", "not asked"],
        ["heads-agree", "not asked"],
        ["finality", "not asked"],
        ["proposals", "not asked"],
        ["peers", "not asked"],
      ],
    );
    assert.ok(report.checks.at(-1)?.detail.includes("the machines are simulated"));
  });

  it("status tells every pod with its machine, and every seed with its address and name", async () => {
    const status = await told<ClusterStatus>(0, "status", "small");
    assert.deepEqual(
      status.daemons.map(({ name, planned, ready }) => [name, planned, ready]),
      [
        ["seed-1", 1, 1],
        ["block-producer-1", 1, 1],
        ["block-producer-2", 1, 1],
        ["work-coordinator", 1, 1],
        ["work-worker", 2, 2],
      ],
    );
    assert.ok(status.daemons.every(({ pods }) => pods.every(({ node, address }) => node && address)));
    assert.equal(status.seeds[0]?.host, "seed-1.small.dev.testnets.example.org");
    assert.match(status.seeds[0].address ?? "", /^\d+\.\d+\.\d+\.\d+$/);
    assert.deepEqual(status.unusedVolumes, []);
  });

  it("pause takes every pod and nothing else; a second one changes nothing", async () => {
    const before = { volumes: await names("persistentvolumeclaims"), services: await names("services") };
    const reserved = await addresses();
    assert.ok(reserved.length > 0);
    assert.equal((await told<{ paused: boolean }>(0, "pause", "small")).paused, true);
    assert.deepEqual(await names("pods"), []);
    assert.deepEqual(
      { volumes: await names("persistentvolumeclaims"), services: await names("services") },
      before,
    );
    assert.deepEqual(await addresses(), reserved);
    assert.match(fs.readFileSync(at("Pulumi.small.yaml"), "utf8"), /# a comment[^]*testnet:paused: true/);
    const again = await testnet("pause", "small");
    assert.match(again.stderr, /nothing to change/);
    const status = await told<ClusterStatus>(0, "status", "small");
    assert.equal(status.paused, true);
    assert.equal(status.notAsked, "the network is paused");
    assert.equal((await testnet("verify", "small")).status, 0);
  });

  it("resume brings the same pods back on the same volumes and addresses", async () => {
    const volumes = await items("persistentvolumeclaims");
    const reserved = await addresses();
    await told(0, "resume", "small");
    const status = await told<ClusterStatus>(0, "status", "small");
    assert.deepEqual(
      status.daemons.map(({ ready }) => ready),
      [1, 1, 1, 1, 2],
    );
    const after = await items("persistentvolumeclaims");
    const uids = (claims: readonly KubeObject[]) => claims.map(({ metadata }) => metadata["uid"]).sort();
    assert.deepEqual(uids(after), uids(volumes));
    assert.deepEqual(await addresses(), reserved);
    assert.ok(!fs.readFileSync(at("Pulumi.small.yaml"), "utf8").includes("paused"));
  });

  it("reset starts an era and keeps the old volumes until somebody agrees", async () => {
    const volumes = await names("persistentvolumeclaims");
    assert.ok(volumes.length > 0 && volumes.every((name) => name.startsWith("data-e1-")));
    const refused = await testnet("reset", "small", "--yes");
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /TN2044 small: the network is protected/);
    interface Reset {
      readonly era: number;
      readonly removedVolumes: readonly { name: string }[];
      readonly keptVolumes: readonly { name: string }[];
    }
    const reset = await told<Reset>(0, "reset", "small", "--confirm", "small");
    assert.equal(reset.era, 2);
    assert.deepEqual(reset.keptVolumes.map(({ name }) => name).sort(), volumes);
    const fresh = volumes.map((name) => name.replace("data-e1-", "data-e2-"));
    assert.deepEqual(await names("persistentvolumeclaims"), [...volumes, ...fresh]);
    assert.match(fs.readFileSync(at("Pulumi.small.yaml"), "utf8"), /# a comment[^]*era: 2/);
    const status = await told<ClusterStatus>(0, "status", "small");
    assert.deepEqual([status.era, status.unusedVolumes.length], [2, volumes.length]);

    const cleaned = await told<Reset>(0, "reset", "small", "--old-volumes", "--yes", "--confirm", "small");
    assert.deepEqual(cleaned.removedVolumes.map(({ name }) => name).sort(), volumes);
    assert.deepEqual(await names("persistentvolumeclaims"), fresh);
  });

  it("diagnose gathers what there is, without a secret", async () => {
    const output = at("diagnosis");
    const { files } = await told<{ files: string[] }>(0, "diagnose", "small", "--output", output);
    for (const wanted of ["versions.json", "stack.yaml", "status.json", "verify.json", "events/use2.json"]) {
      assert.ok(files.includes(wanted), `${wanted} in ${files.join(", ")}`);
    }
    const texts = files.map((name) => fs.readFileSync(path.join(output, name), "utf8"));
    const secrets = [CANARY, ...clusterTokens()];
    for (const secret of secrets) assert.ok(!texts.some((text) => text.includes(secret)), secret);
    assert.match(texts[files.indexOf("stack.yaml")] ?? "", /blockProducers/);
  });

  function clusterTokens(): string[] {
    const tokens = fs.readdirSync(directory.path, { recursive: true, encoding: "utf8" });
    return tokens
      .filter((name) => name.endsWith("kubeconfig") && name.includes("clusters"))
      .flatMap((name) => [...fs.readFileSync(at(name), "utf8").matchAll(/token: (\S{16,})/g)])
      .map(([, token]) => token as string);
  }

  it("a cluster that does not answer fails verify by name, and an up says so", async () => {
    const [report] = await clouds.client.ask("clusters");
    await clouds.client.ask("cut", { cluster: report?.id ?? "" });
    const verdict = await told<ClusterReport>(1, "verify", "small", "--timeout", "1");
    assert.equal(verdict.checks[0]?.state, "failed");
    assert.deepEqual(verdict.checks[0].daemons, ["use2"]);
    const up = await testnet("up", "small", "--yes");
    assert.equal(up.status, 1, up.stderr);
    assert.match(up.stderr, /cluster use2 does not answer: what is there stays as it is/);
    assert.match(up.stderr, /TN2045 cluster use2: it does not answer[^]*run the same command again/);
    await clouds.client.ask("restore", { cluster: report?.id ?? "" });
    // How its pods are then is another matter: machines that were silent for a minute are given up by Kubernetes.
    const { stdout } = await testnet("verify", "small", "--timeout", "1", "--json");
    assert.equal((JSON.parse(stdout) as ClusterReport).checks[0]?.state, "ok");
  });

  it("down asks for the name of a protected network, then leaves nothing of it", async () => {
    const refused = await testnet("down", "small", "--yes");
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /TN2044/);
    const { status, stderr } = await testnet("down", "small", "--yes", "--confirm", "small");
    assert.equal(status, 0, stderr);
    assert.equal(await cluster.find("/api/v1/namespaces/small"), undefined);
  });
});

function networkFile(): string {
  const small = { resources: { cpus: 0.1, memoryGiB: 0.2, memoryLimitGiB: 1 } };
  const config = {
    "pulumi:disable-default-providers": ["*"],
    "testnet:environment": "dev",
    "testnet:protect": true,
    "other:password": CANARY,
    "testnet:network": {
      protocol: "mina",
      version: "3.3.1",
      seeds: { count: 1, ...small },
      blockProducers: { count: 2, ...small },
      snark: [{ name: "work", workers: 2, coordinator: small, workerPods: small }],
    },
  };
  return `# a comment\n${stringify({ config })}`;
}
