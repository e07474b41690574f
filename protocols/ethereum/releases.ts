import type { Problem } from "../../errors/problem";
import { CONSENSUS_CLIENTS, EXECUTION_CLIENTS, type Releases, versionsOf } from "./clients";
import { type EthereumNetwork, isPublic } from "./settings";

/** The release a setting names, or the newest one. Unknown versions were refused before (releaseProblems). */
export function releaseOf<R>(
  releases: Releases<R>,
  wanted: string | undefined,
): { version: string; release: R } {
  const version = wanted ?? versionsOf(releases)[0] ?? "";
  const release = releases[version];
  if (release === undefined) throw new Error(`no release ${version}`);
  return { version, release };
}

/** The release a setting names, or the newest one that follows the chain of the network. */
export function releaseFor<R extends { readonly followsPublic: boolean }>(
  settings: EthereumNetwork,
  releases: Releases<R>,
  wanted: string | undefined,
): { version: string; release: R } {
  const suited = versionsOf(releases).find((version) => releases[version]?.followsPublic === true);
  return releaseOf(releases, wanted ?? (isPublic(settings) ? suited : undefined));
}

/** Versions that no flag table describes (TN1008). */
export function releaseProblems(settings: EthereumNetwork): Problem[] {
  return settings.nodes.flatMap((pool, index) => [
    ...versionProblem(EXECUTION_CLIENTS[pool.execution], pool.executionVersion, index, "executionVersion"),
    ...versionProblem(CONSENSUS_CLIENTS[pool.consensus], pool.consensusVersion, index, "consensusVersion"),
  ]);
}

function versionProblem(
  releases: Releases<unknown>,
  wanted: string | undefined,
  index: number,
  key: string,
): Problem[] {
  if (wanted === undefined || wanted in releases) return [];
  return [
    {
      code: "TN1008",
      at: `testnet:network.nodes[${index}].${key}`,
      message: "no flags are known for this version of the client",
      given: wanted,
      allowed: versionsOf(releases).join(", "),
    },
  ];
}
