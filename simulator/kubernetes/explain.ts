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
    const warnings = await warningsOf(client, namespace);
    const pods = items.flatMap((pod) => explainPod(pod, warnings.get(uidOf(pod)))).slice(0, MOST_PODS);
    return [...pods, ...(labelSelector === "" ? await explainServices(client, namespace, warnings) : [])];
  } catch {
    return [];
  }
}

interface KubeEvent extends KubeObject {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly involvedObject?: { readonly uid?: string };
}

/** What kubelets and controllers warned of last, by uid of the object. */
async function warningsOf(client: KubeClient, namespace: string): Promise<Map<string, string>> {
  const path = `/api/v1/namespaces/${namespace}/events`;
  const { items } = await client.get<{ items: KubeEvent[] }>(path, { fieldSelector: "type=Warning" });
  const ours = items.filter(({ reason }) => WARNINGS.has(reason ?? ""));
  return new Map(
    ours.map(({ involvedObject, reason, message }) => [
      involvedObject?.uid ?? "",
      `${reason ?? ""}: ${message ?? ""}`,
    ]),
  );
}

/** Reasons that say why something does not come. */
const WARNINGS = new Set(["FailedMount", "Failed", "FailedScaleUp", "SyncLoadBalancerFailed"]);

/** Services that wait for their load balancer. */
async function explainServices(
  client: KubeClient,
  namespace: string,
  warnings: ReadonlyMap<string, string>,
): Promise<string[]> {
  const { items } = await client.get<{ items: ServiceObject[] }>(`/api/v1/namespaces/${namespace}/services`);
  const isPending = ({ spec, status }: ServiceObject) =>
    spec?.type === "LoadBalancer" && (status?.loadBalancer?.ingress ?? []).length === 0;
  return items
    .filter(isPending)
    .slice(0, MOST_PODS)
    .map((service) => {
      const words = warnings.get(uidOf(service));
      return `  service ${service.metadata.name} has no load balancer${words === undefined ? "" : `: ${words}`}`;
    });
}

interface ServiceObject extends KubeObject {
  readonly spec?: { readonly type?: string };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly unknown[] } };
}

function uidOf({ metadata }: KubeObject): string {
  return String(metadata["uid"]);
}

function explainPod(pod: KubeObject, warning: string | undefined): string[] {
  const { phase, conditions = [], containerStatuses = [] } = (pod["status"] ?? {}) as PodStatus;
  const ready = conditions.some(({ type, status }) => type === "Ready" && status === "True");
  if (ready || phase === "Succeeded") return [];
  const unscheduled = conditions.find(({ type, status }) => type === "PodScheduled" && status === "False");
  const waiting = containerStatuses.flatMap(({ name, state }) =>
    state?.waiting === undefined ? [] : [`${name} ${state.waiting.reason}: ${state.waiting.message ?? ""}`],
  );
  const words = [unscheduled?.message ?? [], waiting, warning ?? []].flat().join("; ");
  return [`  pod ${pod.metadata.name} is ${phase ?? "new"}${words && `: ${words}`}`];
}
