import assert from "node:assert/strict";
import { type Problem, TestnetError } from "../../../errors/problem";
import { planEthereum } from "../../../protocols/ethereum/plan";
import type { ClusterPlacement } from "../../../protocols/plan";
import { cluster, ethereumPlan, ethereumSettings, PLACEMENT } from "../../support/ethereum-clusters";
import { LOCAL_PLACEMENT } from "../../support/local-placement";

/** What is refused: code, place, words, what is given and what is allowed. */
function refused(plan: () => unknown): string[] {
  try {
    plan();
    return [];
  } catch (error) {
    assert.ok(error instanceof TestnetError, String(error));
    return error.problems.map(words);
  }
}

function words({ code, at, message, given, allowed }: Problem): string {
  const rest = [
    ...(given === undefined ? [] : [`given ${JSON.stringify(given)}`]),
    ...(allowed === undefined ? [] : [`allowed ${allowed}`]),
  ];
  return [`${code} ${(at ?? "").replace("testnet:network.", "")}: ${message}`, ...rest].join("; ");
}

const inClusters = (settings: object, placement: Partial<ClusterPlacement> = {}) =>
  refused(() => ethereumPlan(settings, placement));
const onThisMachine = (settings: object) =>
  refused(() => planEthereum(ethereumSettings(settings), LOCAL_PLACEMENT));

describe("refusals of Ethereum networks in clusters", () => {
  it("TN1007: pools of one name, too few validators", () => {
    assert.deepEqual(inClusters({ nodes: [{ validators: 1 }, { validators: 1 }] }), [
      'TN1007 nodes[1].name: another pool has this name already; given "node"; allowed a name of its own for each pool',
      "TN1007 nodes: 2 validators cannot fill an epoch of 32 slots; given 2; allowed at least 32 validators in all nodes together",
    ]);
  });

  it("TN1007: more validators of a node than the secret of its pod holds", () => {
    for (const [consensus, most] of [
      ["prysm", 256],
      ["teku", 56],
    ] as const) {
      const nodes = (validators: number) => ({ nodes: [{ consensus, validators }] });
      assert.deepEqual(inClusters(nodes(most)), []);
      assert.deepEqual(inClusters(nodes(most + 1)), [
        `TN1007 nodes[0].validators: the secret of a pod of ${consensus} holds ${most} keys at most; given ${most + 1}; allowed 0 to ${most}`,
      ]);
    }
  });

  it("TN1008: a version without a flag table", () => {
    assert.deepEqual(inClusters({ nodes: [{ execution: "reth", executionVersion: "1.0.0" }] }), [
      'TN1008 nodes[0].executionVersion: no flags are known for this version of the client; given "1.0.0"; allowed 2.5.1',
    ]);
  });

  it("TN1009: extra arguments that are rendered or unknown, for each program of each client", () => {
    assert.deepEqual(
      inClusters({
        nodes: [
          {
            consensus: "teku",
            extraArgs: {
              execution: ["--port=1"],
              consensus: ["--p2p-port=1"],
              validator: ["--nonsense"],
            },
          },
        ],
      }),
      [
        'TN1009 nodes[0].extraArgs.execution[0]: --port is rendered already, from the settings of the network; given "--port=1"; allowed flags that are not rendered; see `testnet plan`',
        'TN1009 nodes[0].extraArgs.consensus[0]: --p2p-port is rendered already, from the settings of the network; given "--p2p-port=1"; allowed flags that are not rendered; see `testnet plan`',
        'TN1009 nodes[0].extraArgs.validator[0]: teku 26.7.1 has no flag --nonsense; given "--nonsense"; allowed a flag of `teku --help`',
      ],
    );
  });

  it("TN1030: a cluster that the environment does not have", () => {
    const problems = inClusters({ nodes: [{ clusters: ["use9"] }] });
    assert.equal(problems.length, 1);
    assert.match(
      problems[0]!,
      /^TN1030 nodes\[0\]\.clusters\[0\]: .*given "use9"; allowed use1, usw2, euw4$/,
    );
  });

  it("TN1041: epochs and slots that clients have compiled in", () => {
    assert.deepEqual(
      inClusters({
        nodes: [{ count: 1 }, { name: "lighthouse", consensus: "lighthouse" }],
        slotsPerEpoch: 8,
      }),
      [
        'TN1041 nodes[1].consensus: lighthouse has epochs of 32 slots compiled in, and the network wants 8; given "lighthouse"; allowed prysm',
      ],
    );
    const nimbus = { nodes: [{ count: 1 }, { name: "nimbus", consensus: "nimbus" }] };
    assert.deepEqual(inClusters({ ...nimbus, secondsPerSlot: 6 }), [
      'TN1041 nodes[1].consensus: nimbus takes no slots below 12 s, and the network wants 6 s; given "nimbus"; allowed prysm, lighthouse, teku, lodestar',
    ]);
    assert.deepEqual(inClusters({ ...nimbus, secondsPerSlot: 12 }), []);
  });

  it("TN1041: a release that does not know the forks of a public chain", () => {
    const hoodi = { network: "hoodi", checkpointSyncUrl: "https://beacon.example.org", nodes: [{}] };
    assert.deepEqual(inClusters(hoodi), [
      'TN1041 nodes[0].consensus: prysm 6.0.4 does not know the forks of hoodi; given "prysm"; allowed lighthouse, teku, nimbus, lodestar',
    ]);
  });

  it("TN1042: no lasting machine that peers reach, or not in the node pool named", () => {
    const [pool] = cluster("any").nodePools;
    const clusters = [
      cluster("use1"),
      cluster("usw2", {
        nodePools: [
          { ...pool!, peers: false },
          { ...pool!, name: "workers", spot: true },
        ],
      }),
    ];
    assert.deepEqual(inClusters({ nodes: [{ count: 2 }] }, { clusters }), [
      'TN1042 nodes[0]: peers reach no lasting machine of any node pool in the cluster usw2; given "usw2"; allowed a cluster with a node pool for peers',
    ]);
    assert.deepEqual(inClusters({ nodes: [{ count: 1 }] }, { clusters }), []);
    assert.deepEqual(inClusters({ nodes: [{ count: 1, nodePool: "workers" }] }, { clusters }), [
      'TN1042 nodes[0].nodePool: peers reach no lasting machine of workers in the cluster use1; given "workers"; allowed daemons',
    ]);
  });

  it("TN1043: seeds that are none", () => {
    assert.deepEqual(inClusters({ seeds: { count: 4 } }), [
      "TN1043 seeds.count: there are fewer nodes; given 4; allowed 0 to 3, the nodes of the first pool",
    ]);
    assert.deepEqual(inClusters({ seeds: { count: 0 } }), [
      "TN1043 seeds.count: without a seed no node would find another; given 0; allowed 1 to 3",
    ]);
    assert.deepEqual(inClusters({ nodes: [{ count: 1 }], seeds: { count: 0 } }), []);
    for (const consensus of ["nimbus", "lodestar"]) {
      assert.deepEqual(inClusters({ nodes: [{ consensus }] }), [
        `TN1043 nodes[0].consensus: ${consensus} takes no key made beforehand, so nobody can know a seed of it; given "${consensus}"; allowed prysm, lighthouse, teku`,
      ]);
    }
  });

  it("TN1044: settings of the other kind of network", () => {
    assert.deepEqual(inClusters({ checkpointSyncUrl: "https://beacon.example.org" }), [
      'TN1044 checkpointSyncUrl: a private network starts from its own genesis; given "https://beacon.example.org"; allowed sepolia, hoodi or mainnet as `network`',
    ]);
    assert.deepEqual(
      inClusters({
        network: "mainnet",
        nodes: [{ consensus: "teku", validators: 1 }],
        seeds: { count: 1 },
        chainId: 5,
      }),
      [
        'TN1044 seeds: mainnet is what it is: this is a setting of private networks; given {"count":1}',
        "TN1044 chainId: mainnet is what it is: this is a setting of private networks; given 5",
        "TN1044 nodes[0].validators: validators of mainnet need a deposit that nobody makes here; given 1; allowed 0",
        "TN1044 checkpointSyncUrl: from its genesis mainnet cannot be followed safely: its newest finalized state is needed; allowed the https address of a Beacon API that you trust",
      ],
    );
  });

  it("TN1045: a public service's port where Kubernetes has its own", () => {
    const services = { rpcProxy: { public: true } };
    assert.deepEqual(inClusters({ nodes: [{}], services }, { portsFrom: 29_969 }), []);
    assert.deepEqual(inClusters({ nodes: [{}], services }, { portsFrom: 29_970 }), [
      "TN1045 ports.from: 1 nodes need the ports 29970 to 30000; given 29970; allowed 1024 to 29969",
    ]);
  });

  it("TN1045: ports where Kubernetes has its own", () => {
    assert.deepEqual(inClusters({}, { portsFrom: 29_995 }), [
      "TN1045 ports.from: 3 nodes need the ports 29995 to 30003; given 29995; allowed 1024 to 29991",
    ]);
    assert.deepEqual(inClusters({}, { portsFrom: 29_991 }), []);
  });

  it("a checkpoint that is no https address is no setting at all", () => {
    assert.throws(
      () => ethereumSettings({ checkpointSyncUrl: "http://beacon.example.org" }),
      /checkpointSyncUrl/,
    );
  });

  it("tells all that is wrong at once", () => {
    const problems = inClusters(
      { nodes: [{ clusters: ["use9"], executionVersion: "1", validators: 1 }], seeds: { count: 7 } },
      { ...PLACEMENT, portsFrom: 29_999 },
    );
    assert.deepEqual(
      problems.map((problem) => problem.slice(0, 6)),
      ["TN1030", "TN1007", "TN1008", "TN1043", "TN1045"],
    );
  });
});

