import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import type { AlertRule } from "../../../protocols/monitoring";
import type { NetworkPlan } from "../../../protocols/plan";
import { type Identity, TestnetComponent } from "../../component";
import { networkDashboard } from "../monitoring/dashboards";
import { DASHBOARD_LABEL, FOLDER_ANNOTATION } from "../monitoring/network-dashboards";
import { INSIDE } from "../monitoring/values";
import type { ClusterTarget } from "./args";
import { isSettled, podMonitors, resolveRule } from "./monitoring-objects";

export interface NetworkMonitoringArgs {
  readonly identity: Identity;
  readonly plan: NetworkPlan;
  /** One that knows the kinds of the Prometheus operator. */
  readonly cluster: ClusterTarget;
  /** The network's namespace there; undefined where it has no pods. */
  readonly namespace: pulumi.Input<string> | undefined;
  /** Whether it is the cluster that keeps the series of all, and shows them. */
  readonly central: boolean;
  /** Unix seconds of the first slot. */
  readonly genesisTime: pulumi.Input<number>;
}

const OPERATOR = "monitoring.coreos.com/v1";

/** Alerts need no sooner answer than this, and a public chain's many series no more work. */
const RULE_INTERVAL = "30s";

/**
 * How a network is watched in one cluster: its pods are read, and in the central cluster its alerts are asked and its
 * dashboards shown.
 *
 * @example new NetworkMonitoring("alice-use1-monitoring", { identity, plan, cluster, namespace, central: true, genesisTime });
 */
export class NetworkMonitoring extends TestnetComponent {
  constructor(
    name: string,
    private readonly args: NetworkMonitoringArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("testnet:kubernetes:NetworkMonitoring", name, args.identity, opts);
    const { plan, cluster, central, namespace } = args;
    if (namespace !== undefined) {
      for (const monitor of podMonitors(plan, cluster.name)) {
        this.object(`${name}-${monitor.name}`, "PodMonitor", { name: monitor.name, namespace }, monitor.spec);
      }
    }
    if (central) {
      this.rules(`${name}-rules`, plan.clusters?.monitoring.rules ?? []);
      this.dashboards(`${name}-dashboards`);
    }
    this.registerOutputs({});
  }

  private rules(name: string, rules: readonly AlertRule[]): void {
    if (rules.length === 0) return;
    const time = pulumi.output(this.args.genesisTime);
    const resolved = rules.map((rule) =>
      isSettled(rule) ? rule : { ...rule, expr: time.apply((known) => resolveRule(rule, known).expr) },
    );
    const { network } = this.args.plan;
    const place = { name: `network-${network}`, namespace: INSIDE.namespace };
    this.object(name, "PrometheusRule", place, {
      groups: [{ name: network, interval: RULE_INTERVAL, rules: resolved }],
    });
  }

  /** Where Grafana may read: in its own namespace, and nowhere else. */
  private dashboards(name: string): void {
    const { network, clusters } = this.args.plan;
    const plans = clusters?.monitoring.dashboards ?? [];
    if (plans.length === 0) return;
    const files = plans.map(networkDashboard).map((one) => [`${one.uid}.json`, JSON.stringify(one)] as const);
    new ConfigMap(
      name,
      {
        metadata: {
          name: `dashboards-${network}`,
          namespace: INSIDE.namespace,
          labels: { ...this.tags, ...DASHBOARD_LABEL },
          annotations: { [FOLDER_ANNOTATION]: "networks" },
        },
        data: Object.fromEntries(files),
      },
      this.child(),
    );
  }

  private object(
    name: string,
    kind: string,
    place: { readonly name: string; readonly namespace: pulumi.Input<string> },
    spec: object,
  ): void {
    new CustomResource(
      name,
      { apiVersion: OPERATOR, kind, metadata: { ...place, labels: this.tags }, spec },
      this.child(),
    );
  }
}
