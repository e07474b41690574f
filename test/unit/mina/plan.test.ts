import assert from "node:assert/strict";
import { MINA_RELEASES } from "../../../protocols/mina/releases";
import { references } from "../../../protocols/references";
import { podSecrets } from "../../../protocols/secrets";
import { daemon, EVERY_ROLE, peersOf, planOf } from "./support";

/** What every daemon is told, whatever its role. */
function common(name: string, port: number, connections: number, stopTime: number): string[] {
  return [
    ...["daemon", "--config-directory", "{{data}}/.mina-config", "--config-file", "{{shared}}/daemon.json"],
    ...["--log-json", "--log-level", "Info", "--file-log-level", "Info", "--file-log-rotations", "50"],
    ...["--client-port", "8301", "--rest-port", "3085", "--metrics-port", "8081"],
    ...["--external-port", String(port), "--external-ip", "{{external-ip}}"],
    ...["--libp2p-keypair", `{{secret ${name}-libp2p/key}}`, "--enable-peer-exchange", "true"],
    ...["--max-connections", String(connections), "--stop-time", String(stopTime)],
  ];
}

const SEED_1 = ["--peer", "/dns4/seed-1.qa.testnets.example.org/tcp/11000/p2p/{{peer-id seed-1-libp2p}}"];
const SEED_2 = ["--peer", "/dns4/seed-2.qa.testnets.example.org/tcp/11006/p2p/{{peer-id seed-2-libp2p}}"];
const SEEDS = [...SEED_1, ...SEED_2];

