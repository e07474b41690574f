import { Namespace } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import type * as pulumi from "@pulumi/pulumi";
import { type Identity, TestnetComponent } from "../../component";
import type { ChartSource, Cluster } from "../../contracts";
import { chartRelease } from "../chart-release";
import { collectorValues } from "./collector";
import { type Ingest, INSIDE, type MonitoringSettings, prometheusValues } from "./values";

export interface ClusterMonitoringArgs {
  readonly identity: Identity;
  readonly cluster: Cluster;
  readonly retentionDays: number;
  /** Where to send metrics and logs; undefined on the cluster that keeps them. */
  readonly ingest: Ingest | undefined;
  readonly chartSource: ChartSource;
}

/** What every cluster has: a namespace that only its own pods reach into, Prometheus with our alerts, the log collector. */
export class ClusterMonitoring extends TestnetComponent {
  readonly namespace: pulumi.Output<string>;
  readonly settings: MonitoringSettings;

  constructor(name: string, args: ClusterMonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:kubernetes:ClusterMonitoring", name, args.identity, opts);
    const { cluster, retentionDays, ingest, chartSource } = args;
    const namespace = new Namespace(
      name,
      {
        metadata: {
          name: INSIDE.namespace,
          // The node exporter looks at the machine itself.
          labels: { ...this.tags, "pod-security.kubernetes.io/enforce": "privileged" },
        },
      },
      this.child(),
    );
    this.namespace = namespace.metadata.name;
    this.settings = { cluster: cluster.name, storageClass: cluster.storageClass, retentionDays, ingest };
    new NetworkPolicy(
      `${name}-inside`,
      {
        metadata: { name: "only-from-inside", namespace: this.namespace, labels: this.tags },
        spec: { podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from: [{ podSelector: {} }] }] },
      },
      this.child(),
    );
    chartRelease(
      `${name}-prometheus`,
      {
        chart: "kube-prometheus-stack",
        source: chartSource,
        namespace: this.namespace,
        values: prometheusValues(this.settings),
      },
      this.child({ dependsOn: [...cluster.volumesReady] }),
    );
    chartRelease(
      `${name}-collector`,
      {
        chart: "alloy",
        source: chartSource,
        namespace: this.namespace,
        values: collectorValues(this.settings),
      },
      this.child({ dependsOn: [...cluster.nodesReady] }),
    );
    this.registerOutputs({});
  }
}
