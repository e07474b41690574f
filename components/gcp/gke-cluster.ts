import type * as container from "@pulumi/gcp/container";
import { getProjectOutput } from "@pulumi/gcp/organizations";
import * as projects from "@pulumi/gcp/projects";
import * as serviceaccount from "@pulumi/gcp/serviceaccount";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { TestnetComponent } from "../component";
import {
  type Cluster,
  type ClusterArgs,
  type ClusterNetwork,
  type ClusterServices,
  type NodePool,
  nodeLabels,
} from "../contracts";
import { EncryptedStorage } from "../kubernetes/encrypted-storage";
import { physicalName } from "../naming";
import { GkeControlPlane } from "./control-plane";
import { gkeKubeconfig } from "./kubeconfig";
import { GcpNetwork } from "./network";
import { GkeNodePool } from "./node-pool";
import { gkeServices } from "./services";

export interface GkeLocation {
  readonly project: string;
  readonly region: string;
}

/**
 * A GKE cluster (Standard: daemons need the port they advertise on the node) in a network of its own: nodes with public
 * addresses and an identity of their own, an API server that only the allowed may reach.
 *
 * @example
 * const cluster = new GkeCluster("euw4", args, { project: "example-testnets", region: "europe-west4" }, provider);
 * new Namespace("mine", {}, { provider: cluster.provider });
 */
export class GkeCluster extends TestnetComponent implements Cluster {
  readonly cloud = "gcp";
  readonly region: string;
  readonly clusterName: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;
  readonly provider: Provider;
  readonly cloudProvider: pulumi.ProviderResource;
  readonly podCidr: string;
  readonly nodePools: readonly NodePool[];
  readonly storageClass: string;
  readonly nodesReady: readonly pulumi.Resource[];
  /** The driver is part of the cluster. */
  readonly volumesReady: readonly pulumi.Resource[];
  /** The add-on is part of the cluster. */
  readonly secretsReady: readonly pulumi.Resource[] = [];
  readonly network: ClusterNetwork;
  readonly nodeIdentity: pulumi.Output<string>;
  readonly services: ClusterServices;

  constructor(
    readonly name: string,
    private readonly args: ClusterArgs,
    private readonly location: GkeLocation,
    cloudProvider: pulumi.ProviderResource,
  ) {
    super("testnet:gcp:GkeCluster", name, args.identity, { providers: [cloudProvider] });
    this.cloudProvider = cloudProvider;
    const { identity, addresses } = args;
    const { project, region } = location;
    const { network, subnetwork } = new GcpNetwork(
      `${name}-network`,
      { identity, cluster: name, region, addresses },
      { parent: this },
    );
    const nodes = this.nodeAccount();
    const { cluster } = new GkeControlPlane(
      `${name}-control`,
      {
        ...args,
        ...location,
        name,
        zones: this.zones,
        network,
        subnetwork,
        nodeAccount: nodes.account.email,
      },
      { parent: this },
    );
    const peerTag = physicalName("gcpTag", identity.stack, name, "peers");

    this.region = region;
    this.clusterName = cluster.name;
    this.endpoint = pulumi.interpolate`https://${cluster.endpoint}`;
    this.kubeconfig = gkeKubeconfig(cluster);
    this.provider = new Provider(
      name,
      { kubeconfig: this.kubeconfig, enableServerSideApply: true },
      this.child(),
    );
    this.storageClass = new EncryptedStorage(
      `${name}-storage`,
      { identity, provisioner: "pd.csi.storage.gke.io", parameters: { type: "pd-balanced" } },
      { parent: this, providers: [this.provider] },
    ).className;
    this.podCidr = addresses.pods;
    this.nodePools = args.nodePools.map((pool) => ({ ...pool, labels: nodeLabels(pool) }));
    this.nodesReady = this.pools(cluster, peerTag, nodes);
    this.volumesReady = this.nodesReady;
    this.network = { id: network.id, region };
    this.nodeIdentity = nodes.account.email;
    const projectNumber = getProjectOutput({ projectId: project }, { parent: this }).number;
    this.services = gkeServices({
      cloud: "gcp",
      project,
      projectNumber,
      network: network.id,
      peerTag,
      region,
    });
    this.registerOutputs({ clusterName: this.clusterName, endpoint: this.endpoint, podCidr: this.podCidr });
  }

  /** Zones of GCP have the same names for everyone: the stack file or our catalog names them. */
  private get zones(): readonly string[] {
    const { zones } = this.args;
    if (zones === undefined) throw new Error(`cluster ${this.name}: zones of GCP are named`);
    return zones;
  }

  /** Who nodes are: an account that may log and be monitored, instead of the default one that may edit the project. */
  private nodeAccount() {
    const { identity } = this.args;
    const { project } = this.location;
    const account = new serviceaccount.Account(
      `${this.name}-nodes`,
      {
        accountId: physicalName("serviceAccount", identity.stack, this.name, "nodes"),
        displayName: `Nodes of ${identity.stack} ${this.name}`,
        description: this.description,
        project,
      },
      this.child(),
    );
    const right = new projects.IAMMember(
      `${this.name}-nodes`,
      { project, role: "roles/container.defaultNodeServiceAccount", member: account.member },
      this.child(),
    );
    return { account, right };
  }

  /** The node pools; those that have machines from the start are returned. */
  private pools(
    cluster: container.Cluster,
    peerTag: string,
    nodes: { readonly account: serviceaccount.Account; readonly right: projects.IAMMember },
  ): readonly container.NodePool[] {
    const { identity, nodePools } = this.args;
    const pools = nodePools.map((pool) => {
      const { nodePool } = new GkeNodePool(
        `${this.name}-${pool.name}`,
        {
          identity,
          cluster: cluster.id,
          region: this.location.region,
          zones: this.zones,
          pool,
          serviceAccount: nodes.account.email,
          peerTag,
          after: [nodes.right],
        },
        { parent: this },
      );
      return { pool, nodePool };
    });
    return pools.filter(({ pool }) => pool.min > 0).map(({ nodePool }) => nodePool);
  }
}
