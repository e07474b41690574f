import type { Site } from "../cloud/record";

/** Kubernetes versions that EKS offers as of 2026-11, the oldest first. */
const VERSIONS = ["1.31", "1.32", "1.33", "1.34", "1.35", "1.36"];

/** The id of the cluster behind a simulated EKS cluster. */
export function clusterId({ region }: Site, name: string): string {
  return `aws/${region}/${name}`;
}

/** Why a cluster cannot have this version, or not after that one. */
export function versionProblem(version: string, before: string | undefined): string | undefined {
  const index = VERSIONS.indexOf(version);
  if (index < 0) return `unsupported Kubernetes version ${version}`;
  if (before === undefined || before === version) return undefined;
  return VERSIONS.indexOf(before) + 1 === index
    ? undefined
    : `Unsupported Kubernetes minor version update from ${before} to ${version}`;
}
