import assert from "node:assert/strict";
import fc from "fast-check";
import { clusterPlanText } from "../../../cli/network/plan-text";
import { CONSENSUS_CLIENTS, EXECUTION_CLIENTS } from "../../../protocols/ethereum/clients";
import type { ConsensusName, ExecutionName } from "../../../protocols/ethereum/settings";
import { publicServices } from "../../../protocols/entrances";
import { type Daemon, isOpen, type NetworkPlan } from "../../../protocols/plan";
import { references } from "../../../protocols/references";
import { refuseUnsound } from "../../../protocols/refusals";
import { podSecrets } from "../../../protocols/secrets";
import { peerPortRange } from "../../../protocols/peer-ports";
import { ethereumPlan, PLACEMENT } from "../../support/ethereum-clusters";

const EXECUTION = Object.keys(EXECUTION_CLIENTS) as ExecutionName[];
const CONSENSUS = Object.keys(CONSENSUS_CLIENTS) as ConsensusName[];

/** One pool for each pair of clients: the first is of clients that can be seeds. */
const EVERY_PAIR = EXECUTION.flatMap((execution) =>
  CONSENSUS.map((consensus) => ({
    name: `${execution.slice(0, 4)}-${consensus}`,
    execution,
    consensus,
    validators: 4,
  })),
);

function daemon(plan: NetworkPlan, name: string): Daemon {
  const found = plan.daemons.find((candidate) => candidate.name === name);
  assert.ok(found, name);
  return found;
}

function named({ args }: Daemon, kind: string): string[] {
  return args
    .flatMap(references)
    .flatMap((reference) => ("name" in reference && reference.kind === kind ? [reference.name] : []));
}

