import { aws } from "../aws/cloud";
import { docker } from "../docker/cloud";
import { gcp } from "../gcp/cloud";
import type { Cloud } from "./model";

/** The one place that names the simulated clouds. */
export function clouds(): Readonly<Record<string, Cloud>> {
  return Object.fromEntries([aws, gcp, docker].map((cloud) => [cloud.name, cloud]));
}
