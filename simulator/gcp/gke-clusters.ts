import type { Made } from "../cloud/model";
import { text } from "./common";
import { regionOf, zonesOf } from "./regions";

/** Kubernetes versions that GKE offers as of 2026-11, the oldest first. */
const VERSIONS: Readonly<Record<string, string>> = {
  "1.32": "1.32.9-gke.1728000",
  "1.33": "1.33.8-gke.1201000",
  "1.34": "1.34.6-gke.1154000",
  "1.35": "1.35.4-gke.1075000",
  "1.36": "1.36.1-gke.1023000",
};

/** The id of the cluster behind a simulated GKE cluster. */
export function clusterId({ inputs }: Pick<Made, "inputs">): string {
  return `gcp/${text(inputs, "location")}/${text(inputs, "name")}`;
}

/** The whole version for what was asked for, which may be only its beginning. */
export function patchOf(asked: string): string {
  const minor = asked.split(".").slice(0, 2).join(".");
  return VERSIONS[minor] ?? VERSIONS["1.35"] ?? "";
}

/** Why a cluster cannot have this version, or not after that one. */
export function versionProblem(asked: string, before: string | undefined): string | undefined {
  if (asked === "" || asked === "latest") return undefined;
  const minor = asked.split(".").slice(0, 2).join(".");
  if (!(minor in VERSIONS) || !patchOf(asked).startsWith(asked)) {
    return `Master version "${asked}" is unsupported.`;
  }
  const minors = Object.keys(VERSIONS);
  const earlier = minors.indexOf((before ?? asked).split(".").slice(0, 2).join("."));
  const steps = minors.indexOf(minor) - earlier;
  return steps > 1 ? `Master cannot be upgraded to "${asked}": cannot skip a minor version.` : undefined;
}

/** The zones machines are spread over. */
export function zonesOfPool(given: readonly string[], location: string): string[] {
  if (given.length > 0) return [...given];
  const region = regionOf(location);
  return region === location ? zonesOf(region).slice(0, 3) : [location];
}
