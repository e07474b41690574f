import type { Daemon, NetworkPlan } from "./plan";
import { references } from "./references";

/** Names of the private files that a daemon's strings ask for, sorted. */
export function secretsOf({ args, env, files }: Pick<Daemon, "args" | "env" | "files">): string[] {
  const texts = [...args, ...Object.values(env), ...files.map(({ content }) => content)];
  const names = texts.flatMap(references).flatMap((reference) => {
    return reference.kind === "secret" || reference.kind === "secret-value" ? [reference.name] : [];
  });
  return [...new Set(names)].sort();
}

/** A pod in need of private files. */
export interface PodSecrets {
  /** Name of the pod, which is that of its secret. */
  readonly pod: string;
  readonly cluster: string;
  /** Names of files, sorted. */
  readonly files: readonly string[];
}

/** Every pod of a network of clusters that needs private files: those of its daemons together, and those of services. */
export function podSecrets({ daemons, clusters }: NetworkPlan): PodSecrets[] {
  const pods = new Map<string, { cluster: string; files: Set<string> }>();
  const add = (pod: string, cluster: string, names: readonly string[]) => {
    if (names.length === 0) return;
    const known = pods.get(pod) ?? { cluster, files: new Set<string>() };
    names.forEach((name) => known.files.add(name));
    pods.set(pod, known);
  };
  for (const daemon of daemons) {
    if (daemon.workload !== undefined) add(daemon.workload.pod, daemon.workload.cluster, secretsOf(daemon));
  }
  for (const service of clusters?.services ?? []) add(service.name, service.cluster, secretsOf(service));
  return [...pods].map(([pod, { cluster, files }]) => ({ pod, cluster, files: [...files].sort() }));
}
