import * as assert from "node:assert/strict";
import { networkReleases } from "../../../components/kubernetes/network/releases";
import { daemonValues } from "../../../components/kubernetes/network/values";
import { ethereumNetwork } from "../../../protocols/ethereum/settings";
import { minaNetwork } from "../../../protocols/mina/settings";
import { planNetwork } from "../../../protocols/network";
import type { ClusterGround, ClusterPlacement, NetworkPlan, NodePoolGround } from "../../../protocols/plan";
import { references } from "../../../protocols/references";
import { context } from "./context";

const POOL: NodePoolGround = {
  ...{ name: "daemons", machine: undefined, peers: true, spot: false, cpus: undefined, memoryGiB: undefined },
  ...{ architecture: "x86_64", features: ["avx", "avx2", "bmi2"] },
};

function ground(name: string): ClusterGround {
  const workers = { ...POOL, name: "workers", peers: false, spot: true };
  return { name, region: name, podCidr: "10.0.0.0/16", nodePools: [POOL, workers] };
}

const PLACEMENT: ClusterPlacement = {
  ...{ target: "kubernetes", network: "net", era: 1, portsFrom: 10_001, domain: "net.example.org" },
  clusters: [ground("use1"), ground("euw4")],
};

const MINA = minaNetwork.parse({
  ...{ protocol: "mina", version: "3.3.1", seeds: { count: 3 }, blockProducers: { count: 4 } },
  snark: [{ name: "fast", workSelection: "seq", feeMina: "0.01", workers: 12 }],
  ...{ archives: { count: 1 }, nodes: { count: 1 } },
});

const PAIRS = [
  ["geth", "prysm"],
  ["reth", "lighthouse"],
  ["besu", "teku"],
  ["nethermind", "nimbus"],
  ["erigon", "lodestar"],
] as const;

const ETHEREUM = ethereumNetwork.parse({
  protocol: "ethereum",
  nodes: PAIRS.map(([execution, consensus]) => ({ name: execution, count: 1, execution, consensus })),
});

/** A public part for every key that the plan's daemons refer to. */
function publicKeys(plan: NetworkPlan): Record<string, string> {
  const texts = plan.daemons.flatMap(({ args, env, files }) => [
    ...args,
    ...Object.values(env),
    ...files.map(({ content }) => content),
  ]);
  const named = texts.flatMap(references).filter((reference) => "name" in reference);
  return Object.fromEntries(named.map(({ kind, name }) => [`${kind} ${name}`, "public"]));
}

describe("plans of the protocols in the chart of daemons", function () {
  this.timeout(30_000);

  for (const settings of [MINA, ETHEREUM]) {
    it(`every daemon of ${settings.protocol} is a container of one pod, with values that the chart takes`, () => {
      const plan = planNetwork(settings, PLACEMENT);
      const releases = ["use1", "euw4"].flatMap((cluster) =>
        networkReleases(plan, cluster, context(plan, publicKeys(plan))),
      );
      for (const { name, values } of releases) {
        assert.deepEqual(daemonValues.safeParse(values).error?.issues, undefined, name);
      }
      const containers = releases.flatMap(({ values }) => values.pods.flatMap((pod) => pod.containers));
      const wanted = [...plan.daemons, ...(plan.clusters?.services ?? [])].map(({ name }) => name);
      assert.deepEqual(containers.map(({ name }) => name).sort(), wanted.sort());
    });
  }
});
