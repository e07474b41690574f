import type { NetworkPlan } from "../../../protocols/plan";
import { physicalName } from "../../naming";
import { type PlacedPod, type PodContext, podsOf } from "./pods";
import type { DaemonValues } from "./values";

/** One Helm release: a pool of a network in one cluster, or a part of a large one. */
export interface NetworkRelease {
  /** Name in Helm. */
  readonly name: string;
  readonly values: DaemonValues;
}

export interface ReleaseContext extends PodContext {
  /** On every object. */
  readonly labels: Readonly<Record<string, string>>;
  readonly storageClass: string | undefined;
  readonly shared: DaemonValues["shared"];
}

/**
 * Pods of one release. Helm keeps a release in one Secret of at most 1 MiB, and a hundred daemons of the largest kind take
 * less than half of it.
 */
export const PODS_PER_RELEASE = 100;

/** Images of the programs that the chart brings into every pod. */
export const HELPER_IMAGES = {
  shell: "docker.io/library/busybox:1.37.0-musl",
  node: "docker.io/library/node:22.21.0-alpine3.22",
} as const;

/**
 * A holder stops well before another may take over: deadline, two failed probes and the kill take less than the duration.
 * Five minutes let an API server be upgraded without stopping every producer of its cluster.
 */
export const LEASE = { durationSeconds: 360, deadlineSeconds: 300, renewSeconds: 15 } as const;

/** Namespace of Prometheus in every cluster. */
const MONITORING_NAMESPACE = "monitoring";

/**
 * The releases of a network in one cluster. Pure: equal plans give equal values, and a daemon more changes one release.
 * @throws TestnetError with every problem at once
 */
export function networkReleases(
  plan: NetworkPlan,
  cluster: string,
  context: ReleaseContext,
): NetworkRelease[] {
  const pools = new Map<string, PlacedPod[]>();
  for (const placed of podsOf(plan, cluster, context)) {
    const pool = pools.get(placed.pool);
    if (pool === undefined) pools.set(placed.pool, [placed]);
    else pool.push(placed);
  }
  return [...pools].flatMap(([pool, pods]) =>
    parts(pods).map((part, index) => ({
      name: physicalName("helmRelease", pool, ...(index === 0 ? [] : [String(index + 1)])),
      values: valuesOf(plan, cluster, pool, part, context),
    })),
  );
}

function parts(pods: readonly PlacedPod[]): PlacedPod[][] {
  const count = Math.ceil(pods.length / PODS_PER_RELEASE);
  return Array.from({ length: count }, (_, index) =>
    pods.slice(index * PODS_PER_RELEASE, (index + 1) * PODS_PER_RELEASE),
  );
}

function valuesOf(
  plan: NetworkPlan,
  cluster: string,
  pool: string,
  pods: readonly PlacedPod[],
  { labels, storageClass, shared, image }: ReleaseContext,
): DaemonValues {
  const isShared = pods.some(({ pod }) => pod.containers.some((container) => container.shared));
  return {
    network: plan.network,
    era: plan.era,
    cluster,
    pool,
    spread: pods[0]?.spread ?? "none",
    labels: { ...labels },
    monitoringNamespace: MONITORING_NAMESPACE,
    ...(storageClass !== undefined && { storageClass }),
    images: { shell: image(HELPER_IMAGES.shell), node: image(HELPER_IMAGES.node) },
    lease: { ...LEASE },
    shared: isShared ? shared : { files: [] },
    pods: pods.map(({ pod }) => pod),
  };
}
