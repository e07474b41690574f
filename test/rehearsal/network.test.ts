import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { HELPER_IMAGES } from "../../components/kubernetes/network/releases";
import { policies } from "../../policy/policies";
import type { RehearsalReport } from "../../simulator/rehearsal/report";
import type { Snapshot } from "../../simulator/rehearsal/snapshot";
import { publicServices } from "../../protocols/entrances";
import { loadStackConfig } from "../../stacks/config/file";
import { kindOf } from "../../stacks/kind";
import { planStack } from "../../stacks/plan-stack";
import { temporaryDirectory } from "../support/temporary";
import { runTestnet } from "./support/command";

const ROOT = path.join(__dirname, "..", "..");

/** The shipped Mina network over all clusters of `prod`, on real API servers, from nothing to nothing. */
describe("testnet rehearse prod-testnet", function () {
  this.timeout(1_200_000);
  const home = temporaryDirectory();
  let report: RehearsalReport;
  let snapshot: Snapshot;

  before(async () => {
    const { status, stdout, stderr } = await runTestnet(home.path, "rehearse", "prod-testnet", "--json");
    assert.equal(status, 0, `${stderr}\n${stdout.slice(-4000)}`);
    report = JSON.parse(stdout) as RehearsalReport;
    assert.ok(report.snapshot);
    snapshot = report.snapshot;
  });
  after(() => home.dispose());

  const found = kindOf(loadStackConfig(ROOT, "prod-testnet"));
  assert.equal(found.kind, "cluster network");
  const { plan } = planStack(ROOT, "prod-testnet", found);
  const seeds = plan.clusters?.seeds ?? [];

  it("passes, and leaves nothing", () => {
    assert.equal(report.ok, true);
    assert.deepEqual(report.leftovers, []);
    assert.deepEqual(fs.readdirSync(home.path), []);
  });

  it("changes nothing the second time, and finds nothing drifted", () => {
    const quiet = report.phases.filter(({ name }) => ["up again", "refresh"].includes(name));
    assert.deepEqual(
      quiet.map(({ name, ok, changes }) => [name, ok, changes]),
      [
        ["up again", true, {}],
        ["refresh", true, {}],
      ],
    );
  });

  it("runs on three clusters of two clouds, every pod of the plan there and ready", () => {
    const pods = snapshot.clusters.flatMap(({ id, namespaces }) =>
      namespaces.filter(({ name }) => name === "prod-testnet").map((namespace) => ({ id, ...namespace })),
    );
    assert.equal(pods.length, 3);
    assert.deepEqual(new Set(pods.map(({ id }) => id.split("/")[0])), new Set(["aws", "gcp"]));
    for (const { id, pods: all, podsReady } of pods) assert.equal(podsReady, all, id);
    const planned = plan.daemons.filter(({ name, workload }) => workload?.pod === name);
    const replicas = planned.reduce((sum, { workload }) => sum + (workload?.replicas ?? 0), 0);
    assert.equal(
      pods.reduce((sum, { pods: all }) => sum + all, 0),
      replicas + (plan.clusters?.services ?? []).reduce((sum, service) => sum + service.replicas, 0),
    );
  });

  it("pulls every image of the plan by digest, and no other, which the pack of policies demands", () => {
    const images = snapshot.clusters
      .flatMap(({ namespaces }) => namespaces)
      .filter(({ name }) => name === "prod-testnet")
      .flatMap((namespace) => namespace.images);
    const digest = /@sha256:[0-9a-f]{64}$/;
    assert.deepEqual(
      images.filter((image) => !digest.test(image)),
      [],
    );
    const written = new Set([
      ...plan.daemons.map(({ workload }) => workload?.image.reference ?? ""),
      ...(plan.clusters?.services ?? []).map(({ image }) => image.reference),
      ...Object.values(HELPER_IMAGES),
    ]);
    assert.deepEqual(new Set(images.map((image) => image.replace(digest, ""))), written);
    const stack = { name: "prod-testnet", environment: "prod", isSelfService: false, peerPorts: undefined };
    const rule = policies(stack).find(({ name }) => name === "images-by-digest");
    // A mandatory rule that is broken ends the rehearsal.
    assert.equal(rule?.enforcementLevel, "mandatory");
  });

  const nameOf = (label: string) => `${label}.prod-testnet.testnets.example.org`;

  /** What an entrance's way in takes, found from its name by the address that is reserved for it. */
  function portsFrom(label: string) {
    const fqdn = nameOf(label);
    const record = snapshot.records.find((candidate) => candidate.fqdn === fqdn);
    assert.ok(record, fqdn);
    assert.equal(record.type, "A");
    assert.ok(record.ttlSeconds <= 60);
    const [address] = record.values;
    assert.ok(
      snapshot.addresses.some((reserved) => reserved.address === address),
      `${fqdn}: ${String(address)} is not reserved`,
    );
    const balancer = snapshot.loadBalancers.find(({ addresses }) => addresses.includes(String(address)));
    assert.ok(balancer, `${fqdn}: nothing leads from ${String(address)}`);
    return balancer.ports.flatMap(({ number, protocol }) =>
      protocol.split("_").map((one) => `${number}/${one.toLowerCase()}`),
    );
  }

  it("gives every seed a name, an address and a way in, all of one port", () => {
    assert.equal(seeds.length, 3);
    for (const { label, ports } of seeds) {
      const [port] = ports;
      assert.ok(port);
      assert.deepEqual(new Set(portsFrom(label)), new Set([`${port.number}/tcp`, `${port.number}/udp`]));
      const peers = plan.clusters?.peerList ?? [];
      assert.ok(peers.some((peer) => peer.startsWith(`/dns4/${nameOf(label)}/tcp/${port.number}/`)));
    }
  });

  it("gives the public GraphQL a name, an address and a way in by TCP, of the one port that it listens on", () => {
    const [service, ...others] = plan.clusters === undefined ? [] : publicServices(plan.clusters);
    assert.ok(service);
    assert.deepEqual(others, []);
    const [port] = service.ports;
    const { from, to } = plan.clusters?.peerPorts ?? { from: 0, to: 0 };
    assert.ok(port && from <= port.number && port.number <= to);
    assert.deepEqual(portsFrom(service.label), [`${port.number}/tcp`]);
    const proxy = plan.clusters?.services.find(({ name }) => name === service.pod);
    assert.equal(proxy?.env["PROXY_PORT"], String(port.number));
    assert.ok(
      plan.endpoints.some(({ url }) => url === `http://${nameOf("graphql")}:${port.number}/graphql`),
      JSON.stringify(plan.endpoints),
    );
  });

  it("opens the network's range to the world in every cluster, TCP and UDP, and nothing else", () => {
    const { from, to } = plan.clusters?.peerPorts ?? { from: 0, to: 0 };
    const openings = snapshot.openings.map((opening) => [
      opening.region,
      opening.protocol.toLowerCase(),
      opening.from,
      opening.to,
    ]);
    // Firewalls of GCP belong to a network, which is global; that of euw4 has this cluster only.
    const wanted = ["us-east-1", "us-west-2", "global"].flatMap((region) =>
      ["tcp", "udp"].map((protocol) => [region, protocol, from, to]),
    );
    const byText = (one: unknown, other: unknown) => (String(one) < String(other) ? -1 : 1);
    assert.deepEqual(openings.sort(byText), wanted.sort(byText));
  });

  it("takes no longer than its longest chain", () => {
    assert.ok((report.time?.ratio ?? Infinity) <= 1.1, JSON.stringify(report.time?.ratio));
  });
});
