import assert from "node:assert/strict";
import type { V1Pod } from "@kubernetes/client-node";
import { judgeClusters } from "../../../cli/clusters/judge";
import { type MinaLook, minaStateOf } from "../../../cli/clusters/mina-answers";
import { judgeMina } from "../../../cli/clusters/mina-watch";
import { type ClusterReading, podReading, type PodReading } from "../../../cli/clusters/reading";
import { clusterStatus, unusedVolumes } from "../../../cli/clusters/status";
import { clusterStatusText } from "../../../cli/clusters/status-text";
import { unasked, whyNotAsked } from "../../../cli/clusters/chain";
import { readNetworkTold } from "../../../cli/clusters/outputs";
import { pausedPlan } from "../../../protocols/paused";
import type { NetworkPlan } from "../../../protocols/plan";
import { minaLike } from "../daemon-chart/plans";

const PLAN: NetworkPlan = minaLike();
const CLUSTER = PLAN.daemons[0]!.workload!.cluster;

const TOLD = readNetworkTold(
  {
    ...{ version: 1, protocol: "mina", network: PLAN.network, era: PLAN.era, genesisTime: 1_800_000_000 },
    seeds: [{ name: "seed-1", cluster: CLUSTER, host: "seed-1.x.org", address: "203.0.113.9", ports: [] }],
    publicServices: [
      {
        ...{ name: "proxy", cluster: CLUSTER, host: "rpc.x.org", address: "203.0.113.10", ports: [] },
        ...{ title: "JSON-RPC", url: "http://rpc.x.org:10030/" },
      },
    ],
  },
  PLAN.network,
);

function pod(daemon: string, more: Partial<PodReading> = {}): PodReading {
  return {
    ...{ name: `${daemon}-0`, cluster: CLUSTER, daemon, phase: "Running", ready: true, restarts: 0 },
    ...{ leaving: false, node: "n1", address: "198.51.100.1", simulated: false, images: {} },
    ...{ problem: undefined, since: undefined },
    ...more,
  };
}

/** Every pod of the plan, ready. */
function allPods(): PodReading[] {
  const daemons = PLAN.daemons.flatMap(({ name, workload }) =>
    workload?.pod !== name
      ? []
      : Array.from({ length: workload.replicas }, (_, copy) => pod(name, { name: `${name}-${copy}` })),
  );
  const services = PLAN.clusters!.services.flatMap(({ name, replicas }) =>
    Array.from({ length: replicas }, (_, copy) => pod(name, { name: `${name}-${copy}` })),
  );
  return [...daemons, ...services];
}

function reading(more: Partial<ClusterReading> = {}): ClusterReading {
  return { cluster: CLUSTER, problem: undefined, pods: allPods(), services: [], volumes: [], ...more };
}

const states = (readings: readonly ClusterReading[], plan = PLAN) =>
  Object.fromEntries(judgeClusters(plan, TOLD, readings).map(({ name, state }) => [name, state]));

