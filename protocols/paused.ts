import type { NetworkPlan } from "./plan";

/**
 * The plan of a network at rest: no pod runs, and everything else stays as it is. Alerts rest as well: they would tell of
 * nothing but the pause. Pure.
 */
export function pausedPlan(plan: NetworkPlan): NetworkPlan {
  return {
    ...plan,
    daemons: plan.daemons.map(({ workload, ...daemon }) => ({
      ...daemon,
      ...(workload !== undefined && { workload: { ...workload, replicas: 0 } }),
    })),
    ...(plan.clusters !== undefined && {
      clusters: {
        ...plan.clusters,
        services: plan.clusters.services.map((service) => ({ ...service, replicas: 0 })),
        monitoring: { ...plan.clusters.monitoring, rules: [] },
      },
    }),
  };
}