describe("refusals of Ethereum networks of this machine", () => {
  it("TN1040: clients that are not built here", () => {
    assert.deepEqual(onThisMachine({ nodes: [{ execution: "reth", consensus: "teku" }] }), [
      'TN1040 nodes[0].execution: reth is not built on this machine; given "reth"; allowed geth',
      'TN1040 nodes[0].consensus: teku is not built on this machine; given "teku"; allowed prysm',
    ]);
  });

  it("TN1040: whatever is about clusters, so that no setting does nothing", () => {
    const settings = {
      network: "sepolia",
      checkpointSyncUrl: "https://beacon.example.org",
      seeds: { count: 1 },
      pinImages: false,
      services: { explorer: {} },
      nodes: [
        {
          validators: 32,
          clusters: ["use1"],
          placement: { use1: 100 },
          nodePool: "daemons",
          images: { execution: "docker.io/ethereum/client-go:v1.17.8" },
          resources: { validator: { cpus: 1 } },
          storageGiB: { consensus: 10 },
        },
      ],
    };
    const problems = onThisMachine(settings).filter((problem) => problem.startsWith("TN1040"));
    const places = problems.map((problem) => /^TN1040 ([^:]+): this is about clusters/.exec(problem)?.[1]);
    assert.deepEqual(places, [
      "network",
      "checkpointSyncUrl",
      "seeds",
      "pinImages",
      "services",
      ...["clusters", "placement", "nodePool", "images", "resources", "storageGiB"].map(
        (key) => `nodes[0].${key}`,
      ),
    ]);
  });

  it("nothing of a network that leaves them out", () => assert.deepEqual(onThisMachine({}), []));
});
