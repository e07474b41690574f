import type { CloudName } from "../components/contracts";
import type { ClusterGround, ClusterPlacement, NodePoolGround } from "../protocols/plan";
import { shortHash } from "../components/naming";
import { CATALOG } from "./catalog/catalog";
import { clusterAddresses } from "./cluster-addresses";
import type { ClusterEnvironment } from "./config/environment";
import type { KubeconfigEnvironment } from "./config/kubeconfig-environment";
import type { EnvironmentDocument } from "./environment-document";

/** What networks are planned on: an environment as plain values, from its stack file or from the outputs of its stack. */
export interface Ground {
  /** Public DNS zone; undefined without one. */
  readonly domain: string | undefined;
  readonly clusters: readonly GroundCluster[];
}

export interface GroundCluster extends ClusterGround {
  /** Undefined for a cluster that is known by its kubeconfig only. */
  readonly account: CloudAccount | undefined;
}

/** Whose and where the cloud's things of a cluster are. */
export interface CloudAccount {
  readonly cloud: CloudName;
  readonly region: string;
  /** Of GCP only. */
  readonly project: string | undefined;
}

/** The ground that a stack file describes: known without an engine and without an account. */
export function groundOfConfig(environment: ClusterEnvironment): Ground {
  const addressesOf = clusterAddresses(environment);
  return {
    domain: environment.domain,
    clusters: environment.clusters.map((cluster) => {
      const project = "project" in cluster ? cluster.project : undefined;
      return groundCluster({ ...cluster, podCidr: addressesOf(cluster.name).pods, project });
    }),
  };
}

/** The ground that the outputs of an environment's stack tell. */
export function groundOfDocument(document: EnvironmentDocument): Ground {
  return {
    domain: document.domain,
    clusters: document.clusters.map((cluster) => {
      const { facts } = cluster;
      return groundCluster({ ...cluster, project: "project" in facts ? facts.project : undefined });
    }),
  };
}

interface KnownCluster {
  readonly name: string;
  readonly cloud: CloudName;
  readonly region: string;
  readonly project: string | undefined;
  readonly podCidr: string;
  readonly nodePools: readonly { name: string; machine: string; peers: boolean; spot: boolean }[];
}

function groundCluster({ name, cloud, region, project, podCidr, nodePools }: KnownCluster): GroundCluster {
  return {
    name,
    region,
    podCidr,
    nodePools: nodePools.map((pool) => groundPool(cloud, pool)),
    account: { cloud, region, project },
  };
}

function groundPool(
  cloud: CloudName,
  { name, machine, peers, spot }: KnownCluster["nodePools"][number],
): NodePoolGround {
  const facts = CATALOG[cloud].machines[machine];
  if (facts === undefined) throw new Error(`no machine ${machine} in the catalogue of ${cloud}`);
  return { name, machine, peers, spot, ...facts };
}

/** A single cluster with machines of which nothing is known but that daemons run on them. */
export function groundOfKubeconfig({ context, podCidr }: KubeconfigEnvironment): Ground {
  const machines: NodePoolGround = {
    name: "nodes",
    machine: undefined,
    peers: true,
    spot: false,
    cpus: undefined,
    memoryGiB: undefined,
    architecture: "x86_64",
    features: ["avx", "avx2", "bmi2"],
  };
  const name = clusterNameOf(context);
  return {
    domain: undefined,
    clusters: [{ name, region: name, podCidr, nodePools: [machines], account: undefined }],
  };
}

/** A context may have any name; that of a cluster is letters and digits. */
export function clusterNameOf(context: string): string {
  const name = context
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .replace(/^\d+/, "");
  return name.slice(0, 20) || "cluster";
}

/** First ports of networks that name none: a hundred apart, above the ports an environment opens for all. */
export const PEER_PORT_BLOCKS = { from: 11_000, blocks: 180, size: 100 } as const;

/** First port of a network that names none: it follows from its name, so two of them may meet. */
export function defaultPortsFrom(stack: string): number {
  const { from, blocks, size } = PEER_PORT_BLOCKS;
  return from + (parseInt(shortHash(stack), 16) % blocks) * size;
}

/** Where a network of clusters is planned. */
export function clusterPlacement(
  ground: Ground,
  stack: string,
  settings: { readonly era: number; readonly ports?: { readonly from: number } | undefined },
): ClusterPlacement {
  return {
    target: "kubernetes",
    network: stack,
    era: settings.era,
    portsFrom: settings.ports?.from ?? defaultPortsFrom(stack),
    domain: ground.domain === undefined ? undefined : `${stack}.${ground.domain}`,
    clusters: ground.clusters.map(({ name, region, podCidr, nodePools }) => ({
      name,
      region,
      podCidr,
      nodePools,
    })),
  };
}
