import * as path from "node:path";
import type { NetworkPlan } from "../../protocols/plan";
import type { CloudAccount } from "../../stacks/ground";
import type { CloudClient } from "../../simulator/cloud/client";
import { AwsStore, awsSecretName } from "./aws-store";
import { DirectoryStore } from "./directory-store";
import { GcpStore, gcpSecretName } from "./gcp-store";
import { SimulatedStore } from "./simulated-store";
import type { KeyStore, StoreOwner } from "./store";

/** A network whose keys are worked at. */
export interface KeyTargets {
  readonly plan: NetworkPlan;
  /** All clusters of its environment, in order. What no pod is given lies with the first. */
  readonly clusters: readonly string[];
  /** The secret manager that pods of a cluster read. */
  readonly storeOf: (cluster: string) => KeyStore;
}

/** What is to be known of the place of a network. */
export interface KeyGround {
  readonly clusters: readonly { readonly name: string; readonly account: CloudAccount | undefined }[];
}

interface CloudStores {
  readonly real: (account: CloudAccount, owner: StoreOwner) => KeyStore;
  readonly simulated: (account: CloudAccount, owner: StoreOwner, clouds: CloudClient) => KeyStore;
}

/** The one place where keys know a cloud. */
const CLOUDS: Readonly<Record<CloudAccount["cloud"], CloudStores>> = {
  aws: {
    real: ({ region }, owner) => new AwsStore({ region }, owner),
    simulated: ({ cloud, region }, { network }, clouds) =>
      new SimulatedStore(clouds, { cloud, site: { region }, prefix: awsSecretName(network, "") }),
  },
  gcp: {
    real: (account, owner) => new GcpStore({ project: projectOf(account), region: account.region }, owner),
    simulated: (account, { network }, clouds) =>
      new SimulatedStore(clouds, {
        cloud: account.cloud,
        site: { account: projectOf(account), region: account.region },
        prefix: gcpSecretName(network, ""),
      }),
  },
};

/** Where keys of a network go: the clouds of its clusters, or simulated ones; a folder where there is no cloud. */
export function keyTargets(
  plan: NetworkPlan,
  ground: KeyGround,
  { keysDirectory, clouds }: { readonly keysDirectory?: string; readonly clouds?: CloudClient },
): KeyTargets {
  const owner: StoreOwner = { network: plan.network, stack: plan.network };
  const stores = new Map<string, KeyStore>();
  const open = (cluster: string): KeyStore => {
    const found = ground.clusters.find(({ name }) => name === cluster);
    if (found === undefined) throw new Error(`no cluster ${cluster}`);
    const { account } = found;
    if (account === undefined) return new DirectoryStore(path.resolve(keysDirectory ?? "keys"), owner);
    return cloudStore(account, owner, clouds);
  };
  return {
    plan,
    clusters: ground.clusters.map(({ name }) => name),
    storeOf: (cluster) => {
      const store = stores.get(cluster) ?? open(cluster);
      stores.set(cluster, store);
      return store;
    },
  };
}

/** The secret manager of one account and region, or a simulated one. */
export function cloudStore(account: CloudAccount, owner: StoreOwner, clouds?: CloudClient): KeyStore {
  const cloud = CLOUDS[account.cloud];
  return clouds === undefined ? cloud.real(account, owner) : cloud.simulated(account, owner, clouds);
}

function projectOf({ project }: CloudAccount): string {
  if (project === undefined) throw new Error("a region of gcp needs a project");
  return project;
}