describe("the plan of an Ethereum network in clusters", () => {
  it("gives each node three pods of their own in one cluster, nodes taking turns in the clusters", () => {
    const { daemons } = ethereumPlan({ nodes: [{ count: 4 }] });
    assert.deepEqual(
      daemons.map(({ name, role, workload }) => [
        name,
        role,
        workload?.pod,
        workload?.pool,
        workload?.cluster,
      ]),
      ["use1", "usw2", "euw4", "use1"].flatMap((cluster, index) => {
        const node = `node-${index + 1}`;
        return [
          [`${node}-geth`, "execution", `${node}-geth`, "node-execution", cluster],
          [`${node}-prysm`, "consensus", `${node}-prysm`, "node-consensus", cluster],
          [`${node}-validator`, "validator", `${node}-validator`, "node-validator", cluster],
        ];
      }),
    );
    for (const { workload, after } of daemons) {
      assert.deepEqual([workload?.kind, workload?.replicas, after], ["one", 1, []]);
    }
  });

  it("engine API: one to one by stable names, with a secret of the pair and of nobody else", () => {
    const plan = ethereumPlan({ nodes: EVERY_PAIR });
    const users = new Map<string, string[]>();
    for (const { name, node, role, client, args } of plan.daemons) {
      const secrets = args.flatMap(references).flatMap((one) => (one.kind === "secret" ? [one.name] : []));
      for (const secret of secrets.filter((file) => file.endsWith("-jwt"))) {
        users.set(secret, [...(users.get(secret) ?? []), name]);
      }
      if (role !== "consensus") continue;
      const engines = args.filter((argument) => argument.includes(":8551"));
      const execution = plan.daemons.find((other) => other.node === node && other.role === "execution")!;
      assert.equal(engines.length, 1, client);
      assert.match(engines[0]!, new RegExp(`=http://${execution.name}\\.eth\\.svc\\.cluster\\.local:8551$`));
    }
    for (const [secret, names] of users) {
      const node = secret.replace(/-jwt$/, "");
      const pair = plan.daemons.filter((one) => one.node === node && one.role !== "validator");
      assert.deepEqual(names.sort(), pair.map(({ name }) => name).sort());
    }
    assert.equal(users.size, EVERY_PAIR.length);
  });

  it("ports: three in a row of each node for peers, each bound, advertised and published as one number", () => {
    const plan = ethereumPlan({ nodes: EVERY_PAIR });
    assert.deepEqual(plan.clusters?.peerPorts, peerPortRange(12_000, 12_000 + 3 * EVERY_PAIR.length - 1));
    const taken = new Set<string>();
    for (const { name, node, role, ports, args } of plan.daemons) {
      const index = EVERY_PAIR.findIndex((pair) => `${pair.name}-1` === node);
      for (const port of ports.filter(({ exposure }) => exposure === "peers")) {
        assert.ok(
          args.some((argument) => argument.endsWith(`=${port.number}`)),
          `${name} ${port.number}`,
        );
        assert.equal(Math.floor((port.number - 12_000) / 3), index);
        port.transports.forEach((transport) => {
          const key = `${port.number}/${transport}`;
          assert.ok(!taken.has(key), key);
          taken.add(key);
        });
      }
      if (role === "validator") assert.ok(ports.every(({ exposure }) => exposure === "network"));
    }
  });

  it("what peers are told: the reserved address of seeds, the machine's of others, as one reference", () => {
    const { daemons } = ethereumPlan({ nodes: [{ count: 3 }] });
    assert.deepEqual(
      daemons.map(({ workload }) => workload?.advertises),
      ["seed", "seed", "none", "seed", "seed", "none", "node", "node", "none"],
    );
    for (const { role, args } of daemons) {
      const told = args.flatMap(references).filter(({ kind }) => kind === "external-ip");
      assert.equal(told.length, role === "validator" ? 0 : 1);
    }
  });

  it("seeds: an entry for each pod, with its label, ports, enode or multiaddr of one value", () => {
    const plan = ethereumPlan({ nodes: [{ count: 3 }] });
    const { seeds, peerList } = plan.clusters!;
    assert.deepEqual(
      seeds.map(({ daemon: name, cluster, label, ports }) => [
        name,
        cluster,
        label,
        ports.map(({ number, transports }) => `${number}/${transports.join("+")}`),
      ]),
      [
        ["node-1-geth", "use1", "seed-1-execution", ["12000/tcp+udp"]],
        ["node-1-prysm", "use1", "seed-1-consensus", ["12001/tcp", "12002/udp"]],
        ["node-2-geth", "usw2", "seed-2-execution", ["12003/tcp+udp"]],
        ["node-2-prysm", "usw2", "seed-2-consensus", ["12004/tcp", "12005/udp"]],
      ],
    );
    assert.deepEqual(peerList, [
      "{{enode node-1-geth}}",
      "{{enode node-2-geth}}",
      "/ip4/{{seed-ip node-1-prysm}}/tcp/12001/p2p/{{peer-id node-1-prysm}}",
      "/ip4/{{seed-ip node-2-prysm}}/tcp/12004/p2p/{{peer-id node-2-prysm}}",
    ]);
    const request = plan.keys.find(({ name }) => name === "node-2-geth");
    assert.deepEqual(request, {
      kind: "enode",
      name: "node-2-geth",
      host: "{{seed-ip node-2-geth}}",
      format: "hex",
      tcpPort: 12_003,
      udpPort: 12_003,
    });
  });

  it("every client calls all seeds but itself, in its own words", () => {
    const nodes = [{ name: "seed", count: 2 }, ...EVERY_PAIR];
    const plan = ethereumPlan({ nodes });
    for (const one of plan.daemons.filter(({ role }) => role === "execution")) {
      const others = ["seed-1-geth", "seed-2-geth"].filter((name) => name !== one.name);
      assert.deepEqual(named(one, "enode"), others, one.name);
    }
    for (const one of plan.daemons.filter(({ role }) => role === "consensus")) {
      const others = ["seed-1-prysm", "seed-2-prysm"].filter((name) => name !== one.name);
      assert.deepEqual([...new Set(named(one, "peer-id"))], others, one.name);
      assert.deepEqual([...new Set(named(one, "seed-ip"))], others, one.name);
      // A signed record would need the address before it is known.
      assert.deepEqual(named(one, "enr"), []);
    }
  });

  it("a lone first seed has nobody to call, and never the public bootnodes", () => {
    for (const [execution, flag] of [
      ["geth", "--bootnodes="],
      ["erigon", "--bootnodes="],
      ["reth", undefined],
    ] as const) {
      const { args } = ethereumPlan({ nodes: [{ execution, count: 1 }] }).daemons[0]!;
      assert.equal(
        args.find((argument) => argument.startsWith("--bootnodes")),
        flag,
        execution,
      );
    }
    assert.ok(ethereumPlan({ nodes: [{}] }).daemons[1]!.args.includes("--bootstrap-node="));
    const alone = (consensus: string) => ethereumPlan({ nodes: [{ consensus }] }).daemons[1]!.args;
    assert.ok(alone("lighthouse").includes("--target-peers=0"));
    const lodestar = ethereumPlan({ nodes: [{ consensus: "lodestar" }], seeds: { count: 0 } }).daemons[1]!;
    assert.ok(lodestar.args.includes("--sync.isSingleNode=true"));
  });

  it("validators: a lease on their keys, a volume for what they signed, keys in the form of their client", () => {
    const plan = ethereumPlan({ nodes: EVERY_PAIR });
    for (const { name, role, client, workload, args } of plan.daemons) {
      assert.deepEqual(workload?.leases, role === "validator" ? [name] : []);
      if (role !== "validator") continue;
      assert.equal(workload.storageGiB, 1);
      assert.ok(
        args.some((argument) => argument.includes("{{data}}")),
        client,
      );
      const request = plan.keys.find((key) => key.name === name);
      assert.ok(request?.kind === "validators");
      assert.deepEqual([request.format, request.count], [client, 4]);
      for (const argument of args) assert.doesNotMatch(argument, /disable.*slashing|slashing.*=false/);
    }
  });

  it("private files: each pod names its own, and every file is of a key that is asked for", () => {
    const plan = ethereumPlan({ nodes: EVERY_PAIR });
    const requested = new Set(plan.keys.map(({ name }) => name));
    for (const { pod, files } of podSecrets(plan)) {
      const node = plan.daemons.find(({ name }) => name === pod)!.node;
      for (const file of files) {
        const key = file.split("/")[0]!.replace(/-password$/, "");
        assert.ok(requested.has(key), `${pod}: ${file}`);
        assert.ok(key.startsWith(`${node}-`), `${pod}: ${file}`);
      }
    }
  });

  it("binds nothing that a pod's neighbours could not reach, and asks for all that they need", () => {
    for (const { name, ports, args, role } of ethereumPlan({ nodes: EVERY_PAIR }).daemons) {
      const numbers = ports.map(({ number }) => String(number));
      for (const number of numbers) {
        assert.ok(
          args.some((argument) => argument.endsWith(number)),
          `${name} ${number}`,
        );
      }
      if (role !== "validator") {
        assert.ok(
          args.some((argument) => argument.includes("0.0.0.0")),
          name,
        );
      }
      for (const argument of args) assert.doesNotMatch(argument, /127\.0\.0\.1|localhost/);
    }
  });

  it("placement: pinned, by percentages and on a node pool", () => {
    const clustersOf = (pool: object) =>
      ethereumPlan({ nodes: [{ count: 4, validators: 16, ...pool }] })
        .daemons.filter(({ role }) => role === "execution")
        .map(({ workload }) => workload?.cluster);
    assert.deepEqual(clustersOf({ clusters: ["euw4"] }), ["euw4", "euw4", "euw4", "euw4"]);
    assert.deepEqual(clustersOf({ placement: { use1: 75, usw2: 25 } }).sort(), [
      "use1",
      "use1",
      "use1",
      "usw2",
    ]);
    const pinned = ethereumPlan({ nodes: [{ nodePool: "daemons" }] });
    assert.deepEqual(pinned.daemons[0]?.workload?.nodes, { peers: true, spot: false, nodePool: "daemons" });
    assert.deepEqual(pinned.daemons[2]?.workload?.nodes, { spot: false, nodePool: "daemons" });
  });

  it("images, resources, volumes and extra arguments of a pool go before the defaults", () => {
    const plan = ethereumPlan({
      nodes: [
        {
          images: { execution: "registry.example.org/geth:v1.17.8-ours" },
          resources: { execution: { cpus: 2, memoryGiB: 8 } },
          storageGiB: { execution: 100 },
          extraArgs: { execution: ["--cache=2048"] },
        },
      ],
    });
    const { workload, args } = daemon(plan, "node-1-geth");
    assert.deepEqual(workload?.image.reference, "registry.example.org/geth:v1.17.8-ours");
    assert.deepEqual(workload.image.command, ["geth"]);
    // The limit is never below what was asked for.
    assert.deepEqual(workload.resources, { cpuMilli: 2000, memoryMiB: 8192, memoryLimitMiB: 8192 });
    assert.equal(workload.storageGiB, 100);
    assert.equal(args.at(-1), "--cache=2048");
  });

  it("genesis: published files, time to make machines, epochs as clients have them compiled in", () => {
    const config = (settings: object) => {
      const { genesis } = ethereumPlan(settings);
      return genesis.files.find(({ path }) => path === "config.yaml")?.content ?? "";
    };
    const { genesis } = ethereumPlan({});
    assert.deepEqual(genesis.published, [
      "config.yaml",
      "deposit_contract_block.txt",
      "genesis.json",
      "genesis.ssz",
    ]);
    assert.equal(genesis.delaySeconds, 300);
    assert.match(config({ slotsPerEpoch: 4 }), /^SLOTS_PER_EPOCH: 4$/m);
    const mixed = config({ nodes: [{}, { name: "teku", consensus: "teku" }], secondsPerSlot: 6 });
    assert.match(mixed, /^SLOT_DURATION_MS: 6000$/m);
    assert.match(mixed, /^MAX_REQUEST_BLOB_SIDECARS_ELECTRA: 1152$/m);
    assert.doesNotMatch(mixed, /^SLOTS_PER_EPOCH/m);
    const keys = mixed
      .trim()
      .split("\n")
      .map((line) => line.split(":")[0]);
    assert.equal(new Set(keys).size, keys.length);
    // A chain that nobody pauses is as strict as mainnet.
    assert.doesNotMatch(config({}), /MIN_EPOCHS_TO_INACTIVITY_PENALTY/);
  });

  it("is JSON, deterministic, and tells how to join without a word of a secret", () => {
    const plan = ethereumPlan({});
    assert.deepEqual(JSON.parse(JSON.stringify(plan)), plan);
    assert.deepEqual(ethereumPlan({}), plan);
    const { command } = plan.clusters!.join;
    assert.equal(command[0], "sh");
    const text = command.join(" ");
    assert.match(text, /--bootnodes=\{\{enode node-1-geth\}\},\{\{enode node-2-geth\}\}/);
    assert.match(
      text,
      /--peer=\/ip4\/\{\{seed-ip node-1-prysm\}\}\/tcp\/12001\/p2p\/\{\{peer-id node-1-prysm\}\}/,
    );
    assert.doesNotMatch(text, /\{\{secret/);
  });

  it("tells a person where its public service is, with a domain and without", () => {
    const services = { rpcProxy: { public: true } };
    assert.match(
      clusterPlanText(ethereumPlan({ services }), false),
      /^Public: +JSON-RPC at http:\/\/rpc\.eth\.testnets\.example\.org:12030\/ \(rpc-proxy, use1\)$/m,
    );
    assert.match(
      clusterPlanText(ethereumPlan({ services }, { domain: undefined }), false),
      /^Public: +JSON-RPC at port 12030 of its machine \(rpc-proxy, use1\)$/m,
    );
    assert.doesNotMatch(clusterPlanText(ethereumPlan({ services: { rpcProxy: {} } }), false), /^Public:/m);
  });

  it("is accepted by the checks of all plans", () => {
    refuseUnsound(ethereumPlan({ nodes: [{ name: "seed", count: 2 }, ...EVERY_PAIR] }));
  });
});

describe("an Ethereum network in clusters that grows", () => {
  const pools = fc.array(
    fc.record({
      count: fc.integer({ min: 1, max: 6 }),
      validators: fc.integer({ min: 0, max: 20 }),
      execution: fc.constantFrom(...EXECUTION),
      consensus: fc.constantFrom(...CONSENSUS),
      clusters: fc.option(fc.constant(["usw2", "euw4"]), { nil: undefined }),
      placement: fc.constant(undefined),
    }),
    { maxLength: 3 },
  );
  const settings = (list: readonly object[], isPublic = false) => ({
    ...(isPublic && { services: { rpcProxy: { public: true } } }),
    nodes: [
      { name: "first", count: 2, validators: 32 },
      ...list.map((pool, index) => ({ name: `p${index}`, ...pool })),
    ],
  });
  const byName = (plan: NetworkPlan) => new Map(plan.daemons.map((one) => [one.name, one]));

  it("property: growing any pool renames nobody, moves nobody to another cluster and no seed anywhere", () => {
    fc.assert(
      fc.property(pools, fc.nat(), (list, pick) => {
        const grown = list.map((pool, index) =>
          index === pick % list.length ? { ...pool, count: pool.count + 1 } : pool,
        );
        const before = ethereumPlan(settings(list));
        const after = byName(ethereumPlan(settings(grown)));
        for (const { name, workload } of before.daemons) {
          assert.equal(after.get(name)?.workload?.cluster, workload?.cluster);
        }
        const seeds = new Set(before.clusters?.seeds.map((seed) => seed.daemon));
        for (const one of before.daemons.filter(({ name }) => seeds.has(name))) {
          assert.deepEqual(after.get(one.name), one);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("property: growing the last pool, or adding one, changes no daemon that is there", () => {
    fc.assert(
      fc.property(pools, fc.boolean(), fc.boolean(), (list, adds, isPublic) => {
        const more = adds
          ? [...list, { count: 1, validators: 0 }]
          : list.map((pool, index) =>
              index === list.length - 1 ? { ...pool, count: pool.count + 1 } : pool,
            );
        const before = ethereumPlan(settings(list, isPublic));
        const after = ethereumPlan(settings(more, isPublic));
        for (const one of before.daemons) assert.deepEqual(byName(after).get(one.name), one);
        assert.deepEqual(publicServices(after.clusters!), publicServices(before.clusters!));
        assert.equal(publicServices(before.clusters!).length, isPublic ? 1 : 0);
      }),
      { numRuns: 50 },
    );
  });

  it("property: ports for peers and validators are never shared, and lie in the range that is opened", () => {
    fc.assert(
      fc.property(pools, fc.boolean(), (list, isPublic) => {
        const plan = refuseUnsound(ethereumPlan(settings(list, isPublic)));
        const { from, to } = plan.clusters!.peerPorts;
        const numbers = [...plan.daemons, ...plan.clusters!.services].flatMap(({ ports }) =>
          ports
            .filter(isOpen)
            .flatMap(({ number, transports }) => transports.map((transport) => `${number}/${transport}`)),
        );
        assert.equal(new Set(numbers).size, numbers.length);
        for (const number of numbers) assert.ok(parseInt(number) >= from && parseInt(number) <= to);
        plan.keys
          .filter((key) => key.kind === "validators")
          .reduce((next, key) => {
            assert.equal(key.from, next);
            return key.from + key.count;
          }, 0);
      }),
      { numRuns: 50 },
    );
  });

  it("1,000 nodes are planned within the time of a test, with short arguments", () => {
    const nodes = (count: number) => ({
      nodes: [
        { count, validators: 1 },
        { name: "more", validators: 32 },
      ],
    });
    const plan = ethereumPlan(nodes(1000), { portsFrom: 11_000 });
    assert.equal(plan.daemons.length, 3003);
    // Whom a node calls does not grow with the network.
    const longest = ({ daemons }: NetworkPlan) =>
      Math.max(...daemons.map(({ args }) => args.join(" ").length));
    assert.ok(longest(plan) <= longest(ethereumPlan(nodes(10), { portsFrom: 11_000 })) + 20);
  });
});

describe("a public Ethereum network in clusters", () => {
  const sepolia = (pool: object = {}) =>
    ethereumPlan({
      network: "sepolia",
      checkpointSyncUrl: "https://beacon.example.org",
      nodes: [{ consensus: "lighthouse", ...pool }],
    });

  it("has no genesis, no validators, no seeds and no accounts", () => {
    const plan = sepolia();
    assert.deepEqual(plan.genesis, { files: [], runs: [], delaySeconds: 0 });
    assert.deepEqual(plan.clusters?.seeds, []);
    assert.deepEqual(plan.clusters.peerList, []);
    assert.deepEqual(plan.clusters.join.command, []);
    assert.deepEqual(
      plan.daemons.map(({ role }) => role),
      ["execution", "consensus"],
    );
    assert.deepEqual(
      plan.keys.map(({ kind }) => kind),
      ["jwt", "enode", "enr"],
    );
    for (const { args } of plan.daemons) assert.doesNotMatch(args.join(" "), /\{\{(shared|address|seed-ip)/);
  });

  it("each client is told the chain, and each consensus client where to start from", () => {
    const chain: Record<string, string> = {
      geth: "--sepolia",
      reth: "--chain=sepolia",
      besu: "--network=sepolia",
      nethermind: "--config=sepolia",
      erigon: "--chain=sepolia",
      lighthouse: "--network=sepolia",
      teku: "--network=sepolia",
      nimbus: "--network=sepolia",
      lodestar: "--network=sepolia",
    };
    for (const execution of EXECUTION) {
      for (const consensus of CONSENSUS.filter((name) => name !== "prysm")) {
        for (const { client, args, role } of sepolia({ execution, consensus }).daemons) {
          assert.ok(args.includes(chain[client]!), client);
          if (role === "consensus") {
            assert.ok(
              args.some((argument) => argument.endsWith("https://beacon.example.org")),
              client,
            );
          }
        }
      }
    }
  });

  it("volumes and memory are those of a large chain", () => {
    const [execution, consensus] = sepolia().daemons;
    assert.deepEqual([execution?.workload?.storageGiB, consensus?.workload?.storageGiB], [1000, 400]);
    assert.equal(execution?.workload?.resources.memoryMiB, 16_384);
    const mainnet = ethereumPlan({
      network: "mainnet",
      checkpointSyncUrl: "https://beacon.example.org",
      nodes: [{ execution: "reth", consensus: "teku" }],
    });
    assert.equal(mainnet.daemons[0]?.workload?.storageGiB, 3000);
  });

  it("stands in the clusters it is given", () => {
    assert.deepEqual(
      sepolia({ count: 2 }).daemons.map(({ workload }) => workload?.cluster),
      PLACEMENT.clusters.slice(0, 2).flatMap(({ name }) => [name, name]),
    );
  });
});
