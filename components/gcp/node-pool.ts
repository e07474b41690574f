import * as container from "@pulumi/gcp/container";
import type * as pulumi from "@pulumi/pulumi";
import { type Identity, TestnetComponent } from "../component";
import { type NodePoolArgs, nodeLabels } from "../contracts";
import { physicalName } from "../naming";

export interface GkeNodePoolArgs {
  readonly identity: Identity;
  /** Id of the cluster. */
  readonly cluster: pulumi.Input<string>;
  readonly region: string;
  readonly zones: readonly string[];
  readonly pool: NodePoolArgs;
  readonly serviceAccount: pulumi.Input<string>;
  /** Network tag of nodes that daemons run on. */
  readonly peerTag: string;
  readonly after: readonly pulumi.Resource[];
}

/** What every node of ours is, the short-lived first one of a cluster included. */
export const NODE_SECURITY = {
  oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
  shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
  workloadMetadataConfig: { mode: "GKE_METADATA" },
  metadata: { "disable-legacy-endpoints": "true" },
};

/** A node pool: machines with public addresses, spread over the zones, that grow and shrink between `min` and `max`. */
export class GkeNodePool extends TestnetComponent {
  readonly nodePool: container.NodePool;

  constructor(name: string, args: GkeNodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:gcp:NodePool", name, args.identity, opts);
    const { pool, zones } = args;
    this.nodePool = new container.NodePool(
      name,
      {
        name: physicalName("gkeNodePool", pool.name),
        cluster: args.cluster,
        location: args.region,
        nodeLocations: [...zones],
        // Counted by zone, unlike the limits below.
        initialNodeCount: Math.ceil(pool.min / zones.length),
        autoscaling: {
          totalMinNodeCount: pool.min,
          totalMaxNodeCount: pool.max,
          locationPolicy: pool.spot ? "ANY" : "BALANCED",
        },
        management: { autoRepair: true, autoUpgrade: true },
        upgradeSettings: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
        networkConfig: { enablePrivateNodes: false },
        nodeConfig: this.nodeConfig(args),
      },
      this.child({
        dependsOn: [...args.after],
        // The autoscaler's to change.
        ignoreChanges: ["initialNodeCount", "nodeCount"],
      }),
    );
    this.registerOutputs({});
  }

  private nodeConfig({ pool, serviceAccount, peerTag }: GkeNodePoolArgs) {
    return {
      ...NODE_SECURITY,
      machineType: pool.machine,
      imageType: "COS_CONTAINERD",
      diskType: "pd-balanced",
      diskSizeGb: pool.diskGiB,
      spot: pool.spot,
      serviceAccount,
      tags: pool.peers ? [peerTag] : [],
      labels: nodeLabels(pool),
      resourceLabels: this.tags,
    };
  }
}
