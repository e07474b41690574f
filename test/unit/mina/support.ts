import assert from "node:assert/strict";
import { type Problem, TestnetError } from "../../../errors/problem";
import { planMina } from "../../../protocols/mina/plan";
import { type MinaNetwork, minaNetwork } from "../../../protocols/mina/settings";
import type { ClusterPlacement, Daemon, NetworkPlan, NodePoolGround } from "../../../protocols/plan";
import { refuseUnsound } from "../../../protocols/refusals";

export const DAEMONS: NodePoolGround = {
  name: "daemons",
  machine: "c6a.4xlarge",
  peers: true,
  spot: false,
  cpus: 16,
  memoryGiB: 32,
  architecture: "x86_64",
  features: ["avx", "avx2", "bmi2"],
};

export const SYSTEM: NodePoolGround = {
  ...DAEMONS,
  name: "system",
  machine: "m6a.large",
  peers: false,
  cpus: 2,
  memoryGiB: 8,
};

export const WORKERS: NodePoolGround = {
  ...DAEMONS,
  name: "workers",
  machine: "c6a.8xlarge",
  peers: false,
  spot: true,
  cpus: 32,
  memoryGiB: 64,
};

/** Three clusters of two clouds, each with pods in a private range of another kind. */
export const PLACEMENT: ClusterPlacement = {
  target: "kubernetes",
  network: "qa",
  era: 1,
  portsFrom: 11_000,
  domain: "qa.testnets.example.org",
  clusters: [
    { name: "use1", region: "us-east-1", podCidr: "10.4.0.0/16", nodePools: [SYSTEM, DAEMONS, WORKERS] },
    { name: "usw2", region: "us-west-2", podCidr: "100.64.0.0/16", nodePools: [SYSTEM, DAEMONS] },
    { name: "euw4", region: "europe-west4", podCidr: "172.20.0.0/16", nodePools: [SYSTEM, DAEMONS, WORKERS] },
  ],
};

/** One daemon of every role, two of most. */
export const EVERY_ROLE = {
  version: "4.0.0",
  seeds: { count: 2 },
  blockProducers: { count: 2 },
  snark: [
    { name: "fast", workers: 3 },
    { name: "thrifty", workers: 2 },
  ],
  archives: { count: 1 },
  nodes: { count: 2 },
  itnNodes: { count: 1 },
};

export function settings(overrides: object = {}): MinaNetwork {
  return minaNetwork.parse({ protocol: "mina", version: "3.3.1", ...overrides });
}

/** A plan as every target gets it: sound, or an error. */
export function planOf(overrides: object = {}, placement: Partial<ClusterPlacement> = {}): NetworkPlan {
  return refuseUnsound(planMina(settings(overrides), { ...PLACEMENT, ...placement }));
}

export function daemon(plan: NetworkPlan, name: string): Daemon {
  const found = plan.daemons.find((candidate) => candidate.name === name);
  assert.ok(found, `no daemon ${name} among ${plan.daemons.map((each) => each.name).join(", ")}`);
  return found;
}

/** The daemons that are peers: all but companions and workers. */
export function peersOf(plan: NetworkPlan): Daemon[] {
  return plan.daemons.filter(({ workload }) => workload?.advertises !== "none");
}

/** Values of a flag, in order; a switch has none. */
export function flag({ args }: Daemon, name: string): string[] {
  return args.flatMap((argument, index) => (argument === name ? [args[index + 1] ?? ""] : []));
}

/** What a plan of these settings is refused with. */
export function problemsOf(overrides: object, placement: Partial<ClusterPlacement> = {}): readonly Problem[] {
  try {
    planOf(overrides, placement);
  } catch (error) {
    if (error instanceof TestnetError) return error.problems;
    throw error;
  }
  return assert.fail("the plan was not refused");
}
