import * as assert from "node:assert/strict";
import fc from "fast-check";
import {
  LEASE,
  networkReleases,
  type NetworkRelease,
  PODS_PER_RELEASE,
} from "../../../components/kubernetes/network/releases";
import { leaseName } from "../../../components/kubernetes/network/pods";
import { daemonValues, type PodValues } from "../../../components/kubernetes/network/values";
import { TestnetError } from "../../../errors/problem";
import type { NetworkPlan } from "../../../protocols/plan";
import { ref } from "../../../protocols/references";
import { context } from "./context";
import { daemon, ETHEREUM_KEYS, ethereumLike, MINA_KEYS, minaLike } from "./plans";

type Releases = readonly NetworkRelease[];

function mina(more: Parameters<typeof context>[2] = {}): Releases {
  return networkReleases(minaLike(), "one", context(minaLike(), MINA_KEYS, more));
}

function ethereum(more: Parameters<typeof context>[2] = {}): Releases {
  return networkReleases(ethereumLike(), "one", context(ethereumLike(), ETHEREUM_KEYS, more));
}

function podOf(releases: Releases, name: string): PodValues {
  const pod = releases.flatMap(({ values }) => values.pods).find((one) => one.name === name);
  assert.ok(pod, `there is no pod ${name}`);
  return pod;
}

function containerOf(releases: Releases, pod: string, index = 0) {
  const container = podOf(releases, pod).containers[index];
  assert.ok(container);
  return container;
}

function withDaemon(plan: NetworkPlan, ...more: Parameters<typeof daemon>): NetworkPlan {
  return { ...plan, daemons: [...plan.daemons, daemon(...more)] };
}

function problemsOf(plan: NetworkPlan): { code: string; at?: string; message: string; given?: unknown }[] {
  try {
    networkReleases(plan, "one", context(plan, MINA_KEYS));
  } catch (error) {
    assert.ok(error instanceof TestnetError, String(error));
    return error.problems.map(({ code, at, message, given }) => ({ code, at, message, given }));
  }
  return [];
}

