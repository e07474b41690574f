import type { CloudClient } from "../cloud/client";
import type { ClusterReport, OpeningReport, QuotaReport } from "../cloud/protocol";
import { KubeClient, type KubeObject } from "../kube/client";

/** A cluster while everything is up. */
export interface ClusterSnapshot {
  readonly id: string;
  readonly nodes: number;
  readonly nodesReady: number;
  /** Pods that are meant to run on; those of finished jobs are left out. */
  readonly pods: number;
  readonly podsReady: number;
  /** Names of its own, without the system's. */
  readonly namespaces: readonly string[];
}

/** What stands in the simulated clouds while everything is up. */
export interface Snapshot {
  /** Number of resources by cloud, and by `kubernetes`. */
  readonly resources: Readonly<Record<string, number>>;
  readonly clusters: readonly ClusterSnapshot[];
  readonly openings: readonly OpeningReport[];
  /** Quotas of which more is used than a new account has: these must be raised first. */
  readonly quotasToRaise: readonly QuotaReport[];
}

const SYSTEM = new Set(["default", "kube-system", "kube-public", "kube-node-lease"]);

/** @param kubernetesResources how many of the stack's resources are in clusters */
export async function takeSnapshot(clouds: CloudClient, kubernetesResources: number): Promise<Snapshot> {
  const [resources, clusters, openings, quotas] = await Promise.all([
    clouds.ask("resources"),
    clouds.ask("clusters"),
    clouds.ask("openings"),
    clouds.ask("quotas"),
  ]);
  const counts: Record<string, number> = {};
  for (const { cloud } of resources) counts[cloud] = (counts[cloud] ?? 0) + 1;
  if (kubernetesResources > 0) counts["kubernetes"] = kubernetesResources;
  return {
    resources: counts,
    clusters: await Promise.all(clusters.map(clusterSnapshot)),
    openings,
    quotasToRaise: quotas.filter(({ used, defaultLimit }) => used > defaultLimit),
  };
}

async function clusterSnapshot({ id, access }: ClusterReport): Promise<ClusterSnapshot> {
  const client = new KubeClient({ server: access.endpoint, caPem: access.caPem, token: access.token });
  const list = async (what: string) => (await client.get<{ items: KubeObject[] }>(`/api/v1/${what}`)).items;
  try {
    const [nodes, pods, namespaces] = await Promise.all([list("nodes"), list("pods"), list("namespaces")]);
    const running = pods.filter((pod) => (pod["status"] as { phase?: string }).phase !== "Succeeded");
    return {
      id,
      nodes: nodes.length,
      nodesReady: nodes.filter(isReady).length,
      pods: running.length,
      podsReady: running.filter(isReady).length,
      namespaces: namespaces.map(({ metadata }) => metadata.name).filter((name) => !SYSTEM.has(name)),
    };
  } finally {
    client.close();
  }
}

function isReady(object: KubeObject): boolean {
  const status = (object["status"] ?? {}) as { conditions?: { type: string; status: string }[] };
  return status.conditions?.some((one) => one.type === "Ready" && one.status === "True") ?? false;
}
