import * as pulumi from "@pulumi/pulumi";
import type { Identity } from "../components/component";
import type { Artifacts, Cluster, DnsZone, Registry } from "../components/contracts";
import type { Monitoring } from "../components/kubernetes/monitoring/monitoring";
import { INSIDE } from "../components/kubernetes/monitoring/values";
import type { ClusterEnvironment } from "./config/environment";
import type { CostOutput } from "./cost/bill";
import { environmentBill } from "./cost/environment-bill";
import { ENVIRONMENT_VERSION, type EnvironmentDocument } from "./environment-document";

/** What stands in an environment. */
export interface Environment {
  readonly identity: Identity;
  readonly clusters: readonly Cluster[];
  readonly registries: readonly Registry[];
  readonly zone: DnsZone;
  readonly internalZones: readonly DnsZone[];
  readonly artifacts: Artifacts;
  readonly monitoring: Monitoring;
}

/** Outputs of an environment stack. */
export interface EnvironmentOutputs {
  readonly environment: pulumi.Output<EnvironmentDocument>;
  /** Kubeconfig of each cluster. Holds no password: `aws` and `gcloud` make the tokens. */
  readonly kubeconfigs: pulumi.Output<Record<string, string>>;
  /** What it is charged for. */
  readonly cost: CostOutput;
}

export function environmentOutputs(
  config: ClusterEnvironment,
  { identity, clusters, registries, zone, internalZones, artifacts, monitoring }: Environment,
): EnvironmentOutputs {
  const document: { readonly [K in keyof EnvironmentDocument]: pulumi.Input<EnvironmentDocument[K]> } = {
    version: ENVIRONMENT_VERSION,
    stack: identity.stack,
    owner: identity.owner,
    expires: identity.expires,
    domain: config.domain,
    zone: zone.id.apply((id) =>
      zone.nameServers.apply((nameServers) => ({
        cloud: config.zone.cloud,
        id,
        ...("project" in config.zone && { project: config.zone.project }),
        nameServers,
        delegation: nameServers.map(
          (server) => `${config.domain}. 3600 IN NS ${server.replace(/\.?$/, ".")}`,
        ),
      })),
    ),
    internalZones: pulumi.all(internalZones.map(({ domain, id }) => ({ domain, id }))),
    clusters: pulumi.all(clusters.map(clusterOutput)),
    registries: pulumi.all(registries.map(({ region, images }) => ({ region, images }))),
    artifacts: pulumi.output({
      cloud: config.zone.cloud,
      bucket: artifacts.bucket,
      joinBucket: artifacts.joinBucket,
      joinUrl: artifacts.joinUrl,
    }),
    monitoring: {
      cluster: config.monitoring.cluster,
      namespace: INSIDE.namespace,
      passwordSecret: monitoring.passwordSecret,
      open: `kubectl --namespace ${INSIDE.namespace} port-forward service/grafana 3000:80`,
    },
  };
  return {
    environment: pulumi.output(document),
    kubeconfigs: pulumi
      .all(clusters.map(({ name, kubeconfig }) => kubeconfig.apply((text) => [name, text] as const)))
      .apply((entries) => Object.fromEntries(entries)),
    cost: {
      version: 1,
      environment: identity.stack,
      owner: identity.owner,
      lines: environmentBill(config),
    },
  };
}

function clusterOutput(cluster: Environment["clusters"][number]) {
  return pulumi.output({
    name: cluster.name,
    cloud: cluster.cloud,
    region: cluster.region,
    clusterName: cluster.clusterName,
    endpoint: cluster.endpoint,
    podCidr: cluster.podCidr,
    storageClass: cluster.storageClass,
    nodePools: cluster.nodePools.map(({ name, machine, peers, spot, labels }) => ({
      name,
      machine,
      peers,
      spot,
      labels: { ...labels },
    })),
    network: cluster.network,
    facts: cluster.services.facts,
  });
}
