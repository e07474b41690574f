import type { CloudClient } from "../cloud/client";
import type { ClusterReport, EntranceReport, OpeningReport, QuotaReport } from "../cloud/protocol";
import { KubeClient, type KubeObject } from "../kube/client";

/** A namespace of a program's own. */
export interface NamespaceSnapshot {
  readonly name: string;
  /** Pods that are meant to run on; those of finished jobs are left out. */
  readonly pods: number;
  readonly podsReady: number;
  /** What these pods run, each once: as it was asked for. */
  readonly images: readonly string[];
}

/** A cluster while everything is up. */
export interface ClusterSnapshot {
  readonly id: string;
  readonly nodes: number;
  readonly nodesReady: number;
  /** Of all namespaces. */
  readonly pods: number;
  readonly podsReady: number;
  /** Without the system's. */
  readonly namespaces: readonly NamespaceSnapshot[];
}

type EntranceOf<K extends EntranceReport["kind"]> = Omit<Extract<EntranceReport, { kind: K }>, "kind">;

/** What stands in the simulated clouds while everything is up. */
export interface Snapshot {
  /** Number of resources by cloud, and by `kubernetes`. */
  readonly resources: Readonly<Record<string, number>>;
  readonly clusters: readonly ClusterSnapshot[];
  readonly openings: readonly OpeningReport[];
  /** Those that are resources, and those that clusters make of their Services. */
  readonly loadBalancers: readonly EntranceOf<"loadBalancer">[];
  /** Reserved addresses. */
  readonly addresses: readonly EntranceOf<"address">[];
  readonly records: readonly EntranceOf<"record">[];
  /** Quotas of which more is used than a new account has: these must be raised first. */
  readonly quotasToRaise: readonly QuotaReport[];
}

const SYSTEM = new Set(["default", "kube-system", "kube-public", "kube-node-lease"]);

/** @param kubernetesResources how many of the stacks' resources are in clusters */
export async function takeSnapshot(clouds: CloudClient, kubernetesResources: number): Promise<Snapshot> {
  const [resources, clusters, openings, entrances, quotas] = await Promise.all([
    clouds.ask("resources"),
    clouds.ask("clusters"),
    clouds.ask("openings"),
    clouds.ask("entrances"),
    clouds.ask("quotas"),
  ]);
  const counts: Record<string, number> = {};
  for (const { cloud } of resources) counts[cloud] = (counts[cloud] ?? 0) + 1;
  if (kubernetesResources > 0) counts["kubernetes"] = kubernetesResources;
  const seen = await Promise.all(clusters.map(look));
  return {
    resources: counts,
    clusters: seen.map(({ cluster }) => cluster),
    openings,
    loadBalancers: [...ofKind(entrances, "loadBalancer"), ...seen.flatMap(({ balancers }) => balancers)],
    addresses: ofKind(entrances, "address"),
    records: ofKind(entrances, "record"),
    quotasToRaise: quotas.filter(({ used, defaultLimit }) => used > defaultLimit),
  };
}

function ofKind<K extends EntranceReport["kind"]>(all: readonly EntranceReport[], kind: K): EntranceOf<K>[] {
  return all.flatMap(({ kind: is, ...entrance }) =>
    is === kind ? [entrance as unknown as EntranceOf<K>] : [],
  );
}

interface Looked {
  readonly cluster: ClusterSnapshot;
  readonly balancers: readonly EntranceOf<"loadBalancer">[];
}

async function look({ id, access }: ClusterReport): Promise<Looked> {
  const client = new KubeClient({ server: access.endpoint, caPem: access.caPem, token: access.token });
  const list = async (what: string) => (await client.get<{ items: KubeObject[] }>(`/api/v1/${what}`)).items;
  try {
    const [nodes, pods, namespaces, services] = await Promise.all(
      ["nodes", "pods", "namespaces", "services"].map(list) as [
        Promise<KubeObject[]>,
        Promise<KubeObject[]>,
        Promise<KubeObject[]>,
        Promise<KubeObject[]>,
      ],
    );
    const running = pods.filter((pod) => (pod["status"] as { phase?: string }).phase !== "Succeeded");
    const own = namespaces.map(({ metadata }) => metadata.name).filter((name) => !SYSTEM.has(name));
    const cluster = {
      id,
      nodes: nodes.length,
      nodesReady: nodes.filter(isReady).length,
      ...podCount(running),
      namespaces: own.map((name) => {
        const inside = running.filter(({ metadata }) => metadata.namespace === name);
        return { name, ...podCount(inside), images: imagesOf(inside) };
      }),
    };
    return { cluster, balancers: services.flatMap((service) => balancerOf(id, service)) };
  } finally {
    client.close();
  }
}

interface PodParts {
  readonly spec?: {
    readonly initContainers?: readonly { readonly image: string }[];
    readonly containers?: readonly { readonly image: string }[];
  };
}

function imagesOf(pods: readonly KubeObject[]): string[] {
  const containers = (pods as readonly PodParts[]).flatMap(({ spec }) => [
    ...(spec?.initContainers ?? []),
    ...(spec?.containers ?? []),
  ]);
  return [...new Set(containers.map(({ image }) => image))].sort();
}

function podCount(pods: readonly KubeObject[]): { pods: number; podsReady: number } {
  return { pods: pods.length, podsReady: pods.filter(isReady).length };
}

function isReady(object: KubeObject): boolean {
  const status = (object["status"] ?? {}) as { conditions?: { type: string; status: string }[] };
  return status.conditions?.some((one) => one.type === "Ready" && one.status === "True") ?? false;
}

interface ServiceParts {
  readonly spec?: {
    readonly type?: string;
    readonly ports?: readonly { readonly port: number; readonly protocol?: string }[];
  };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } };
}

/** One port for TCP and UDP stands twice, as the Service has it. */
function balancerOf(id: string, service: KubeObject): EntranceOf<"loadBalancer">[] {
  const { spec, status } = service as ServiceParts;
  if (spec?.type !== "LoadBalancer") return [];
  const [cloud = "", region = ""] = id.split("/");
  const { namespace = "", name } = service.metadata;
  return [
    {
      ...{ cloud, region, name: `${namespace}/${name}` },
      addresses: (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []),
      ports: (spec.ports ?? []).map(({ port, protocol = "TCP" }) => ({ number: port, protocol })),
    },
  ];
}