describe("the plan of a Mina network", () => {
  const plan = planOf(EVERY_ROLE);
  const argsOf = (name: string) => daemon(plan, name).args;

  it("has the daemons that the settings ask for, by names that stay", () => {
    assert.deepEqual(
      plan.daemons.map(
        ({ name, role, workload }) => `${name} ${role} ${workload?.pool} ${workload?.cluster}`,
      ),
      [
        "seed-1 seed seeds use1",
        "seed-2 seed seeds usw2",
        "block-producer-1 block-producer block-producers use1",
        "block-producer-2 block-producer block-producers usw2",
        "fast-coordinator snark-coordinator fast-coordinator use1",
        "thrifty-coordinator snark-coordinator thrifty-coordinator usw2",
        "archive-1 archive archives use1",
        "archive-1-archive archive-program archives use1",
        "archive-1-postgres archive-database archives use1",
        "node-1 node nodes use1",
        "node-2 node nodes usw2",
        "itn-1 itn-node itn-nodes use1",
        "fast-worker snark-worker fast-workers use1",
        "thrifty-worker snark-worker thrifty-workers usw2",
      ],
    );
  });

  it("gives each role the arguments of the reference, word for word", () => {
    const insecure = "--insecure-rest-server";
    assert.deepEqual(argsOf("seed-1"), [
      ...common("seed-1", 11_000, 200, 168),
      ...[insecure, "--seed", ...SEED_2],
    ]);
    assert.deepEqual(argsOf("block-producer-2"), [
      ...common("block-producer-2", 11_007, 50, 173),
      ...["--block-producer-key", "{{secret block-producer-2-wallet/key}}", ...SEEDS],
    ]);
    assert.deepEqual(argsOf("fast-coordinator"), [
      ...common("fast-coordinator", 11_002, 50, 176),
      ...["--run-snark-coordinator", "{{public-key fast-fees}}", "--snark-worker-fee", "0.001"],
      ...["--work-selection", "seq", ...SEEDS],
    ]);
    assert.deepEqual(argsOf("archive-1"), [
      ...common("archive-1", 11_003, 50, 180),
      ...[insecure, "--archive-address", "127.0.0.1:3086", ...SEEDS],
    ]);
    assert.deepEqual(argsOf("node-1"), [...common("node-1", 11_004, 50, 184), insecure, ...SEEDS]);
    assert.deepEqual(argsOf("itn-1"), [
      ...common("itn-1", 11_005, 50, 188),
      ...[insecure, "--itn-graphql-port", "3086", "--itn-keys", "{{public-key itn}}"],
      ...["--itn-max-logs", "10000", ...SEEDS],
    ]);
    assert.deepEqual(argsOf("fast-worker"), [
      ...["internal", "snark-worker", "--proof-level", "full", "--shutdown-on-disconnect", "false"],
      ...["--daemon-address", "fast-coordinator.qa.svc.cluster.local:8301"],
    ]);
    assert.deepEqual(argsOf("archive-1-archive"), [
      ...["run", "--postgres-uri", "postgres://mina@127.0.0.1:5432/archive", "--server-port", "3086"],
      ...["--metrics-port", "10002", "--config-file", "{{shared}}/daemon.json", "--log-json"],
      ...["--log-level", "Info"],
    ]);
  });

  it("names seeds by the cluster's own names where there is no domain", () => {
    const inside = planOf({}, { domain: undefined });
    assert.deepEqual(inside.clusters?.peerList, [
      "/dns4/seed-1.qa.svc.cluster.local/tcp/11000/p2p/{{peer-id seed-1-libp2p}}",
    ]);
  });

  it("keeps an archive's database on the pod's loopback, without any password", () => {
    const database = daemon(plan, "archive-1-postgres");
    assert.ok(database.args.includes("listen_addresses=127.0.0.1"));
    assert.deepEqual(
      database.ports.map(({ exposure }) => exposure),
      ["pod"],
    );
    assert.ok(!Object.keys(database.env).some((name) => name.includes("PASSWORD")));
    const pods = ["archive-1", "archive-1-archive", "archive-1-postgres"].map((name) => daemon(plan, name));
    assert.deepEqual(
      pods.map(({ workload }) => workload?.pod),
      ["archive-1", "archive-1", "archive-1"],
    );
    assert.deepEqual(
      pods.map(({ workload }) => workload?.leases.length),
      [1, 0, 0],
    );
  });

  it("lets only a pool's workers reach its coordinator, and nobody the GraphQL of producers", () => {
    assert.deepEqual(daemon(plan, "fast-coordinator").workload?.clients, ["fast-workers"]);
    const exposures = (name: string) =>
      Object.fromEntries(daemon(plan, name).ports.map((port) => [port.name, port.exposure]));
    assert.deepEqual(exposures("block-producer-1"), {
      p2p: "peers",
      client: "pod",
      graphql: "pod",
      metrics: "network",
    });
    assert.ok(!argsOf("block-producer-1").includes("--insecure-rest-server"));
    assert.equal(exposures("seed-1")["graphql"], "network");
  });

  it("puts workers on machines that may be taken away where the cluster has any, or as it is told", () => {
    assert.deepEqual(daemon(plan, "fast-worker").workload?.nodes, { spot: true });
    assert.deepEqual(daemon(plan, "thrifty-worker").workload?.nodes, { spot: false });
    const told = planOf({ snark: [{ name: "fast", spot: false, workerPods: { nodePool: "daemons" } }] });
    assert.deepEqual(daemon(told, "fast-worker").workload?.nodes, { spot: false, nodePool: "daemons" });
    for (const { workload } of peersOf(plan)) assert.deepEqual(workload?.nodes, { peers: true, spot: false });
  });

  it("spreads harder when availability is high", () => {
    const spreads = (availability: string) => {
      const { daemons } = planOf({ ...EVERY_ROLE, availability });
      const of = (name: string) => daemons.find((each) => each.name === name)?.workload?.spread;
      return ["seed-1", "node-1", "fast-worker"].map(of);
    };
    assert.deepEqual(spreads("low"), ["soft", "none", "none"]);
    assert.deepEqual(spreads("high"), ["hard", "soft", "soft"]);
  });

  it("runs the version's own images, those named for the network, or those of a group", () => {
    const references = (overrides: object) =>
      planOf({ ...EVERY_ROLE, ...overrides }).daemons.reduce<Record<string, string>>(
        (known, { name, workload }) => ({ ...known, [name]: workload!.image.reference }),
        {},
      );
    const usual = references({});
    const { images } = MINA_RELEASES["4.0.0"]!;
    assert.equal(usual["seed-1"], images.daemon);
    assert.equal(usual["archive-1-archive"], images.archive);
    const named = references({
      images: { daemon: "example.org/mina:1" },
      nodes: { count: 1, image: "example.org/mina:2" },
    });
    assert.deepEqual(
      [named["seed-1"], named["fast-worker"], named["node-1"], named["archive-1-archive"]],
      ["example.org/mina:1", "example.org/mina:1", "example.org/mina:2", images.archive],
    );
  });

  it("asks for the resources that the settings name, and for Mina's own figures otherwise", () => {
    const asked = planOf({
      nodes: { count: 1, resources: { cpus: 2.5, memoryGiB: 20, memoryLimitGiB: 24 } },
    });
    assert.deepEqual(daemon(asked, "node-1").workload?.resources, {
      cpuMilli: 2500,
      memoryMiB: 20_480,
      memoryLimitMiB: 24_576,
    });
    assert.equal(daemon(asked, "node-1").env["RAYON_NUM_THREADS"], "3");
    assert.deepEqual(daemon(asked, "seed-1").workload?.resources, {
      cpuMilli: 4000,
      memoryMiB: 12_288,
      memoryLimitMiB: 24_576,
    });
  });

  it("puts the user's arguments behind its own, flag and value apart", () => {
    const extra = planOf({ nodes: { count: 1, extraArgs: ["--min-connections=5", "--demo-mode"] } });
    assert.deepEqual(daemon(extra, "node-1").args.slice(-3), ["--min-connections", "5", "--demo-mode"]);
  });

  it("asks for exactly the keys that somebody names, and names none that it does not ask for", () => {
    const texts = [
      ...plan.daemons.flatMap(({ args, env }) => [...args, ...Object.values(env)]),
      ...plan.genesis.files.map(({ content }) => content),
      ...plan.clusters!.peerList,
    ];
    const named = new Set(
      texts
        .flatMap(references)
        .flatMap((reference) => ("name" in reference ? [reference.name.split("/")[0]!] : [])),
    );
    assert.deepEqual([...named].sort(), plan.keys.map(({ name }) => name).sort());
  });

  it("gives each pod the files of its own keys and no others", () => {
    const pods = new Map(podSecrets(plan).map(({ pod, files }) => [pod, files]));
    assert.deepEqual(pods.get("block-producer-1"), [
      "block-producer-1-libp2p/key",
      "block-producer-1-libp2p/password",
      "block-producer-1-wallet/key",
      "block-producer-1-wallet/password",
    ]);
    // A coordinator is paid by its public key; the private one is nowhere in the clusters.
    assert.deepEqual(pods.get("fast-coordinator"), [
      "fast-coordinator-libp2p/key",
      "fast-coordinator-libp2p/password",
    ]);
    assert.ok(!pods.has("fast-worker"));
  });

  it("is plain data, the same each time, without a secret", () => {
    // Anything but data cannot be cloned.
    assert.deepEqual(structuredClone(plan), plan);
    assert.deepEqual(planOf(EVERY_ROLE), plan);
    assert.doesNotMatch(JSON.stringify(plan), /BEGIN|mnemonic|"sk":"/);
  });

  it("tells how to join with the network's own image and files", () => {
    const { command } = planOf({ version: "4.0.0", genesis: { proofLevel: "none" } }).clusters!.join;
    assert.ok(command.includes(MINA_RELEASES["4.0.0"]!.images.daemon));
    assert.deepEqual(command.slice(command.indexOf("daemon")), [
      ...["daemon", "--peer-list-file", "/join/peers.txt", "--config-file", "/join/daemon.json"],
      ...["--external-port", "8302", "--proof-level", "none"],
    ]);
  });

  it("is watched with the slots of its own chain", () => {
    const rules = (overrides: object) => JSON.stringify(planOf(overrides).clusters!.monitoring.rules);
    assert.notEqual(rules({ genesis: { slotSeconds: 20 } }), rules({}));
  });
});

describe("large Mina networks", function () {
  this.timeout(60_000);

  for (const [size, nodes] of [
    [1000, 326],
    [10_000, 3326],
  ] as const) {
    it(`are planned whole with about ${size} daemons`, () => {
      const plan = planOf(
        {
          seeds: { count: 20 },
          blockProducers: { count: nodes, placement: { use1: 60, usw2: 40 } },
          nodes: { count: nodes },
          archives: { count: Math.floor(nodes / 3) },
          snark: [{ name: "fast", workers: 100 }],
        },
        { portsFrom: 10_000 },
      );
      const expected = 20 + 2 * nodes + 3 * Math.floor(nodes / 3) + 2;
      assert.equal(plan.daemons.length, expected);
    });
  }
});
