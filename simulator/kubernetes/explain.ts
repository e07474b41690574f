import type { KubeClient, KubeObject } from "../kube/client";

/** More lines tell nobody more. */
const MOST_PODS = 5;

interface PodStatus {
  readonly phase?: string;
  readonly conditions?: readonly { type: string; status: string; reason?: string; message?: string }[];
  readonly containerStatuses?: readonly {
    name: string;
    state?: { waiting?: { reason?: string; message?: string } };
  }[];
}

/** What the pods of a workload that are not ready say about it, one line each. Never fails: it is part of an error already. */
export async function explainPods(client: KubeClient, workload: KubeObject): Promise<string[]> {
  const labels = (workload["spec"] as { selector?: { matchLabels?: Record<string, string> } } | undefined)
    ?.selector?.matchLabels;
  if (labels === undefined) return [];
  return explainNamespace(client, workload.metadata.namespace ?? "default", labels);
}

/** The same for all pods of a namespace, or those with certain labels. */
export async function explainNamespace(
  client: KubeClient,
  namespace: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const labelSelector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  try {
    const { items } = await client.get<{ items: KubeObject[] }>(`/api/v1/namespaces/${namespace}/pods`, {
      ...(labelSelector && { labelSelector }),
    });
    return items.flatMap(explainPod).slice(0, MOST_PODS);
  } catch {
    return [];
  }
}

function explainPod(pod: KubeObject): string[] {
  const { phase, conditions = [], containerStatuses = [] } = (pod["status"] ?? {}) as PodStatus;
  const ready = conditions.some(({ type, status }) => type === "Ready" && status === "True");
  if (ready || phase === "Succeeded") return [];
  const unscheduled = conditions.find(({ type, status }) => type === "PodScheduled" && status === "False");
  const waiting = containerStatuses.flatMap(({ name, state }) =>
    state?.waiting === undefined ? [] : [`${name} ${state.waiting.reason}: ${state.waiting.message ?? ""}`],
  );
  const words = [unscheduled?.message ?? [], waiting].flat().join("; ");
  return [`  pod ${pod.metadata.name} is ${phase ?? "new"}${words && `: ${words}`}`];
}
