import assert from "node:assert/strict";
import { formatProblems } from "../../../errors/problem";
import { planMina } from "../../../protocols/mina/plan";
import type { ClusterPlacement } from "../../../protocols/plan";
import { portsNeeded } from "../../../protocols/network";
import { LOCAL_PLACEMENT } from "../../support/local-placement";
import { DAEMONS, PLACEMENT, problemsOf, settings, SYSTEM } from "./support";

/** Each refusal with the exact words a person reads: settings, placement where it matters, words. */
const REFUSALS: readonly (readonly [string, object, Partial<ClusterPlacement>, string])[] = [
  [
    "a version without a flag table",
    { version: "9.9.9" },
    {},
    `TN1008 testnet:network.version: no flags are known for this version of Mina
    given:   "9.9.9"
    allowed: 4.0.0, 3.3.1
    to do:   Name the version that your build comes from, and the build itself by \`images\`.
    more:    docs/errors.md#tn1008`,
  ],
  [
    "a cluster that the environment does not have",
    { nodes: { count: 1, clusters: ["apn1"] } },
    {},
    `TN1030 testnet:network.nodes.clusters[0]: the environment has no cluster of this name
    given:   "apn1"
    allowed: use1, usw2, euw4
    to do:   Name one of the clusters allowed, or add it to the environment and bring that up: \`testnet up <environment>\`.
    more:    docs/errors.md#tn1030`,
  ],
  [
    "a SNARK pool in a cluster that the environment does not have",
    { snark: [{ name: "fast", clusters: ["apn1"] }] },
    {},
    `TN1030 testnet:network.snark[0].clusters[0]: the environment has no cluster of this name
    given:   "apn1"
    allowed: use1, usw2, euw4
    to do:   Name one of the clusters allowed, or add it to the environment and bring that up: \`testnet up <environment>\`.
    more:    docs/errors.md#tn1030`,
  ],
  [
    "percentages that do not make a whole",
    { nodes: { count: 1, placement: { use1: 60, usw2: 30 } } },
    {},
    `TN1007 testnet:network.nodes.placement: the percentages make 90 together
    given:   {"use1":60,"usw2":30}
    allowed: percentages that make 100
    to do:   Change one of the keys named.
    more:    docs/errors.md#tn1007`,
  ],
  [
    "clusters named in two ways",
    { nodes: { count: 1, clusters: ["use1"], placement: { use1: 100 } } },
    {},
    `TN1007 testnet:network.nodes.placement: \`clusters\` and \`placement\` both say where the daemons run
    allowed: one of the two
    to do:   Remove one of them.
    more:    docs/errors.md#tn1007`,
  ],
  [
    "two SNARK pools of one name",
    { snark: [{ name: "fast" }, { name: "fast" }] },
    {},
    `TN1021 testnet:network.snark[1].name: this name is used twice
    given:   "fast"
    to do:   Rename one of them.
    more:    docs/errors.md#tn1021`,
  ],
  [
    "two classes of accounts of one name",
    {
      genesis: {
        accounts: [
          { name: "whale", balanceMina: "1" },
          { name: "whale", balanceMina: "2" },
        ],
      },
    },
    {},
    `TN1021 testnet:network.genesis.accounts[1].name: this name is used twice
    given:   "whale"
    to do:   Rename one of them.
    more:    docs/errors.md#tn1021`,
  ],
  [
    "more memory than the limit",
    { nodes: { count: 1, resources: { memoryGiB: 16, memoryLimitGiB: 8 } } },
    {},
    `TN1007 testnet:network.nodes.resources.memoryLimitGiB: more memory is promised (16 GiB) than allowed (8 GiB)
    given:   8
    allowed: at least 16
    to do:   Change one of the keys named.
    more:    docs/errors.md#tn1007`,
  ],
  [
    "a limit of memory alone",
    { snark: [{ name: "fast", workerPods: { resources: { memoryLimitGiB: 8 } } }] },
    {},
    `TN1007 testnet:network.snark[0].workerPods.resources.memoryGiB: a limit of memory needs the memory that is promised beside it
    allowed: at most 8
    to do:   Change one of the keys named.
    more:    docs/errors.md#tn1007`,
  ],
  [
    "a trust list without the pods of a cluster",
    { clientTrustList: ["10.0.0.0/8", "100.64.0.0/10"] },
    {},
    `TN1031 testnet:network.clientTrustList: the trust list does not hold the pods of cluster euw4
    given:   ["10.0.0.0/8","100.64.0.0/10"]
    allowed: a list that holds 172.20.0.0/16
    to do:   Add the range of pods named, or leave \`clientTrustList\` out: it is then that of each cluster.
    more:    docs/errors.md#tn1031`,
  ],
  [
    "an epoch without three equal parts",
    { genesis: { slotsPerEpoch: 7141 } },
    {},
    `TN1007 testnet:network.genesis.slotsPerEpoch: an epoch has three parts of equal length
    given:   7141
    allowed: a multiple of 3
    to do:   Change one of the keys named.
    more:    docs/errors.md#tn1007`,
  ],
  [
    "a grace period that is too long",
    { genesis: { slotsPerEpoch: 48, gracePeriodSlots: 16 } },
    {},
    `TN1007 testnet:network.genesis.gracePeriodSlots: the grace period must end within the first third of an epoch
    given:   16
    allowed: less than 16
    to do:   Change one of the keys named.
    more:    docs/errors.md#tn1007`,
  ],
  [
    "stake for producers that are not there",
    { blockProducers: { count: 2 }, genesis: { stakedProducers: 3 } },
    {},
    `TN1007 testnet:network.genesis.stakedProducers: more producers own stake than there are
    given:   3
    allowed: at most 2, the count of \`blockProducers\`
    to do:   Change one of the keys named.
    more:    docs/errors.md#tn1007`,
  ],
  [
    "a work selection that the version does not know",
    { version: "4.0.0", snark: [{ name: "fast", workSelection: "roffset" }] },
    {},
    `TN1035 testnet:network.snark[0].workSelection: Mina 4.0.0 does not know this work selection
    given:   "roffset"
    allowed: seq, rand
    to do:   Use what is allowed, or another version.
    more:    docs/errors.md#tn1035`,
  ],
  [
    "ITN nodes with an image that has no ITN",
    { itnNodes: { count: 1 } },
    {},
    `TN1035 testnet:network.itnNodes.image: the usual images of Mina 3.3.1 have no ITN GraphQL server
    allowed: an image built with it
    to do:   Name such an image, or set \`itnNodes.count\` to 0.
    more:    docs/errors.md#tn1035`,
  ],
  [
    "ports that Kubernetes uses itself",
    { blockProducers: { count: 10 } },
    { portsFrom: 29_990 },
    `TN1010 testnet:network.ports.from: the network needs ports up to 30045, and Kubernetes uses those above 29999 itself
    given:   29990
    allowed: at most 29944
    to do:   Let the ports begin lower, or make the largest group smaller.
    more:    docs/errors.md#tn1010`,
  ],
  [
    "a seed's name that is too long for the DNS",
    {},
    { domain: `${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(60)}.${"d".repeat(60)}.example.org` },
    `TN1012 testnet:network: the name of a seed would have 262 characters
    given:   "seed-1.${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(60)}.${"d".repeat(9)}…
    allowed: at most 253
    to do:   Use lower-case letters, digits and single hyphens, starting with a letter, and a shorter name.
    more:    docs/errors.md#tn1012`,
  ],
  [
    "an extra argument that is rendered already",
    { seeds: { extraArgs: ["--external-port=10001"] } },
    {},
    `TN1009 testnet:network.seeds.extraArgs[0]: --external-port is rendered already, from the settings of the network
    given:   "--external-port=10001"
    allowed: flags that are not rendered; see \`testnet plan\`
    to do:   Remove the argument, or set the option that renders it.
    more:    docs/errors.md#tn1009`,
  ],
  [
    "an extra argument that the version does not know",
    { snark: [{ name: "fast", coordinator: { extraArgs: ["--stop-time-interval=3"] } }] },
    {},
    `TN1009 testnet:network.snark[0].coordinator.extraArgs[0]: mina daemon 3.3.1 has no flag --stop-time-interval
    given:   "--stop-time-interval=3"
    allowed: a flag of \`mina daemon --help\`
    to do:   Correct the flag or remove it.
    more:    docs/errors.md#tn1009`,
  ],
  [
    "a password on a command line",
    { blockProducers: { extraArgs: ["--block-producer-password=x"] } },
    {},
    `TN1009 testnet:network.blockProducers.extraArgs[0]: mina daemon 3.3.1 has no flag --block-producer-password
    given:   "--block-producer-password=x"
    allowed: a flag of \`mina daemon --help\`
    to do:   Correct the flag or remove it.
    more:    docs/errors.md#tn1009`,
  ],
  [
    "an extra argument of workers that is one of daemons",
    { snark: [{ name: "fast", workerPods: { extraArgs: ["--metrics-port=10000"] } }] },
    {},
    `TN1009 testnet:network.snark[0].workerPods.extraArgs[0]: mina internal snark-worker 3.3.1 has no flag --metrics-port
    given:   "--metrics-port=10000"
    allowed: a flag of \`mina internal snark-worker --help\`
    to do:   Correct the flag or remove it.
    more:    docs/errors.md#tn1009`,
  ],
  [
    "an extra argument that stands twice",
    { nodes: { count: 1, extraArgs: ["--min-connections=5", "--min-connections=6"] } },
    {},
    `TN1009 testnet:network.nodes.extraArgs[1]: --min-connections stands twice
    given:   "--min-connections=6"
    allowed: each flag once
    to do:   Remove one of them.
    more:    docs/errors.md#tn1009`,
  ],
  [
    "no machines that peers reach",
    {},
    { clusters: [{ ...PLACEMENT.clusters[0]!, nodePools: [SYSTEM] }] },
    `TN1033 testnet:network.seeds: cluster use1 has no node pool for seed-1
    given:   {"peers":true,"spot":false}
    allowed: system (peers: false, spot: false)
    to do:   Add such a pool to the cluster in the environment, or place the pods elsewhere.
    more:    docs/errors.md#tn1033`,
  ],
  [
    "workers on machines that may be taken away, where there are none",
    { snark: [{ name: "fast", clusters: ["usw2"], spot: true }] },
    {},
    `TN1033 testnet:network.snark[0]: cluster usw2 has no node pool for fast-worker
    given:   {"spot":true}
    allowed: system (peers: false, spot: false); daemons (peers: true, spot: false)
    to do:   Add such a pool to the cluster in the environment, or place the pods elsewhere.
    more:    docs/errors.md#tn1033`,
  ],
  [
    "machines that are too small",
    { blockProducers: { resources: { cpus: 15, memoryGiB: 12 } }, seeds: { clusters: ["usw2"] } },
    {},
    `TN1032 testnet:network.blockProducers: no machine of cluster use1 is large enough for block-producer-1
    given:   "15 cores, 12 GiB"
    allowed: daemons: 13.6 cores, 27.2 GiB
    to do:   Ask for less in \`resources\`, or give the environment a pool of larger machines.
    more:    docs/errors.md#tn1032`,
  ],
  [
    "machines without what proofs need",
    { blockProducers: { clusters: ["use1"] }, snark: [] },
    { clusters: [{ ...PLACEMENT.clusters[0]!, nodePools: [{ ...DAEMONS, features: ["avx"] }] }] },
    `TN1032 testnet:network.seeds: seed-1 may come to machines of the pool daemons in cluster use1, which lack bmi2
    given:   "c6a.4xlarge"
    allowed: machines with x86_64, avx, bmi2
    to do:   Name a \`nodePool\` of other machines, or give the pool another \`machine\`.
    more:    docs/errors.md#tn1032`,
  ],
];

