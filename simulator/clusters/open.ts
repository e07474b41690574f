import * as path from "node:path";
import type { Clusters } from "./contract";
import { LightClusters } from "./light";
import { requirePrograms } from "./programs";
import { RealClusters } from "./real";

/** Which clusters stand behind the simulated clouds. */
export interface ClusterOptions {
  /**
   * - `real`: an API server each, in processes
   * - `light`: objects kept in memory, without checks, for runs about the clouds alone
   */
  readonly kind: "real" | "light";
  /** Of the run. */
  readonly directory: string;
  /** Paths of the programs, by name. Needed for real clusters. */
  readonly programs?: Readonly<Record<string, string>>;
  /**
   * Whether somebody (attendance/) looks at the secrets that a pod mounts before it starts. Without, such a pod starts at once.
   * @default false
   */
  readonly secretsAreChecked?: boolean;
}

/** The folder of the clusters in the directory of a run. */
export function clustersDirectory(runDirectory: string): string {
  return path.join(runDirectory, "clusters");
}

export function openClusters(options: ClusterOptions): Clusters {
  const own = clustersDirectory(options.directory);
  if (options.kind === "light") return new LightClusters(own);
  return new RealClusters(own, requirePrograms(options.programs), options.secretsAreChecked === true);
}