describe("what the API servers tell of a network is judged", () => {
  it("is well when every pod of the plan is ready", () => {
    assert.deepEqual(states([reading()]), { clusters: "ok", pods: "ok", "reserved-addresses": "ok" });
  });

  it("fails for a pod that is not ready, and for one too few or too many, by name", () => {
    const [first, ...others] = allPods();
    for (const pods of [
      [{ ...first!, ready: false, problem: "mina: CrashLoopBackOff, exit code 1" }, ...others],
      others,
      [first!, { ...first!, name: "twin" }, ...others],
    ]) {
      const check = judgeClusters(PLAN, TOLD, [reading({ pods })]).find(({ name }) => name === "pods")!;
      assert.equal(check.state, "failed");
      assert.deepEqual(check.daemons, [first!.daemon]);
    }
  });

  it("does not count a pod that is on its way out", () => {
    const leaving = { ...allPods()[0]!, name: "old", leaving: true, ready: false };
    assert.equal(states([reading({ pods: [...allPods(), leaving] })])["pods"], "ok");
  });

  it("expects no pod of a paused network, and keeps names, ports and seeds of its plan", () => {
    const paused = pausedPlan(PLAN);
    assert.equal(states([reading({ pods: [] })], paused)["pods"], "ok");
    assert.equal(states([reading()], paused)["pods"], "failed");
    assert.deepEqual(paused.clusters?.seeds, PLAN.clusters?.seeds);
    assert.deepEqual(
      paused.daemons.map(({ name, ports }) => [name, ports]),
      PLAN.daemons.map(({ name, ports }) => [name, ports]),
    );
    assert.deepEqual(paused.clusters?.monitoring.rules, []);
  });

  it("fails for a cluster that does not answer, and for a Service with another address than the reserved one", () => {
    assert.equal(states([reading({ problem: "no answer within 20 s", pods: [] })])["clusters"], "failed");
    const judged = (name: string, addresses: string[]) =>
      states([reading({ services: [{ name: `${name}-address`, type: "LoadBalancer", addresses }] })])[
        "reserved-addresses"
      ];
    assert.equal(judged("seed-1", ["203.0.113.9"]), "ok");
    assert.equal(judged("seed-1", ["203.0.113.8"]), "failed");
    assert.equal(judged("seed-1", []), "failed");
    assert.equal(judged("proxy", ["203.0.113.10"]), "ok");
    assert.equal(judged("proxy", ["203.0.113.9"]), "failed");
  });

  it("never counts what nobody was asked about as passed", () => {
    assert.equal(whyNotAsked([pod("seed-1", { simulated: true })], false), "the machines are simulated");
    assert.equal(whyNotAsked([pod("seed-1", { simulated: true }), pod("seed-2")], false), undefined);
    assert.equal(whyNotAsked([pod("seed-1")], true), "the network is paused");
    assert.ok(
      unasked("why").every(({ state, detail }) => state === "not asked" && detail === "not asked: why"),
    );
  });

  it("tells from a pod's status why it is not ready, and whether its machine is simulated", () => {
    const machine = { status: { nodeInfo: { containerRuntimeVersion: "kwok" } } } as never;
    const status: unknown = {
      metadata: { name: "p", labels: { "testnet/daemon": "seed-1" } },
      spec: { nodeName: "n", containers: [] },
      status: {
        containerStatuses: [
          {
            ...{ name: "mina", image: "", imageID: "", ready: false, restartCount: 3 },
            state: { waiting: { reason: "CrashLoopBackOff" } },
            lastState: { terminated: { exitCode: 14 } },
          },
        ],
      },
    };
    const seen = podReading("one", status as V1Pod, new Map([["n", machine]]));
    assert.deepEqual(
      [seen.problem, seen.restarts, seen.simulated, seen.daemon],
      ["mina: CrashLoopBackOff, exit code 14", 3, true, "seed-1"],
    );
  });
});

describe("volumes that no daemon uses", () => {
  const volume = (name: string, era: number) => ({
    ...{ name, era, cluster: CLUSTER, daemon: name.replace(/^data-e\d+-/, "") },
    ...{ size: "64Gi", phase: "Bound", volume: undefined },
  });
  const daemon = PLAN.daemons[0]!.name;

  it("are those of other eras and of daemons that are no more; what does not bear our name never is", () => {
    const volumes = [
      volume(`data-e${PLAN.era}-${daemon}`, PLAN.era),
      volume(`data-e${PLAN.era + 1}-${daemon}`, PLAN.era + 1),
      volume(`data-e${PLAN.era}-gone-7`, PLAN.era),
      volume("data-e0-none", 0),
      volume("somebody-elses", PLAN.era),
    ];
    assert.deepEqual(
      unusedVolumes({ plan: PLAN }, [reading({ volumes })]).map(({ name }) => name),
      [`data-e${PLAN.era + 1}-${daemon}`, `data-e${PLAN.era}-gone-7`],
    );
  });

  it("are told by status, with the command that removes them", () => {
    const volumes = [volume(`data-e${PLAN.era + 1}-${daemon}`, PLAN.era + 1)];
    const status = clusterStatus({ plan: PLAN, told: TOLD }, [reading({ volumes })], {
      heads: [],
      why: "why",
    });
    assert.equal(status.ok, true);
    const text = clusterStatusText(status);
    assert.match(text, new RegExp(`testnet reset ${PLAN.network} --old-volumes`));
    assert.match(text, /Heads: not asked, why\./);
    assert.match(text, /203\.0\.113\.9/);
    assert.match(text, /JSON-RPC +http:\/\/rpc\.x\.org:10030\/ +203\.0\.113\.10/);
  });
});

