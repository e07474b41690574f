import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import type { ClusterReport } from "../../cli/clusters/verify";
import type { ClusterStatus } from "../../cli/clusters/status";
import type { KubeClient, KubeObject } from "../../simulator/kube/client";
import { ROOT } from "../support/network";
import { CommandWorld } from "./support/command-world";

/** A value of the stack file that nobody may find in a diagnosis. */
const CANARY = "canary-7f3a91c2";

/** The commands an operator types at a network in a cluster, with the real engine and a real API server. */
describe("a network in clusters is looked at, paused, reset and diagnosed", function () {
  this.timeout("10m");
  let world: CommandWorld;
  let cluster: KubeClient;

  before(async () => {
    world = await CommandWorld.start();
    fs.copyFileSync(path.join(ROOT, "Pulumi.dev.yaml"), world.path("Pulumi.dev.yaml"));
    fs.writeFileSync(world.path("Pulumi.small.yaml"), networkFile());
    await world.makeKeys("small");
    for (const stack of ["dev", "small"]) {
      const { status, stderr } = await world.testnet("up", stack, "--yes");
      assert.equal(status, 0, stderr);
    }
    cluster = await world.cluster();
  });
  after(() => world.close());

  const items = async (kind: string) =>
    (await cluster.get<{ items: KubeObject[] }>(`/api/v1/namespaces/small/${kind}`)).items.filter(
      ({ metadata }) => metadata["deletionTimestamp"] === undefined,
    );
  const names = async (kind: string) => (await items(kind)).map(({ metadata }) => metadata.name).sort();
  const addresses = async () =>
    (await world.clouds.ask("resources")).filter(({ type }) => /eip|address/i.test(type)).map(({ id }) => id);

  it("verify holds for what the API server tells, and says of the chain that nobody was asked", async () => {
    const report = await world.told<ClusterReport>(0, "verify", "small", "--timeout", "20");
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
    const status = await world.told<ClusterStatus>(0, "status", "small");
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
    assert.equal((await world.told<{ paused: boolean }>(0, "pause", "small")).paused, true);
    assert.deepEqual(await names("pods"), []);
    assert.deepEqual(
      { volumes: await names("persistentvolumeclaims"), services: await names("services") },
      before,
    );
    assert.deepEqual(await addresses(), reserved);
    assert.match(
      fs.readFileSync(world.path("Pulumi.small.yaml"), "utf8"),
      /# a comment[^]*testnet:paused: true/,
    );
    const again = await world.testnet("pause", "small");
    assert.match(again.stderr, /nothing to change/);
    const status = await world.told<ClusterStatus>(0, "status", "small");
    assert.equal(status.paused, true);
    assert.equal(status.notAsked, "the network is paused");
    assert.equal((await world.testnet("verify", "small")).status, 0);
  });

  it("resume brings the same pods back on the same volumes and addresses", async () => {
    const volumes = await items("persistentvolumeclaims");
    const reserved = await addresses();
    await world.told(0, "resume", "small");
    const status = await world.told<ClusterStatus>(0, "status", "small");
    assert.deepEqual(
      status.daemons.map(({ ready }) => ready),
      [1, 1, 1, 1, 2],
    );
    const after = await items("persistentvolumeclaims");
    const uids = (claims: readonly KubeObject[]) => claims.map(({ metadata }) => metadata["uid"]).sort();
    assert.deepEqual(uids(after), uids(volumes));
    assert.deepEqual(await addresses(), reserved);
    assert.ok(!fs.readFileSync(world.path("Pulumi.small.yaml"), "utf8").includes("paused"));
  });

  it("reset starts an era and keeps the old volumes until somebody agrees", async () => {
    const volumes = await names("persistentvolumeclaims");
    assert.ok(volumes.length > 0 && volumes.every((name) => name.startsWith("data-e1-")));
    const refused = await world.testnet("reset", "small", "--yes");
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /TN2044 small: the network is protected/);
    interface Reset {
      readonly era: number;
      readonly removedVolumes: readonly { name: string }[];
      readonly keptVolumes: readonly { name: string }[];
    }
    const reset = await world.told<Reset>(0, "reset", "small", "--confirm", "small");
    assert.equal(reset.era, 2);
    assert.deepEqual(reset.keptVolumes.map(({ name }) => name).sort(), volumes);
    const fresh = volumes.map((name) => name.replace("data-e1-", "data-e2-"));
    assert.deepEqual(await names("persistentvolumeclaims"), [...volumes, ...fresh]);
    assert.match(fs.readFileSync(world.path("Pulumi.small.yaml"), "utf8"), /# a comment[^]*era: 2/);
    const status = await world.told<ClusterStatus>(0, "status", "small");
    assert.deepEqual([status.era, status.unusedVolumes.length], [2, volumes.length]);

    const cleaned = await world.told<Reset>(
      0,
      "reset",
      "small",
      "--old-volumes",
      "--yes",
      "--confirm",
      "small",
    );
    assert.deepEqual(cleaned.removedVolumes.map(({ name }) => name).sort(), volumes);
    assert.deepEqual(await names("persistentvolumeclaims"), fresh);
  });

  it("diagnose gathers what there is, without a secret", async () => {
    const output = world.path("diagnosis");
    const { files } = await world.told<{ files: string[] }>(0, "diagnose", "small", "--output", output);
    for (const wanted of ["versions.json", "stack.yaml", "status.json", "verify.json", "events/use2.json"]) {
      assert.ok(files.includes(wanted), `${wanted} in ${files.join(", ")}`);
    }
    const texts = files.map((name) => fs.readFileSync(path.join(output, name), "utf8"));
    const secrets = [CANARY, ...clusterTokens()];
    for (const secret of secrets) assert.ok(!texts.some((text) => text.includes(secret)), secret);
    assert.match(texts[files.indexOf("stack.yaml")] ?? "", /blockProducers/);
  });

  function clusterTokens(): string[] {
    const tokens = fs.readdirSync(world.path(), { recursive: true, encoding: "utf8" });
    return tokens
      .filter((name) => name.endsWith("kubeconfig") && name.includes("clusters"))
      .flatMap((name) => [...fs.readFileSync(world.path(name), "utf8").matchAll(/token: (\S{16,})/g)])
      .map(([, token]) => token as string);
  }

  it("a cluster that does not answer fails verify by name, and an up says so", async () => {
    const [report] = await world.clouds.ask("clusters");
    await world.clouds.ask("cut", { cluster: report?.id ?? "" });
    const verdict = await world.told<ClusterReport>(1, "verify", "small", "--timeout", "1");
    assert.equal(verdict.checks[0]?.state, "failed");
    assert.deepEqual(verdict.checks[0].daemons, ["use2"]);
    const up = await world.testnet("up", "small", "--yes");
    assert.equal(up.status, 1, up.stderr);
    assert.match(up.stderr, /cluster use2 does not answer: what is there stays as it is/);
    assert.match(up.stderr, /TN2045 cluster use2: it does not answer[^]*run the same command again/);
    await world.clouds.ask("restore", { cluster: report?.id ?? "" });
    // How its pods are then is another matter: machines that were silent for a minute are given up by Kubernetes.
    const { stdout } = await world.testnet("verify", "small", "--timeout", "1", "--json");
    assert.equal((JSON.parse(stdout) as ClusterReport).checks[0]?.state, "ok");
  });

  it("down asks for the name of a protected network, then leaves nothing of it", async () => {
    const refused = await world.testnet("down", "small", "--yes");
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /TN2044/);
    const { status, stderr } = await world.testnet("down", "small", "--yes", "--confirm", "small");
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