describe("values of the chart of daemons", () => {
  it("are what the schema allows, for every release of both plans", () => {
    for (const { name, values } of [...mina(), ...ethereum()]) {
      assert.deepEqual(daemonValues.safeParse(values).error?.issues, undefined, name);
    }
  });

  it("are one release for each pool of the cluster, and none for another's", () => {
    const names = mina().map(({ name }) => name);
    assert.deepEqual(names, ["seeds", "block-producers", "fast", "fast-workers", "archives", "faucet"]);
    assert.deepEqual(networkReleases(minaLike(), "two", context(minaLike(), MINA_KEYS)), []);
  });

  it("stand for every reference in a place of the container", () => {
    const { command } = containerOf(mina(), "block-producer-1");
    assert.deepEqual(command, [
      ...["mina", "daemon", "--config-directory", "/data/.mina-config", "--external-port", "10002"],
      ...["--external-ip", "{{external-ip}}", "--config-file", "/shared/daemon.json"],
      ...["--libp2p-keypair", "/keys/block-producer-1-libp2p/key"],
      ...["--peer", "/ip4/203.0.113.50/tcp/10001/p2p/12D3KooWSeed"],
    ]);
  });

  it("resolve what a public key's own text refers to", () => {
    const { command } = containerOf(ethereum(), "geth-1");
    assert.equal(command.at(-1), "enode://aa@203.0.113.50:10001");
  });

  it("give a container the private files that its strings name, and no others", () => {
    assert.deepEqual(containerOf(mina(), "block-producer-1").secrets, [
      "block-producer-1-libp2p/key",
      "block-producer-1-libp2p/password",
    ]);
    assert.deepEqual(containerOf(mina(), "fast-worker").secrets, []);
    assert.deepEqual(containerOf(ethereum(), "prysm-1").secrets, ["jwt-1"]);
  });

  it("mount the bundle of a pod where a container of it needs a secret, and nowhere else", () => {
    assert.equal(podOf(mina(), "archive-1").bundle?.name, "testnet/mina-net/archive-1");
    assert.equal(podOf(mina(), "fast-worker").bundle, undefined);
    assert.equal(podOf(mina(), "faucet").bundle?.name, "testnet/mina-net/faucet");
  });

  it("keep what holds a secret apart from the environment that anybody may read", () => {
    const { env, secretEnv } = containerOf(mina(), "seed-1");
    assert.deepEqual(
      env.map(({ name }) => name),
      ["MINA_CLIENT_TRUSTLIST", "ODD"],
    );
    assert.deepEqual(secretEnv, [
      { name: "MINA_LIBP2P_PASS", value: "{{secret-value seed-1-libp2p/password}}" },
    ]);
  });

  it("bind, publish and serve a port by the same number, TCP and UDP by names of their own", () => {
    assert.deepEqual(containerOf(ethereum(), "geth-1").ports.slice(0, 3), [
      { name: "p2p", number: 10_001, protocol: "TCP", public: true },
      { name: "p2p-udp", number: 10_001, protocol: "UDP", public: true },
      { name: "rpc", number: 8545, protocol: "TCP", public: false },
    ]);
  });

  it("have no port for what only the pod itself reaches, and ask it from within", () => {
    const { ports, probe } = containerOf(mina(), "seed-1");
    assert.deepEqual(
      ports.map(({ name }) => name),
      ["p2p", "client", "metrics"],
    );
    assert.deepEqual(probe, { kind: "loopback", port: 3085 });
    assert.deepEqual(podOf(mina(), "archive-1").services[2], {
      name: "archive-1-postgres",
      kind: "headless",
      ports: [],
    });
  });

  it("ask by HTTP what a kubelet can ask, and else whether it listens", () => {
    assert.deepEqual(containerOf(ethereum(), "prysm-1").probe, {
      kind: "http",
      port: 3500,
      path: "/eth/v1/node/health",
    });
    assert.deepEqual(containerOf(ethereum(), "geth-1").probe, { kind: "tcp", port: 8545 });
    assert.equal(containerOf(mina(), "fast-worker").probe, undefined);
  });

  it("have the pod's own daemon first and its companions beside it", () => {
    const plan = minaLike();
    const reversed = { ...plan, daemons: [...plan.daemons].reverse() };
    const names = podOf(networkReleases(reversed, "one", context(plan, MINA_KEYS)), "archive-1");
    assert.deepEqual(
      names.containers.map(({ name }) => name),
      ["archive-1", "archive-1-postgres", "archive-1-archive"],
    );
    assert.equal(names.group, 70);
  });

  it("tell a seed its reserved address, and others that of their machine", () => {
    const marker = ref.externalIp;
    assert.deepEqual(podOf(mina(), "seed-1").lookups, [{ kind: "given", marker, address: "203.0.113.50" }]);
    assert.deepEqual(podOf(mina(), "block-producer-1").lookups, [{ kind: "node", marker, internal: false }]);
    assert.deepEqual(podOf(mina(), "fast-worker").lookups, []);
  });

  it("find seeds by name where there are no reserved addresses, on any node", () => {
    const bare = mina({ bare: true, addresses: {} });
    const producer = podOf(bare, "block-producer-1");
    assert.deepEqual(producer.nodeSelector, {});
    assert.deepEqual(producer.lookups, [
      { kind: "node", marker: ref.externalIp, internal: true },
      {
        kind: "name",
        marker: ref.seedIp("seed-1"),
        host: "seed-1-address.mina-net.svc.cluster.local",
      },
    ]);
    assert.ok(producer.containers[0]?.command.includes("/ip4/{{seed-ip seed-1}}/tcp/10001/p2p/12D3KooWSeed"));
    assert.deepEqual(podOf(bare, "seed-1").services[1], {
      name: "seed-1-address",
      kind: "cluster-ip",
      ports: [{ name: "p2p", number: 10_001, protocol: "TCP", public: true }],
    });
  });

  it("put a seed behind a load balancer with its public ports only", () => {
    const loadBalancer = { annotations: { a: "b" }, loadBalancerIP: "203.0.113.50" };
    const [, service] = podOf(ethereum({ loadBalancers: { "geth-1": loadBalancer } }), "geth-1").services;
    assert.equal(service?.kind, "load-balancer");
    assert.deepEqual(service.loadBalancer, loadBalancer);
    assert.deepEqual(
      service.ports.map(({ number, protocol }) => `${number}/${protocol}`),
      ["10001/TCP", "10001/UDP"],
    );
    assert.equal(podOf(ethereum(), "geth-1").services.length, 1);
  });

  it("put a public service where daemons run, at a port of its machine, behind what its cloud needs", () => {
    const public_ = { name: "http", number: 10_004, protocol: "TCP", public: true };
    const pod = podOf(ethereum(), "rpc-proxy");
    assert.deepEqual(pod.nodeSelector, { "testnet/peers": "true", "testnet/spot": "false" });
    assert.deepEqual(pod.containers[0]?.ports, [public_]);
    assert.equal(pod.services.length, 1);
    const loadBalancer = { annotations: {}, loadBalancerIP: "203.0.113.50" };
    const balanced = podOf(ethereum({ loadBalancers: { "rpc-proxy": loadBalancer } }), "rpc-proxy");
    assert.deepEqual(balanced.services[1], {
      ...{ name: "rpc-proxy-address", kind: "load-balancer", ports: [public_], loadBalancer },
    });
    const bare = podOf(ethereum({ bare: true, addresses: {} }), "rpc-proxy");
    assert.deepEqual(bare.nodeSelector, {});
    assert.equal(bare.services[1]?.kind, "cluster-ip");
  });

  it("choose nodes by our labels, as the workload asks and no more", () => {
    assert.deepEqual(podOf(mina(), "seed-1").nodeSelector, {
      "testnet/peers": "true",
      "testnet/spot": "false",
    });
    assert.deepEqual(podOf(mina(), "fast-worker").nodeSelector, { "testnet/spot": "true" });
  });

  it("name a lease for each key that must have one user, and a free port for their keeper", () => {
    assert.deepEqual(podOf(mina(), "block-producer-1").keeper, {
      port: 9808,
      leases: ["block-producer-1-libp2p", "block-producer-1-wallet"],
    });
    assert.equal(podOf(mina(), "fast-worker").keeper, undefined);
    const taken = { name: "odd", number: 9808, transports: ["tcp"], exposure: "pod" } as const;
    const plan = withDaemon(minaLike(), "odd-1", "odd", { leases: ["odd-1"] }, { ports: [taken] });
    assert.equal(podOf(networkReleases(plan, "one", context(plan, MINA_KEYS)), "odd-1").keeper?.port, 9809);
  });

  it("make names of leases that Kubernetes takes, and different ones of different keys", () => {
    assert.equal(leaseName("block-producer-1-wallet"), "block-producer-1-wallet");
    assert.match(leaseName("Node_1/key"), /^node-1-key-[0-9a-f]{8}$/);
    assert.notEqual(leaseName("a_b"), leaseName("a/b"));
  });

  it("change a pod's keysVersion with its own keys only", () => {
    const before = mina();
    const keys = { ...MINA_KEYS, "peer-id block-producer-1-libp2p": "12D3KooWRotated" };
    const after = networkReleases(minaLike(), "one", context(minaLike(), keys));
    const changed = ["seed-1", "block-producer-1", "archive-1", "fast-worker"].filter(
      (name) => podOf(before, name).keysVersion !== podOf(after, name).keysVersion,
    );
    assert.deepEqual(changed, ["block-producer-1"]);
    assert.equal(podOf(before, "fast-worker").keysVersion, "");
  });

  it("let only some pools reach the inner ports, where the plan says so, and monitoring the metrics", () => {
    assert.deepEqual(podOf(mina(), "fast-coordinator").clients, ["fast-workers"]);
    assert.deepEqual(podOf(mina(), "fast-coordinator").metricsPorts, [8081]);
    assert.deepEqual(podOf(mina(), "fast-worker").metricsPorts, []);
  });

  it("render services as pods without keys, and without data unless they ask for some", () => {
    const faucet = podOf(mina(), "faucet");
    assert.equal(faucet.kind, "many");
    assert.equal(faucet.replicas, 2);
    assert.deepEqual(faucet.containers[0]?.command, ["--key", "/keys/faucet/key"]);
  });

  it("stop a holder before another may take over", () => {
    const { deadlineSeconds, durationSeconds, renewSeconds } = LEASE;
    // Two failed probes five seconds apart, each of up to three seconds, and ten seconds until the kill: see _pod.tpl.
    assert.ok(deadlineSeconds + 2 * (5 + 3) + 10 < durationSeconds);
    assert.ok(renewSeconds * 3 < deadlineSeconds);
  });
});