describe("a Mina chain is judged by what its daemons answer", () => {
  const look = (daemon: string, hashes: readonly string[], from: number, more: object = {}): MinaLook => ({
    daemon,
    state: {
      ok: true,
      value: {
        sync: "SYNCED",
        blocks: hashes.map((hash, index) => ({ hash, height: from + index })),
        peers: [{ id: "p", host: "h", port: 1 }],
        ...more,
      },
    },
  });
  const first = new Map([
    ["a", 1],
    ["b", 1],
  ]);
  const judged = (looks: readonly MinaLook[]) =>
    Object.fromEntries(judgeMina(looks, first, [], 0, 10).map(({ name, state }) => [name, state]));

  it("holds where heads advance on one chain, a short fork included", () => {
    assert.deepEqual(judged([look("a", ["x", "y", "z"], 2), look("b", ["x", "y", "w"], 2)]), {
      "heads-advance": "ok",
      "heads-agree": "ok",
      peers: "ok",
    });
  });

  it("fails where two chains share no recent block", () => {
    assert.equal(judged([look("a", ["x", "y"], 2), look("b", ["v", "w"], 2)])["heads-agree"], "failed");
  });

  it("fails where one stands still, is not in step, is alone or silent", () => {
    assert.equal(judged([look("a", ["x"], 1), look("b", ["x", "y"], 1)])["heads-advance"], "failed");
    assert.equal(
      judged([look("a", ["x", "y"], 2, { sync: "CATCHUP" }), look("b", ["x", "y"], 2)])["heads-advance"],
      "failed",
    );
    assert.equal(judged([look("a", ["x"], 2, { peers: [] }), look("b", ["x"], 2)])["peers"], "failed");
    const silent: MinaLook = { daemon: "b", state: { ok: false, reason: "connection refused" } };
    const verdict = judged([look("a", ["x"], 2), silent]);
    assert.deepEqual(
      [verdict["heads-advance"], verdict["heads-agree"], verdict["peers"]],
      ["failed", "failed", "failed"],
    );
  });

  it("reads the daemon's answer, one without a chain and one that is an error", () => {
    const answer = (bestChain: unknown) =>
      JSON.stringify({
        data: {
          daemonStatus: {
            syncStatus: "SYNCED",
            peers: [{ peerId: "12D3", host: "10.0.0.1", libp2pPort: 8302 }],
          },
          bestChain,
        },
      });
    const block = { stateHash: "3NK", protocolState: { consensusState: { blockHeight: "7" } } };
    assert.deepEqual(minaStateOf(answer([block])), {
      ok: true,
      value: {
        sync: "SYNCED",
        blocks: [{ height: 7, hash: "3NK" }],
        peers: [{ id: "12D3", host: "10.0.0.1", port: 8302 }],
      },
    });
    const young = minaStateOf(answer(null));
    assert.ok(young.ok && young.value.blocks.length === 0);
    assert.deepEqual(minaStateOf('{"errors":[{"message":"no such field"}]}'), {
      ok: false,
      reason: "no such field",
    });
    assert.equal(minaStateOf("<html>").ok, false);
  });
});
