import type { Identity } from "../components/component";
import type { Cluster, DnsZone, Registry } from "../components/contracts";
import { Monitoring } from "../components/kubernetes/monitoring/monitoring";
import { clusterAddresses } from "./cluster-addresses";
import { CATALOG } from "./catalog/catalog";
import type { ClusterConfig, ClusterEnvironment } from "./config/environment";
import { type EnvironmentOutputs, environmentOutputs } from "./environment-outputs";
import type { ImageOf } from "./images";
import { Regions } from "./regions";

/** Days the clouds keep the logs of control planes. */
const CONTROL_PLANE_LOG_DAYS = 30;

/** An environment stack: clusters and what networks on them share. */
export function buildEnvironment(
  config: ClusterEnvironment,
  stack: string,
  regions = new Regions(),
  image: ImageOf = (reference) => reference,
): EnvironmentOutputs {
  const identity = identityOf(config, stack);
  const clusters = makeClusters(config, identity, regions);
  openPeerPorts(config, identity, clusters);
  return environmentOutputs(config, {
    identity,
    clusters,
    registries: makeRegistries(config, identity, regions, clusters),
    zone: regions.home(config).publicZone("zone", { identity, domain: config.domain }),
    internalZones: makeInternalZones(config, identity, regions, clusters),
    artifacts: regions.home(config).artifacts("artifacts", { identity, uniqueBy: config.domain }),
    monitoring: new Monitoring("monitoring", {
      identity,
      clusters,
      central: config.monitoring.cluster,
      retentionDays: config.monitoring.retentionDays,
      ingest: config.monitoring.ingest,
      chartSource: config.chartSource,
      image,
    }),
  });
}

function identityOf({ owner, expires, protect }: ClusterEnvironment, stack: string): Identity {
  return { stack, owner, expires, protect: protect ?? expires === "never" };
}

function makeClusters(config: ClusterEnvironment, identity: Identity, regions: Regions): Cluster[] {
  const addressesOf = clusterAddresses(config);
  return config.clusters.map((cluster) => {
    return regions.of(cluster).cluster(cluster.name, {
      identity,
      version: config.kubernetes,
      ...zonesOf(cluster),
      addresses: addressesOf(cluster.name),
      nodePools: nodePoolsOf(cluster),
      apiAccess: config.apiAccess,
      administrators: "administrators" in cluster ? cluster.administrators : [],
      logRetentionDays: CONTROL_PLANE_LOG_DAYS,
      chartSource: config.chartSource,
    });
  });
}

function zonesOf({ cloud, region, zones }: ClusterConfig) {
  const facts = CATALOG[cloud].regions[region];
  const named = zones ?? facts?.zones;
  return { zones: named, zoneCount: named?.length ?? facts?.zoneCount ?? 2 };
}

function nodePoolsOf({ cloud, nodePools }: ClusterConfig) {
  return nodePools.map((pool) => ({
    ...pool,
    architecture: CATALOG[cloud].machines[pool.machine]?.architecture ?? ("x86_64" as const),
  }));
}

/** Ports every network of the environment may use. Networks can open others of their own. */
function openPeerPorts({ peerPorts }: ClusterEnvironment, identity: Identity, clusters: readonly Cluster[]) {
  if (peerPorts === undefined) return;
  for (const cluster of clusters) {
    cluster.services.openPeerPorts(
      `${cluster.name}-peer-ports`,
      { identity, ...peerPorts },
      { providers: [cluster.cloudProvider] },
    );
  }
}

/** One registry for each region, however many clusters it has. */
function makeRegistries(
  { registries }: ClusterEnvironment,
  identity: Identity,
  regions: Regions,
  clusters: readonly Cluster[],
): Registry[] {
  return regions.all().map(({ name, region, clusterNames }) =>
    region.registry(`registry-${name}`, {
      identity,
      ...registries,
      readers: clusters.filter((each) => clusterNames.includes(each.name)).map((each) => each.nodeIdentity),
    }),
  );
}

/** Internal names, once for each cloud: a private zone is seen by networks of its own cloud only. */
function makeInternalZones(
  { domain }: ClusterEnvironment,
  identity: Identity,
  regions: Regions,
  clusters: readonly Cluster[],
): DnsZone[] {
  return regions.onePerAccount().map(({ name, region, clusterNames }) =>
    region.privateZone(`internal-${name}`, {
      identity,
      domain: `internal.${domain}`,
      networks: clusters.filter((each) => clusterNames.includes(each.name)).map((each) => each.network),
    }),
  );
}