describe("values that cannot be made", () => {
  it("are refused all at once, each with its daemon", () => {
    const plan = withDaemon(
      minaLike(),
      "lost-1",
      "lost",
      { advertises: "none" },
      {
        args: [ref.peerId("nobody"), ref.seedIp("seed-9"), ref.externalIp, ref.secretValue("x/password")],
        files: [{ path: "big", content: "x".repeat(100_000) }],
      },
    );
    const at = "lost-1";
    assert.deepEqual(problemsOf(plan), [
      { code: "TN2017", at, message: "the keyring does not hold it", given: "{{peer-id nobody}}" },
      { code: "TN2017", at, message: "the network has no such seed", given: "{{seed-ip seed-9}}" },
      {
        ...{ code: "TN2017", at, message: "it may stand in the environment only" },
        given: "{{secret-value x/password}}",
      },
      {
        ...{ code: "TN2018", at, message: "the files of its own are too large for a pod's description" },
        given: 100_000,
      },
      {
        ...{ code: "TN2017", at, message: "it advertises no address, so its arguments cannot name one" },
        given: ref.externalIp,
      },
    ]);
  });

  it("are refused where a daemon names another's address that only the other's pod will know", () => {
    const plan = withDaemon(minaLike(), "geth-2", "execution", {}, { args: [ref.enode("geth-1")] });
    const keys = { ...MINA_KEYS, "enode geth-1": `enode://aa@${ref.externalIp}:30303` };
    assert.throws(
      () => networkReleases(plan, "one", context(plan, keys)),
      /TN2017 geth-2: the address in it is known in the pod of its owner only/,
    );
  });
});

