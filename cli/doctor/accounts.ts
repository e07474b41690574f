import type { CloudName } from "../../components/contracts";
import type { ClusterEnvironment } from "../../stacks/config/environment";
import { loadStackConfig } from "../../stacks/config/file";
import { kindOf } from "../../stacks/kind";
import { planStack } from "../../stacks/plan-stack";
import type { DeployedKind } from "./rights/rights";

/** An account or project that a stack stands on. */
export interface DoctoredAccount {
  readonly cloud: CloudName;
  readonly project: string | undefined;
}

/** What is to be known of a stack to examine what deploying it takes. */
export interface Patient {
  readonly kind: DeployedKind;
  readonly accounts: readonly DoctoredAccount[];
  /** Undefined for a network: its environment's quotas are its own matter. */
  readonly environment: ClusterEnvironment | undefined;
  /** Whether images are carried from one registry to another by this machine. */
  readonly carriesImages: boolean;
}

/**
 * What deploying a stack takes; undefined for a network of this machine, which takes no more than the tools.
 * @throws TestnetError with every problem of its settings
 */
export function patientOf(directory: string, stack: string): Patient | undefined {
  const found = kindOf(loadStackConfig(directory, stack));
  switch (found.kind) {
    case "local network":
      return undefined;
    case "environment": {
      const { clusters, zone, registries } = found.environment;
      return {
        kind: "environment",
        accounts: distinct([...clusters.map(accountOf), accountOf(zone)]),
        environment: found.environment,
        carriesImages: registries.images.length > 0,
      };
    }
    case "cluster network": {
      const { ground } = planStack(directory, stack, found);
      const accounts = ground.clusters.flatMap(({ account }) => (account === undefined ? [] : [account]));
      return {
        kind: "network",
        accounts: distinct(accounts.map(accountOf)),
        environment: undefined,
        carriesImages: false,
      };
    }
  }
}

function accountOf(where: {
  readonly cloud: CloudName;
  readonly project?: string | undefined;
}): DoctoredAccount {
  return { cloud: where.cloud, project: where.project };
}

function distinct(accounts: readonly DoctoredAccount[]): DoctoredAccount[] {
  const same = (one: DoctoredAccount, other: DoctoredAccount) =>
    one.cloud === other.cloud && one.project === other.project;
  return accounts.filter((one, index) => accounts.findIndex((other) => same(one, other)) === index);
}
