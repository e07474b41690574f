import type { ProgramName } from "../../tools/catalog";

/** The programs a real cluster is made of. */
export const CLUSTER_PROGRAMS = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
] as const satisfies readonly ProgramName[];

/** Where each of them is. */
export type ClusterPrograms = Readonly<Record<(typeof CLUSTER_PROGRAMS)[number], string>>;

/** The paths as they come from another process. @throws Error when one is missing */
export function requirePrograms(paths: Readonly<Record<string, string>> = {}): ClusterPrograms {
  const entries = CLUSTER_PROGRAMS.map((name) => {
    const path = paths[name];
    if (path === undefined) throw new Error(`real clusters need the path of ${name}`);
    return [name, path] as const;
  });
  return Object.fromEntries(entries) as ClusterPrograms;
}
