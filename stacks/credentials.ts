import * as path from "node:path";
import type { CloudName } from "../components/contracts";
import type { Problem } from "../errors/problem";
import { CATALOG } from "./catalog/catalog";
import type { CredentialSource } from "./catalog/facts";
import type { ClusterEnvironment } from "./config/environment";

/** What is looked at: handed in, so that the check is pure. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home directory. */
  readonly home: string;
  readonly exists: (file: string) => boolean;
}

/** The clouds an environment stands on, in the order they are named. */
export function cloudsOf({ zone, clusters }: ClusterEnvironment): CloudName[] {
  return [...new Set([...clusters.map(({ cloud }) => cloud), zone.cloud])];
}

/**
 * Clouds that this machine has no way into: told before the engine starts. A way found may still be
 * refused by the cloud, and a machine in a cloud may have one that cannot be seen (set AWS_PROFILE or log in, then).
 */
export function missingCredentials(clouds: readonly CloudName[], machine: Machine): Problem[] {
  return clouds.flatMap((cloud) => {
    const { sources, login, variables } = CATALOG[cloud].credentials;
    if (sources.some((source) => isThere(source, machine))) return [];
    const broken = sources.flatMap(({ fileIn }) => {
      const file = fileIn === undefined ? undefined : machine.env[fileIn];
      return fileIn === undefined || file === undefined || machine.exists(file)
        ? []
        : [`${fileIn} names ${file}, which is not there`];
    });
    return [
      {
        code: "TN2006" as const,
        at: cloud,
        message: ["this machine has no credentials of this cloud", ...broken].join("; "),
        allowed: variables,
        remedy: `Run \`${login}\`, or set ${variables}.`,
      },
    ];
  });
}

function isThere(
  { variables = [], fileIn, file }: CredentialSource,
  { env, home, exists }: Machine,
): boolean {
  const isSet = (variable: string) => (env[variable] ?? "") !== "";
  if (!variables.every(isSet)) return false;
  if (fileIn !== undefined && !(isSet(fileIn) && exists(env[fileIn] ?? ""))) return false;
  return file === undefined || exists(file.replace(/^~/, path.resolve(home)));
}
