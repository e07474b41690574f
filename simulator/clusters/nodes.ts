import { type KubeClient, type KubeObject, isMissing } from "../kube/client";
import type { SimulatedNode } from "./contract";

/** Which pool a node belongs to; the clouds' own labels differ. */
const POOL_ANNOTATION = "rehearsal.testnet/pool";

/** What kubelet and system keep of a machine. */
const RESERVED_CPU_MILLI = 110;
const RESERVED_MEMORY_SHARE = 0.07;

/** Makes `nodes` the whole set of a pool. */
export async function setPool(
  client: KubeClient,
  pool: string,
  nodes: readonly SimulatedNode[],
  kubeletVersion: string,
): Promise<void> {
  const { items } = await client.get<{ items: KubeObject[] }>("/api/v1/nodes");
  const present = items
    .filter(({ metadata }) => poolOf(metadata) === pool)
    .map(({ metadata }) => metadata.name);
  const wanted = new Set(nodes.map(({ name }) => name));
  const had = new Set(present);
  await Promise.all([
    ...nodes
      .filter(({ name }) => !had.has(name))
      .map((node) =>
        client.request({
          method: "POST",
          path: "/api/v1/nodes",
          body: nodeObject(node, pool, kubeletVersion),
        }),
      ),
    ...present.filter((name) => !wanted.has(name)).map((name) => removeNode(client, name)),
  ]);
}

function poolOf(metadata: KubeObject["metadata"]): string | undefined {
  return (metadata["annotations"] as Record<string, string> | undefined)?.[POOL_ANNOTATION];
}

async function removeNode(client: KubeClient, name: string): Promise<void> {
  try {
    await client.request({ method: "DELETE", path: `/api/v1/nodes/${name}` });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** What pods may take of a machine, as quantities. */
export function allocatable({ cpu, memoryGiB, pods }: SimulatedNode) {
  return {
    cpu: `${cpu * 1000 - RESERVED_CPU_MILLI}m`,
    memory: `${Math.round(memoryGiB * 1024 * (1 - RESERVED_MEMORY_SHARE))}Mi`,
    pods: String(pods),
  };
}

function nodeObject(node: SimulatedNode, pool: string, kubeletVersion: string): KubeObject {
  const capacity = {
    cpu: String(node.cpu),
    memory: `${Math.round(node.memoryGiB * 1024)}Mi`,
    pods: String(node.pods),
    "ephemeral-storage": "100Gi",
  };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: node.name,
      annotations: { [POOL_ANNOTATION]: pool },
      labels: {
        "kubernetes.io/hostname": node.name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "topology.kubernetes.io/region": node.region,
        "topology.kubernetes.io/zone": node.zone,
        ...node.labels,
      },
    },
    spec: { providerID: node.providerId, taints: node.taints.map((taint) => ({ ...taint })) },
    status: {
      addresses: [
        { type: "InternalIP", address: node.internalIp },
        { type: "ExternalIP", address: node.externalIp },
        { type: "Hostname", address: node.name },
      ],
      capacity,
      allocatable: { ...capacity, ...allocatable(node) },
      nodeInfo: {
        architecture: "amd64",
        operatingSystem: "linux",
        kubeletVersion,
        kubeProxyVersion: "",
        containerRuntimeVersion: "kwok",
        kernelVersion: "",
        osImage: "",
        bootID: "",
        machineID: "",
        systemUUID: "",
      },
    },
  };
}
