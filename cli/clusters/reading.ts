import type { CoreV1Event, V1Node, V1PersistentVolumeClaim, V1Pod, V1Service } from "@kubernetes/client-node";
import { TestnetError } from "../../errors/problem";
import type { ClusterDoor } from "./door";

/** What stands of a network in one cluster, as plain data: what `status` shows and `verify` judges. */
export interface ClusterReading {
  readonly cluster: string;
  /** Why it could not be read; undefined where it was. */
  readonly problem: string | undefined;
  readonly pods: readonly PodReading[];
  readonly services: readonly ServiceReading[];
  readonly volumes: readonly VolumeReading[];
}

export interface PodReading {
  readonly name: string;
  readonly cluster: string;
  /** The daemon or service it is the pod of: its label. */
  readonly daemon: string;
  readonly phase: string;
  readonly ready: boolean;
  readonly restarts: number;
  /** Whether it is being deleted. */
  readonly leaving: boolean;
  /** Undefined before it has a place. */
  readonly node: string | undefined;
  /** Public address of that machine; undefined where it has none. */
  readonly address: string | undefined;
  /** Whether its machine is simulated: nothing runs in it, and nobody can be asked. */
  readonly simulated: boolean;
  /** Images by container. */
  readonly images: Readonly<Record<string, string>>;
  /** Why it is not ready, in Kubernetes' words; undefined where it is, or nobody says. */
  readonly problem: string | undefined;
  /** ISO 8601. */
  readonly since: string | undefined;
}

export interface ServiceReading {
  readonly name: string;
  readonly type: string;
  /** Addresses that the cloud gave it. */
  readonly addresses: readonly string[];
}

export interface VolumeReading {
  readonly name: string;
  readonly cluster: string;
  /** Container it is for. */
  readonly daemon: string;
  readonly era: number;
  readonly size: string;
  readonly phase: string;
  /** Name of the disk behind it; undefined before there is one. */
  readonly volume: string | undefined;
}

/** What kwok, which plays the machines of a rehearsal, says that containers run in. */
const SIMULATED_RUNTIME = "kwok";

/** Our label on everything of a network, and what else we read of labels. */
const LABELS = { network: "testnet/network", daemon: "testnet/daemon", era: "testnet/era" } as const;

/** Reads one cluster. One that cannot be read is told, and no error. */
export async function readCluster(door: ClusterDoor, network: string): Promise<ClusterReading> {
  const asked = { namespace: network, labelSelector: `${LABELS.network}=${network}` };
  try {
    const [pods, services, claims, nodes] = await Promise.all([
      door.ask((core) => core.listNamespacedPod(asked)),
      door.ask((core) => core.listNamespacedService(asked)),
      door.ask((core) => core.listNamespacedPersistentVolumeClaim(asked)),
      door.ask((core) => core.listNode()),
    ]);
    const machines = new Map(nodes.items.map((node) => [node.metadata?.name ?? "", node]));
    return {
      cluster: door.name,
      problem: undefined,
      pods: pods.items.map((pod) => podReading(door.name, pod, machines)).sort(byName),
      services: services.items.map(serviceReading).sort(byName),
      volumes: claims.items.map((claim) => volumeReading(door.name, claim)).sort(byName),
    };
  } catch (error) {
    if (!(error instanceof TestnetError)) throw error;
    const problem = error.problems[0]?.message ?? error.message;
    return { cluster: door.name, problem, pods: [], services: [], volumes: [] };
  }
}

export function podReading(cluster: string, pod: V1Pod, machines: ReadonlyMap<string, V1Node>): PodReading {
  const { metadata, spec, status } = pod;
  const node = spec?.nodeName === undefined ? undefined : machines.get(spec.nodeName);
  const containers = status?.containerStatuses ?? [];
  const inits = status?.initContainerStatuses ?? [];
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  return {
    name: metadata?.name ?? "",
    cluster,
    daemon: metadata?.labels?.[LABELS.daemon] ?? "",
    phase: status?.phase ?? "Unknown",
    ready: ready?.status === "True",
    restarts: [...inits, ...containers].reduce((sum, { restartCount }) => sum + restartCount, 0),
    leaving: metadata?.deletionTimestamp !== undefined,
    node: spec?.nodeName,
    address: node?.status?.addresses?.find(({ type }) => type === "ExternalIP")?.address,
    simulated: node?.status?.nodeInfo?.containerRuntimeVersion.startsWith(SIMULATED_RUNTIME) ?? false,
    images: Object.fromEntries((spec?.containers ?? []).map(({ name, image }) => [name, image ?? ""])),
    problem: ready?.status === "True" ? undefined : problemOf(pod),
    since: isoOf(metadata?.creationTimestamp),
  };
}

/** The most telling of what a pod that is not ready says. */
function problemOf({ status }: V1Pod): string | undefined {
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  for (const { name, state, lastState } of containers) {
    const waiting = state?.waiting;
    const ended = state?.terminated ?? lastState?.terminated;
    if (waiting?.reason !== undefined && waiting.reason !== "PodInitializing") {
      const end = ended === undefined ? "" : `, exit code ${ended.exitCode}`;
      return `${name}: ${waiting.reason}${end}${waiting.message === undefined ? "" : ` (${waiting.message})`}`;
    }
    if (state?.terminated !== undefined && state.terminated.exitCode !== 0) {
      return `${name}: ended with exit code ${state.terminated.exitCode}`;
    }
  }
  const place = status?.conditions?.find(({ type, status: is }) => type === "PodScheduled" && is !== "True");
  return place?.message ?? status?.message ?? status?.reason;
}

function serviceReading({ metadata, spec, status }: V1Service): ServiceReading {
  return {
    name: metadata?.name ?? "",
    type: spec?.type ?? "ClusterIP",
    addresses: (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []),
  };
}

function volumeReading(cluster: string, { metadata, spec, status }: V1PersistentVolumeClaim): VolumeReading {
  const name = metadata?.name ?? "";
  return {
    name,
    cluster,
    daemon: name.replace(/^data-e\d+-/, ""),
    era: Number(metadata?.labels?.[LABELS.era] ?? 0),
    size: spec?.resources?.requests?.["storage"] ?? "",
    phase: status?.phase ?? "Unknown",
    volume: spec?.volumeName,
  };
}

/** Something that Kubernetes says happened, as `diagnose` keeps it. */
export interface EventReading {
  readonly at: string | undefined;
  readonly type: string;
  readonly about: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
}

/** The network's events in one cluster, oldest first. @throws TestnetError TN3010 */
export async function readEvents(door: ClusterDoor, network: string): Promise<EventReading[]> {
  const { items } = await door.ask((core) => core.listNamespacedEvent({ namespace: network }));
  return items.map(eventReading).sort((left, right) => ((left.at ?? "") < (right.at ?? "") ? -1 : 1));
}

function eventReading(event: CoreV1Event): EventReading {
  const { involvedObject: about } = event;
  return {
    at: isoOf(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp),
    type: event.type ?? "",
    about: `${about.kind ?? ""} ${about.name ?? ""}`,
    reason: event.reason ?? "",
    message: event.message ?? "",
    count: event.count ?? 1,
  };
}

function isoOf(time: Date | string | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}

function byName(left: { readonly name: string }, right: { readonly name: string }): number {
  return left.name < right.name ? -1 : 1;
}
