import type { Problem } from "../../errors/problem";
import type { Program } from "../arguments";
import archive331 from "./flags/archive-3.3.1.json";
import archive400 from "./flags/archive-4.0.0.json";
import daemon331 from "./flags/daemon-3.3.1.json";
import daemon400 from "./flags/daemon-4.0.0.json";
import worker331 from "./flags/snark-worker-3.3.1.json";
import worker400 from "./flags/snark-worker-4.0.0.json";

/** How a SNARK coordinator gives out work. Not every version knows each. */
export const WORK_SELECTIONS = ["seq", "rand", "roffset"] as const;
export type WorkSelection = (typeof WORK_SELECTIONS)[number];

/** One version: what it understands, and the images of its publisher. */
export interface MinaRelease {
  readonly daemon: Program;
  readonly worker: Program;
  readonly archive: Program;
  readonly workSelections: readonly WorkSelection[];
  /**
   * Whether its usual images have the ITN GraphQL server. Where not, it is a build of its own, which has to be named.
   */
  readonly itnInUsualImages: boolean;
  /** Seconds of a slot that the program was built for. */
  readonly slotSeconds: number;
  /** Tags there carry version, commit, base system and network, e.g. `4.0.0-6965b50-bullseye-devnet`. */
  readonly images: { readonly daemon: string; readonly archive: string };
}

/** `--peer` and the like add up; every other flag is given once. */
const REPEATABLE = new Set(["peer", "direct-peer", "config-file", "start-filtered-logs"]);

function programs(daemon: readonly string[], worker: readonly string[], archive: readonly string[]) {
  return {
    daemon: { name: "mina daemon", flags: new Set(daemon), repeatable: REPEATABLE },
    worker: { name: "mina internal snark-worker", flags: new Set(worker) },
    archive: { name: "mina-archive run", flags: new Set(archive) },
  };
}

/**
 * Newest last upgrade first. Images are those of the devnet profile: their signatures are worth nothing on mainnet.
 * The tags of 4.0.0 stand in the publisher's release notes. Those of 3.3.1 were seen in use for the daemon on this registry;
 * that of the archive follows the same pattern and was not verified.
 */
export const MINA_RELEASES: Readonly<Record<string, MinaRelease>> = {
  "4.0.0": {
    ...programs(daemon400, worker400, archive400),
    workSelections: ["seq", "rand"],
    itnInUsualImages: true,
    slotSeconds: 90,
    images: {
      daemon: "docker.io/minaprotocol/mina-daemon:4.0.0-6965b50-bullseye-devnet",
      archive: "docker.io/minaprotocol/mina-archive:4.0.0-6965b50-bullseye-devnet",
    },
  },
  "3.3.1": {
    ...programs(daemon331, worker331, archive331),
    workSelections: ["seq", "rand", "roffset"],
    itnInUsualImages: false,
    slotSeconds: 180,
    images: {
      daemon: "gcr.io/o1labs-192920/mina-daemon:3.3.1-7b34378-bullseye-devnet",
      archive: "gcr.io/o1labs-192920/mina-archive:3.3.1-7b34378-bullseye-devnet",
    },
  },
};

/** The release of a version. Unknown ones were refused before (releaseProblems). */
export function releaseOf(version: string): MinaRelease {
  const release = MINA_RELEASES[version];
  if (release === undefined) throw new Error(`no release ${version}`);
  return release;
}

/** A version that no flag table describes (TN1008). */
export function releaseProblems(version: string): Problem[] {
  if (version in MINA_RELEASES) return [];
  return [
    {
      code: "TN1008",
      at: "testnet:network.version",
      message: "no flags are known for this version of Mina",
      given: version,
      allowed: Object.keys(MINA_RELEASES).join(", "),
      remedy: "Name the version that your build comes from, and the build itself by `images`.",
    },
  ];
}
