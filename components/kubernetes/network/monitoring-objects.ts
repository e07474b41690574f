import type { AlertRule } from "../../../protocols/monitoring";
import type { NetworkPlan } from "../../../protocols/plan";
import { type Reference, references, resolve } from "../../../protocols/references";

/** Specs of what watches a network, from its plan. Pure. */

/** Kubernetes' name of our labels on what Prometheus discovers. */
const LABEL = "__meta_kubernetes_pod_label_testnet_";

/** A PodMonitor: how pods of one role, whose metrics have one path, are read. */
export interface PodMonitorPlan {
  /** Unique in the network's namespace. */
  readonly name: string;
  readonly spec: {
    readonly selector: {
      readonly matchLabels: Readonly<Record<string, string>>;
      readonly matchExpressions: readonly {
        readonly key: string;
        readonly operator: "In";
        readonly values: readonly string[];
      }[];
    };
    readonly podMetricsEndpoints: readonly PodMetricsEndpoint[];
  };
}

export interface PodMetricsEndpoint {
  readonly port: "metrics";
  readonly path: string;
  /** Whether labels that the pod gives its series win over those below. */
  readonly honorLabels: boolean;
  readonly relabelings: readonly {
    readonly sourceLabels: readonly string[];
    readonly targetLabel: string;
  }[];
}

/** What serves metrics, and where. */
interface Serving {
  readonly role: string;
  readonly path: string;
  readonly pool: string;
}

/** Role of the chart's pods that run a service of the plan. */
const SERVICE_ROLE = "service";

/** Monitors of one cluster; none for pods that serve no metrics, such as workers. */
export function podMonitors(plan: NetworkPlan, cluster: string): PodMonitorPlan[] {
  const groups = new Map<string, { serving: Serving; pools: Set<string> }>();
  for (const serving of servingOf(plan, cluster)) {
    const key = `${serving.role} ${serving.path}`;
    const group = groups.get(key) ?? { serving, pools: new Set<string>() };
    group.pools.add(serving.pool);
    groups.set(key, group);
  }
  const used = new Map<string, number>();
  return [...groups.values()].map(({ serving: { role, path }, pools }) => {
    const number = (used.get(role) ?? 0) + 1;
    used.set(role, number);
    return {
      name: number === 1 ? role : `${role}-${number}`,
      spec: {
        selector: {
          matchLabels: { "testnet/network": plan.network, "testnet/role": role },
          matchExpressions: [{ key: "testnet/pool", operator: "In", values: [...pools].sort() }],
        },
        podMetricsEndpoints: [endpoint(path, role === SERVICE_ROLE)],
      },
    };
  });
}

/** Daemons by the role of their pod, which is the label that pods have: companions are read with it. */
function servingOf(plan: NetworkPlan, cluster: string): Serving[] {
  const roleOf = new Map(plan.daemons.map(({ name, role }) => [name, role]));
  const daemons = plan.daemons.flatMap(({ role, workload }): Serving[] =>
    workload?.cluster !== cluster || workload.metricsPath === undefined
      ? []
      : [{ role: roleOf.get(workload.pod) ?? role, path: workload.metricsPath, pool: workload.pool }],
  );
  const services = (plan.clusters?.services ?? []).flatMap(
    ({ name, cluster: where, metricsPath }): Serving[] =>
      where !== cluster || metricsPath === undefined
        ? []
        : [{ role: SERVICE_ROLE, path: metricsPath, pool: name }],
  );
  return [...daemons, ...services];
}

/** The exporter of peers speaks for others: `daemon` in its series is theirs. */
function endpoint(path: string, honorLabels: boolean): PodMetricsEndpoint {
  const fromLabel = (name: string) => ({ sourceLabels: [`${LABEL}${name}`], targetLabel: name });
  return {
    port: "metrics",
    path,
    honorLabels,
    relabelings: [
      ...["network", "cluster", "pool", "role"].map(fromLabel),
      // A container has its daemon's name, also where several share a pod.
      { sourceLabels: ["__meta_kubernetes_pod_container_name"], targetLabel: "daemon" },
    ],
  };
}

/** The rules with the moment of genesis in the place of its reference; undefined while that is not known. */
export function resolveRule(rule: AlertRule, genesisTime: number): AlertRule {
  const standsFor = (reference: Reference): string => {
    if (reference.kind === "genesis-time") return String(genesisTime);
    throw new Error(`alert ${rule.alert}: {{${reference.kind}}} has no place in a rule`);
  };
  return { ...rule, expr: resolve(rule.expr, standsFor) };
}

/** Whether a rule can be written before genesis is made. */
export function isSettled({ expr }: AlertRule): boolean {
  return references(expr).length === 0;
}
