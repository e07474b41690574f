import assert from "node:assert/strict";
import * as fs from "node:fs";
import { fullName } from "../../components/images/reference";
import { HELPER_IMAGES } from "../../components/kubernetes/network/releases";
import { goldenFile, goldenOf, GOLDEN } from "./golden";
import { entrancesOf, publicServices, publicUrl } from "../../protocols/entrances";
import { at, type Call, digestOf, list, type Registered, text } from "./mocks";
import { registerNetwork, shippedPlan } from "./networks";

/** What a network on clusters registers, for each that comes with the program. */
for (const stack of GOLDEN.networks) {
  describe(`the network ${stack}`, function () {
    this.timeout(120_000);
    let resources: readonly Registered[];
    let outputs: Readonly<Record<string, unknown>>;
    let calls: readonly Call[];
    const plan = shippedPlan(stack);
    before(async () => {
      ({ resources, outputs, calls } = await registerNetwork(stack));
    });
    const of = (type: RegExp) => resources.filter(({ type: is, custom }) => custom && type.test(is));
    const releases = () => of(/helm\.sh\/v3:Release$/);

    it("is the one that was reviewed", async () => {
      const golden = fs.readFileSync(goldenFile(stack), "utf8");
      const words = "review the change, then: npx tsx test/components/golden.ts";
      assert.equal(await goldenOf(stack), golden, words);
    });

    it("has a release for each pool and cluster, and every daemon in the release of its own", () => {
      const wanted = new Map<string, Set<string>>();
      for (const { workload } of plan.daemons) {
        assert.ok(workload);
        const key = `${workload.cluster} ${workload.pool}`;
        wanted.set(key, (wanted.get(key) ?? new Set()).add(workload.pod));
      }
      const clusterOf = (release: Registered) => String(release.provider).split("::").at(-2) ?? "";
      const found = new Map(
        releases().map((release) => {
          const pods = at(release.inputs, "values", "pods") as { name: string }[];
          return [
            `${clusterOf(release)} ${String(release.inputs["name"])}`,
            new Set(pods.map(({ name }) => name)),
          ];
        }),
      );
      for (const [key, pods] of wanted) assert.deepEqual(found.get(key), pods, key);
    });

    it("makes each release wait for the rights of its own pods, and for no other release", () => {
      const urns = new Set(releases().map(({ urn }) => urn));
      for (const release of releases()) {
        assert.deepEqual(
          release.dependencies.filter((urn) => urns.has(urn)),
          [],
          release.name,
        );
        const pods = at(release.inputs, "values", "pods") as { name: string }[];
        const rights = release.dependencies.filter((urn) =>
          /PodIdentityAssociation|SecretIamMember/.test(urn),
        );
        for (const urn of rights) {
          assert.ok(
            pods.some(({ name }) => urn.endsWith(`-${name}`)),
            `${release.name} waits for ${urn}`,
          );
        }
      }
    });

    it("pulls every image by the digest of the tag that is written", () => {
      const written = new Set([
        ...plan.daemons.map(({ workload }) => workload?.image.reference ?? ""),
        ...(plan.clusters?.services ?? []).map(({ image }) => image.reference),
        ...Object.values(HELPER_IMAGES),
      ]);
      const pulled = releases().flatMap(({ inputs }) => [
        ...Object.values(at(inputs, "values", "images") as Record<string, string>),
        ...list(at(inputs, "values", "pods")).flatMap((pod) =>
          list(at(pod, "containers")).map((container) => text(at(container, "image"))),
        ),
      ]);
      const wanted = [...written].map((reference) => `${reference}@${digestOf(fullName(reference))}`);
      assert.deepEqual([...new Set(pulled)].sort(), wanted.sort());
    });

    it("asks once for each image that it names", () => {
      const asked = calls.filter(({ token }) => token.endsWith(":getRegistryImage"));
      const names = asked.map(({ inputs }) => inputs["name"]);
      assert.ok(names.length > 2);
      assert.equal(new Set(names).size, names.length);
    });

    it("makes everything with a provider of its own, and tells nothing secret", () => {
      for (const { type, provider, name } of resources) {
        if (/^(testnet:|pulumi:)/.test(type)) continue;
        assert.ok(provider !== undefined, `${type} ${name}`);
      }
      const text = JSON.stringify(resources.map(({ inputs }) => inputs));
      assert.doesNotMatch(
        text,
        /"stringData"|kubernetes:core\/v1:Secret"|secret-string|BEGIN [A-Z ]*PRIVATE KEY/,
      );
      assert.deepEqual(of(/core\/v1:Secret$/), []);
    });

    it("opens exactly its range, and names every entrance by the address reserved for it", () => {
      const { from, to } = plan.clusters?.peerPorts ?? { from: 0, to: 0 };
      for (const { inputs } of of(/SecurityGroupIngressRule$/)) {
        assert.deepEqual([inputs["fromPort"], inputs["toPort"]], [from, to]);
      }
      for (const { inputs } of of(/:Firewall$/)) {
        assert.deepEqual(at(inputs, "allows", "0", "ports"), [`${from}-${to}`]);
      }
      const records = of(/:(Record|RecordSet)$/);
      const labels = entrancesOf(plan).map(({ label }) => `${label}.${stack}.`);
      assert.equal(records.length, labels.length);
      assert.equal(of(/:(Eip|Address)$/).length, labels.length);
      for (const { inputs } of records) {
        assert.ok(
          labels.some((label) => String(inputs["name"]).startsWith(label)),
          String(inputs["name"]),
        );
        assert.equal(inputs["ttl"], 60);
      }
    });

    it("leads to every public service at its one port, by TCP, and tells its URL", () => {
      const services = plan.clusters === undefined ? [] : publicServices(plan.clusters);
      const told = outputs["publicServices"] as { name: string; host: string; url: string }[];
      assert.deepEqual(
        told.map(({ name }) => name),
        services.map(({ pod }) => pod),
      );
      for (const service of services) {
        const [port] = service.ports;
        const listeners = of(/:Listener$/).filter(({ name }) => name.includes(service.pod));
        assert.deepEqual(
          listeners.map(({ inputs }) => [inputs["port"], inputs["protocol"]]),
          [[port?.number, "TCP"]],
        );
        const one = told.find(({ name }) => name === service.pod);
        assert.equal(one?.url, publicUrl(one?.host ?? "", service));
      }
    });

    it("tells whoever reads its outputs where to go, and nothing that is not public", () => {
      assert.equal(outputs["network"], stack);
      const peers = at(outputs, "join", "peers") as string[];
      assert.ok(peers.length > 0 && peers.every((peer) => !peer.includes("{{")), peers.join("\n"));
    });
  });
}
