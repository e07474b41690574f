import { cloudRegion } from "../components/clouds";
import type { CloudName, CloudRegion } from "../components/contracts";
import type { ClusterConfig, ClusterEnvironment } from "./config/environment";

/** A region in use, by a short name, with the clusters in it. */
export interface UsedRegion {
  readonly name: string;
  readonly region: CloudRegion;
  readonly clusterNames: readonly string[];
}

/** What tells one provider from another. */
interface Account {
  readonly cloud: CloudName;
  readonly project: string | undefined;
}

interface Entry extends UsedRegion {
  readonly account: Account;
  readonly clusterNames: string[];
}

/** Where the public zone and the artifacts live when their cloud has no cluster of ours. */
export const HOME_REGIONS: Readonly<Record<CloudName, string>> = { aws: "us-east-1", gcp: "us-central1" };

/** The regions of an environment, each behind the one provider that everything in it uses. */
export class Regions {
  private readonly entries = new Map<string, Entry>();

  /** The region of a cluster. */
  of(cluster: ClusterConfig): CloudRegion {
    const entry = this.entry(accountOf(cluster), cluster.region);
    if (!entry.clusterNames.includes(cluster.name)) entry.clusterNames.push(cluster.name);
    return entry.region;
  }

  /** Where what the environment has once is kept: the zone's cloud, in the region of its first cluster. */
  home({ zone, clusters }: ClusterEnvironment): CloudRegion {
    const account = accountOf(zone);
    const region = clusters.find((cluster) => same(accountOf(cluster), account))?.region;
    return this.entry(account, region ?? HOME_REGIONS[zone.cloud]).region;
  }

  /** Regions with clusters. */
  all(): readonly UsedRegion[] {
    return [...this.entries.values()].filter(({ clusterNames }) => clusterNames.length > 0);
  }

  /** One region of each account or project, with the clusters of all its regions. */
  onePerAccount(): readonly UsedRegion[] {
    const used = this.all() as readonly Entry[];
    const first = used.filter(
      (entry, index) => used.findIndex((other) => same(other.account, entry.account)) === index,
    );
    return first.map((entry) => ({
      name: accountName(entry.account),
      region: entry.region,
      clusterNames: used
        .filter((other) => same(other.account, entry.account))
        .flatMap((other) => other.clusterNames),
    }));
  }

  private entry(account: Account, region: string): Entry {
    const name = `${accountName(account)}-${region}`;
    const known = this.entries.get(name);
    if (known !== undefined) return known;
    const made = {
      name,
      account,
      region: cloudRegion(account.cloud, name, {
        region,
        project: account.project,
      }),
      clusterNames: [],
    };
    this.entries.set(name, made);
    return made;
  }
}

function accountOf(where: { readonly cloud: CloudName; readonly project?: string | undefined }): Account {
  return { cloud: where.cloud, project: where.project };
}

function accountName({ cloud, project }: Account): string {
  return project === undefined ? cloud : `${cloud}-${project}`;
}

function same(one: Account, other: Account): boolean {
  return one.cloud === other.cloud && one.project === other.project;
}