describe("what the plan of a Mina network refuses", () => {
  for (const [what, overrides, placement, words] of REFUSALS) {
    it(`${what}, in these words`, () => {
      const [first] = problemsOf(overrides, placement);
      assert.ok(first);
      assert.equal(formatProblems([first]), words);
    });
  }

  it("tells all problems at once", () => {
    const problems = problemsOf({
      version: "9.9.9",
      nodes: { count: 1, clusters: ["apn1"] },
      snark: [{ name: "fast" }, { name: "fast" }],
      clientTrustList: ["192.168.0.0/16"],
      genesis: { slotsPerEpoch: 7141 },
    });
    assert.deepEqual(
      problems.map(({ code }) => code),
      ["TN1008", "TN1030", "TN1021", "TN1031", "TN1031", "TN1031", "TN1007"],
    );
  });

  it("tells what is wrong with a group once, however many daemons it has", () => {
    const problems = problemsOf({
      nodes: { count: 50, extraArgs: ["--nonsense"], resources: { cpus: 200 } },
    });
    assert.deepEqual(
      problems.map(({ code }) => code),
      ["TN1009", "TN1032", "TN1032", "TN1032"],
    );
  });

  it("runs in clusters only", () => {
    const words = `TN1034 testnet:environment: Mina does not run as processes of this machine
    given:   "local"
    allowed: an environment of clusters
    to do:   Name an environment of clusters, or a cluster of your own: \`environment: { kubeconfig: …, context: … }\`.
    more:    docs/errors.md#tn1034`;
    assert.throws(() => planMina(settings(), LOCAL_PLACEMENT), { name: "TestnetError", message: words });
    assert.throws(() => portsNeeded(settings()), { name: "TestnetError", message: words });
  });
});