describe("large networks", function () {
  this.timeout(30_000);
  const growing = (count: number): NetworkPlan => {
    const plan = minaLike();
    const added = Array.from({ length: count }, (_, index) =>
      daemon(`node-${index + 1}`, "node", { pool: "nodes" }),
    );
    return { ...plan, daemons: [...plan.daemons, ...added] };
  };

  it("are cut into releases that Helm can keep, and one daemon more changes one of them", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 * PODS_PER_RELEASE }), (count) => {
        const keys = context(minaLike(), MINA_KEYS);
        const texts = (size: number) =>
          new Map(
            networkReleases(growing(size), "one", keys).map(({ name, values }) => [
              name,
              JSON.stringify(values),
            ]),
          );
        const before = texts(count);
        const after = texts(count + 1);
        const changed = [...after].filter(([name, text]) => before.get(name) !== text);
        assert.equal(changed.length, 1);
        assert.ok([...before.keys()].every((name) => after.has(name)));
      }),
      { numRuns: 20 },
    );
    const sizes = networkReleases(growing(250), "one", context(minaLike(), MINA_KEYS))
      .filter(({ values }) => values.pool === "nodes")
      .map(({ name, values }) => `${name} ${values.pods.length}`);
    assert.deepEqual(sizes, ["nodes 100", "nodes-2 100", "nodes-3 50"]);
  });
});
