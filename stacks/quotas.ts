import type { Metered, Quota } from "../components/contracts";
import { type Problem, TestnetError } from "../errors/problem";
import { CATALOG } from "./catalog/catalog";
import type { ClusterConfig, ClusterEnvironment } from "./config/environment";
import type { Regions } from "./regions";

/** What the clusters of one region need at first: every pool at its `min`. */
export interface RegionNeeds {
  /** One account or project, one region. */
  readonly clusters: readonly ClusterConfig[];
  readonly amounts: Readonly<Record<Metered, number>>;
}

const UNITS: Readonly<Record<Metered, string>> = {
  onDemandCpus: "vCPUs",
  spotCpus: "spot vCPUs",
  networks: "VPCs",
  clusters: "clusters",
};

/** What an environment needs of what clouds limit, by region. Pure. */
export function needsOf({ clusters }: Pick<ClusterEnvironment, "clusters">): RegionNeeds[] {
  const places = [...new Set(clusters.map(placeOf))];
  return places.map((place) => {
    const here = clusters.filter((cluster) => placeOf(cluster) === place);
    return {
      clusters: here,
      amounts: {
        onDemandCpus: cpus(here, false),
        spotCpus: cpus(here, true),
        networks: here.length,
        clusters: here.length,
      },
    };
  });
}

/** What cannot be had, were the account empty otherwise. Pure. */
export function quotaProblems({ clusters, amounts }: RegionNeeds, quotas: readonly Quota[]): Problem[] {
  return quotas.flatMap(({ of, name, code, allowed, raise }) => {
    const needed = amounts[of];
    if (needed <= allowed) return [];
    const names = clusters.map((cluster) => cluster.name).join(" and ");
    return [
      {
        code: "TN2010" as const,
        at: `${clusters[0]?.cloud ?? ""} ${clusters[0]?.region ?? ""}`,
        message: `the quota "${name}" (${code}) is too small for ${names}`,
        given: `${needed} ${UNITS[of]}`,
        allowed: `at most ${allowed}`,
        remedy: raise(needed),
      },
    ];
  });
}

/**
 * Asks every region for the quotas that the environment draws on, all at the same time.
 * @throws TestnetError TN2010 with each of them that is too small
 */
export async function requireQuotas(config: ClusterEnvironment, regions: Regions): Promise<void> {
  const problems = await Promise.all(
    needsOf(config).map(async (needs) => {
      const [region] = needs.clusters.map((cluster) => regions.of(cluster));
      const quotas = await region?.quotas(drawnOn(needs));
      return quotaProblems(needs, quotas ?? []);
    }),
  );
  if (problems.flat().length > 0) throw new TestnetError(problems.flat());
}

function drawnOn({ amounts }: RegionNeeds): Metered[] {
  return (Object.keys(amounts) as Metered[]).filter((metered) => amounts[metered] > 0);
}

function placeOf(cluster: ClusterConfig): string {
  return [cluster.cloud, "project" in cluster ? cluster.project : "", cluster.region].join(" ");
}

function cpus(clusters: readonly ClusterConfig[], spot: boolean): number {
  return clusters
    .flatMap(({ cloud, nodePools }) =>
      nodePools
        .filter((pool) => pool.spot === spot)
        .map((pool) => pool.min * (CATALOG[cloud].machines[pool.machine]?.cpus ?? 0)),
    )
    .reduce((sum, each) => sum + each, 0);
}
