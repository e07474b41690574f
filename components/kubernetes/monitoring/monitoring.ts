import type * as pulumi from "@pulumi/pulumi";
import { type Identity, TestnetComponent } from "../../component";
import type { ChartSource, Cluster } from "../../contracts";
import { chartRelease } from "../chart-release";
import { ClusterMonitoring } from "./cluster-monitoring";
import { Grafana } from "./grafana";
import { type Ingest, lokiValues } from "./values";

export interface MonitoringArgs {
  readonly identity: Identity;
  readonly clusters: readonly Cluster[];
  /** Name of the cluster that keeps metrics and logs of all, and shows them. */
  readonly central: string;
  readonly retentionDays: number;
  /** The way to the central cluster for the others. */
  readonly ingest: Ingest | undefined;
  readonly chartSource: ChartSource;
  /** What is pulled for an image that is no chart's. */
  readonly image: (reference: string) => pulumi.Input<string>;
}

/**
 * Prometheus and a log collector in every cluster; Loki, Alertmanager and the one Grafana in the central one.
 *
 * @example new Monitoring("monitoring", { identity, clusters, central: "use1", retentionDays: 30, ingest, chartSource, image });
 */
export class Monitoring extends TestnetComponent {
  /** Name of the secret that holds Grafana's admin password, in the secret manager of the central cluster's cloud. */
  readonly passwordSecret: string;

  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:kubernetes:Monitoring", name, args.identity, opts);
    const { identity, chartSource, retentionDays, image } = args;
    let passwordSecret: string | undefined;
    for (const cluster of args.clusters) {
      const options = { parent: this, providers: providersOf(cluster) };
      const central = cluster.name === args.central;
      const { namespace, settings } = new ClusterMonitoring(
        `${name}-${cluster.name}`,
        { identity, cluster, retentionDays, chartSource, ingest: central ? undefined : args.ingest },
        options,
      );
      if (!central) continue;
      chartRelease(
        `${name}-loki`,
        { chart: "loki", source: chartSource, namespace, values: lokiValues(settings) },
        this.child({ provider: cluster.provider, dependsOn: [...cluster.volumesReady] }),
      );
      const grafana = new Grafana(
        `${name}-grafana`,
        { identity, cluster, namespace, chartSource, image },
        options,
      );
      passwordSecret = grafana.passwordSecret;
    }
    if (passwordSecret === undefined) throw new Error(`monitoring: no cluster is named ${args.central}`);
    this.passwordSecret = passwordSecret;
    this.registerOutputs({ passwordSecret });
  }
}

/** Objects go to the cluster, what they need of the cloud to the cloud. */
function providersOf(cluster: Cluster): pulumi.ProviderResource[] {
  return [cluster.provider, cluster.cloudProvider];
}
