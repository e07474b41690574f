import { Refused } from "../../plugin/provider";
import { isMissing, type KubeClient, type KubeObject } from "../kube/client";
import { waitUntil } from "../clusters/wait";
import { explainPods } from "./explain";

/** Simulated pods are ready in milliseconds: what is not by then never will be. */
const READY_MS = 40_000;

/** A namespace takes at least five seconds to go, eleven with pods and disks. */
const GONE_MS = 120_000;

const SKIP_AWAIT = "pulumi.com/skipAwait";

interface Status {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly updatedReplicas?: number;
  readonly availableReplicas?: number;
  readonly desiredNumberScheduled?: number;
  readonly updatedNumberScheduled?: number;
  readonly numberReady?: number;
  readonly phase?: string;
  readonly conditions?: readonly { type: string; status: string; message?: string }[];
}

/** Why an object is not ready; undefined when it is. */
type Judge = (object: KubeObject, status: Status) => string | undefined;

const JUDGES: Readonly<Record<string, Judge>> = {
  Deployment: (object, { updatedReplicas = 0, availableReplicas = 0, replicas = 0 }) =>
    count(Math.min(updatedReplicas, availableReplicas), wantedReplicas(object)) ??
    (replicas > updatedReplicas ? "old pods are still there" : undefined),
  StatefulSet: (object, { updatedReplicas = 0, readyReplicas = 0 }) =>
    count(Math.min(updatedReplicas, readyReplicas), wantedReplicas(object)),
  DaemonSet: (_object, { desiredNumberScheduled = 0, numberReady = 0, updatedNumberScheduled = 0 }) =>
    count(Math.min(numberReady, updatedNumberScheduled), desiredNumberScheduled),
  Job: (_object, status) => (holds(status, "Complete") ? undefined : "the job is not complete"),
  Pod: (_object, status) => (holds(status, "Ready") ? undefined : "the pod is not ready"),
  Namespace: (_object, { phase }) => (phase === "Active" ? undefined : `the namespace is ${phase ?? "new"}`),
  CustomResourceDefinition: (_object, status) =>
    holds(status, "Established") ? undefined : "the kind is not established",
};

/** Kinds whose status speaks of a generation of their spec. */
const GENERATIONAL = new Set(["Deployment", "StatefulSet", "DaemonSet"]);

/**
 * Waits until an object is ready, as the real provider does.
 * @returns the object as it is then
 * @throws Refused with what its pods say when it does not become ready
 */
export async function awaitReady(client: KubeClient, path: string, object: KubeObject): Promise<KubeObject> {
  const judge = JUDGES[object.kind];
  const annotations = (object.metadata["annotations"] ?? {}) as Record<string, string>;
  if (judge === undefined || annotations[SKIP_AWAIT] === "true") return object;
  let latest = object;
  let why: string | undefined;
  try {
    await waitUntil(path, READY_MS, async () => {
      latest = await client.get(path);
      const status = (latest["status"] ?? {}) as Status;
      if (holds(status, "Failed")) throw new Refused(failureOf(status));
      const observed =
        !GENERATIONAL.has(latest.kind) || status.observedGeneration === latest.metadata["generation"];
      why = observed ? judge(latest, status) : "the controller has not looked at it yet";
      return why === undefined;
    });
  } catch (error) {
    const pods = await explainPods(client, latest);
    const { kind, metadata } = latest;
    const words = error instanceof Refused ? error.message : (why ?? String(error));
    throw new Refused([`${kind} ${metadata.name} did not become ready: ${words}`, ...pods].join("\n"));
  }
  return latest;
}

/** Waits until an object is gone. */
export async function awaitGone(client: KubeClient, path: string): Promise<void> {
  await waitUntil(`the removal of ${path}`, GONE_MS, async () => {
    try {
      await client.get(path);
      return false;
    } catch (error) {
      if (isMissing(error)) return true;
      throw error;
    }
  });
}

function wantedReplicas(object: KubeObject): number {
  return (object["spec"] as { replicas?: number }).replicas ?? 1;
}

function count(ready: number, wanted: number): string | undefined {
  return ready >= wanted ? undefined : `${ready} of ${wanted} pods are ready`;
}

function holds({ conditions = [] }: Status, type: string): boolean {
  return conditions.some((condition) => condition.type === type && condition.status === "True");
}

function failureOf({ conditions = [] }: Status): string {
  return conditions.find(({ type }) => type === "Failed")?.message ?? "it failed";
}
