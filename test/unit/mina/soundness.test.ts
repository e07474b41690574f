import assert from "node:assert/strict";
import { TestnetError } from "../../../errors/problem";
import type { Daemon, NetworkPlan } from "../../../protocols/plan";
import { refuseUnsound } from "../../../protocols/refusals";
import { EVERY_ROLE, planOf } from "./support";

describe("what every plan of clusters is refused for", () => {
  const plan = planOf(EVERY_ROLE);

  /** The plan with one daemon changed. */
  function changed(name: string, change: (daemon: Daemon) => Daemon): NetworkPlan {
    return { ...plan, daemons: plan.daemons.map((each) => (each.name === name ? change(each) : each)) };
  }

  function refusal(unsound: NetworkPlan): string[] {
    try {
      refuseUnsound(unsound);
    } catch (error) {
      if (error instanceof TestnetError) return error.problems.map(({ at, message }) => `${at}: ${message}`);
      throw error;
    }
    return [];
  }

  const producer = plan.daemons.find(({ name }) => name === "block-producer-1")!;

  it("accepts what Mina plans", () => assert.deepEqual(refusal(plan), []));

  it("refuses two daemons with one wallet", () => {
    const twin = changed("block-producer-2", (each) => ({
      ...each,
      args: each.args.map((text) => text.replaceAll("block-producer-2-wallet", "block-producer-1-wallet")),
      env: { ...each.env, MINA_PRIVKEY_PASS: producer.env["MINA_PRIVKEY_PASS"]! },
    }));
    assert.deepEqual(refusal(twin), [
      "block-producer-2: block-producer-1 has the key block-producer-1-wallet as well",
    ]);
  });

  it("refuses two daemons with one libp2p identity", () => {
    const twin = changed("node-1", (each) => ({
      ...each,
      args: each.args.map((text) => text.replaceAll("node-1-libp2p", "seed-1-libp2p")),
    }));
    assert.deepEqual(refusal(twin), ["node-1: seed-1 has the key seed-1-libp2p as well"]);
  });

  it("refuses a key in pods of which there are several", () => {
    const keyed = changed("fast-worker", (each) => ({ ...each, env: { KEY: "{{secret fast-fees/key}}" } }));
    assert.deepEqual(refusal(keyed), ["fast-worker: all its pods would have the key fast-fees"]);
  });

  it("refuses two pods that wait for one lease", () => {
    const waiting = changed("node-1", (each) => ({
      ...each,
      workload: { ...each.workload!, leases: ["seed-1-libp2p"] },
    }));
    assert.deepEqual(refusal(waiting), ["node-1: seed-1 holds the lease of the key seed-1-libp2p as well"]);
  });

  it("refuses a port of peers twice in one cluster, and accepts it in two", () => {
    const nodes = { count: 3, clusters: ["use1", "usw2"] };
    const three = planOf({ nodes });
    const withPortOf = (name: string) => {
      const port = three.daemons.find((each) => each.name === "node-1")!.ports[0]!;
      const daemons = three.daemons.map((each) =>
        each.name === name ? { ...each, ports: [port, ...each.ports.slice(1)] } : each,
      );
      return refusal({ ...three, daemons });
    };
    assert.deepEqual(withPortOf("node-3"), [
      "node-3: port p2p is also a port of node-1",
      "node-3: port p2p is also a port of node-1",
    ]);
    assert.deepEqual(withPortOf("node-2"), []);
  });

  it("refuses a service the port of a daemon on machines of its cluster", () => {
    const plan = planOf({ ...EVERY_ROLE, services: { graphqlProxy: { public: true } } });
    const clusters = plan.clusters!;
    const [proxy] = clusters.services;
    const { name, ports } = plan.daemons.find(({ workload }) => workload?.cluster === proxy!.cluster)!;
    const [port] = proxy!.ports;
    const service = { ...proxy!, ports: [{ ...port!, number: ports[0]!.number }] };
    assert.deepEqual(refusal({ ...plan, clusters: { ...clusters, services: [service] } }), [
      `graphql-proxy: port http is also a port of ${name}`,
    ]);
  });

  it("refuses a port twice in one pod: of the daemon itself, and of its companions", () => {
    const port = (name: string) =>
      ({ name, number: 5432, transports: ["tcp"], exposure: "network" }) as const;
    const own = changed("node-1", (each) => ({ ...each, ports: [...each.ports, port("one"), port("two")] }));
    assert.deepEqual(refusal(own), ["node-1: port two is also a port of node-1"]);
    const companion = changed("archive-1", (each) => ({ ...each, ports: [...each.ports, port("one")] }));
    assert.deepEqual(refusal(companion), ["archive-1-postgres: port postgres is also a port of archive-1"]);
  });

  it("refuses names that Kubernetes or Helm would cut or refuse", () => {
    const long = "a".repeat(53);
    const named = changed("node-1", (each) => ({
      ...each,
      name: long,
      workload: { ...each.workload!, pod: long, pool: "p".repeat(54) },
    }));
    assert.deepEqual(refusal(named), [
      `${long}: this cannot be the name of a daemon`,
      `${"p".repeat(54)}: this cannot be the name of a pool, which is a Helm release`,
    ]);
    // Without a StatefulSet of its own a daemon is called by a Service only.
    const companion = changed("archive-1-postgres", (each) => ({ ...each, name: long }));
    assert.deepEqual(refusal(companion), []);
  });

  it("refuses a service with the name of a daemon", () => {
    const service = { name: "node-1", args: [], env: {}, files: [], ports: [] };
    const clusters = { ...plan.clusters!, services: [service as never] };
    assert.deepEqual(refusal({ ...plan, clusters }), ["node-1: a daemon or another service has this name"]);
  });
});
