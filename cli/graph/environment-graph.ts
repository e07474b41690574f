import type { ClusterEnvironment } from "../../stacks/config/environment";
import type { Edge, Graph, GraphNode } from "./graph";

const ZONE = "zone";
const MONITORING = "monitoring";

/** An environment: its clusters, their machines, and what networks on them share. Pure. */
export function environmentGraph(stack: string, environment: ClusterEnvironment): Graph {
  const { clusters, domain, zone, monitoring, registries } = environment;
  const central = clusters.find(({ name }) => name === monitoring.cluster) ?? clusters[0];
  return {
    title: `${stack}: ${clusters.length === 1 ? "1 cluster" : `${clusters.length} clusters`}`,
    groups: clusters.map(({ name, cloud, region }) => ({
      key: clusterKey(name),
      label: `${name}: ${cloud} ${region}`,
    })),
    nodes: [
      { key: ZONE, label: `${domain}\nDNS zone, ${zone.cloud}`, shape: "service" },
      ...clusters.flatMap(poolsOf),
      ...clusters.map(({ name }) => registryOf(name, registries.images.length)),
      ...(central === undefined ? [] : [monitoringIn(central.name, monitoring.retentionDays)]),
    ],
    edges: clusters.flatMap(({ name, nodePools }) => edgesOf(name, nodePools)),
  };
}

function clusterKey(name: string): string {
  return `cluster ${name}`;
}

function poolKey(cluster: string, pool: string): string {
  return `pool ${cluster} ${pool}`;
}

function registryKey(cluster: string): string {
  return `registry ${cluster}`;
}

type NodePools = ClusterEnvironment["clusters"][number]["nodePools"];

function poolsOf({ name, nodePools }: ClusterEnvironment["clusters"][number]): GraphNode[] {
  return nodePools.map(({ name: pool, machine, min, max, peers, spot }) => {
    const words = [peers ? "peers" : undefined, spot ? "spot" : undefined].filter(
      (word) => word !== undefined,
    );
    return {
      key: poolKey(name, pool),
      label: [pool, `${min} to ${max} × ${machine}`, ...(words.length > 0 ? [words.join(", ")] : [])].join(
        "\n",
      ),
      within: clusterKey(name),
      shape: peers ? "seed" : "plain",
    };
  });
}

function registryOf(cluster: string, images: number): GraphNode {
  return {
    key: registryKey(cluster),
    label: `registry\n${images} images`,
    within: clusterKey(cluster),
    shape: "service",
  };
}

function monitoringIn(cluster: string, days: number): GraphNode {
  const label = `Prometheus, Loki, Grafana\n${days} days`;
  return { key: MONITORING, label, within: clusterKey(cluster), shape: "service" };
}

/** Machines pull from the registry of their region, and tell the one monitoring how they are. */
function edgesOf(cluster: string, pools: NodePools): Edge[] {
  return pools.flatMap(({ name }) => [
    { from: poolKey(cluster, name), to: registryKey(cluster), label: "images" },
    { from: poolKey(cluster, name), to: MONITORING, label: "metrics, logs" },
  ]);
}
