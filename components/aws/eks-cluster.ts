import * as ec2 from "@pulumi/aws/ec2";
import type * as eks from "@pulumi/aws/eks";
import { Provider } from "@pulumi/kubernetes/provider";
import type * as pulumi from "@pulumi/pulumi";
import { TestnetComponent } from "../component";
import {
  type Cluster,
  type ClusterArgs,
  type ClusterNetwork,
  type ClusterServices,
  type NodePool,
  type NodePoolArgs,
  nodeLabels,
} from "../contracts";
import { EncryptedStorage } from "../kubernetes/encrypted-storage";
import { physicalName } from "../naming";
import { EksAccess } from "./access";
import { EksAddons } from "./addons";
import { EksAutoscaler } from "./autoscaler";
import { EksControlPlane } from "./control-plane";
import { AwsRole } from "./iam";
import { eksKubeconfig } from "./kubeconfig";
import { AwsNetwork } from "./network";
import { EksNodePool } from "./node-pool";
import { eksServices } from "./services";

/** A node pool of the configuration and what was made of it. */
interface MadeGroup {
  readonly pool: NodePoolArgs;
  readonly nodeGroup: eks.NodeGroup;
}

/** EKS makes one Auto Scaling group for a node group; of a group that nobody made (mocks) there is none. */
function scalingGroupOf({ nodeGroup }: MadeGroup): pulumi.Output<string> {
  const groups: pulumi.Output<pulumi.Unwrap<eks.NodeGroup["resources"]> | undefined> = nodeGroup.resources;
  return groups.apply((resources) => resources?.[0]?.autoscalingGroups[0]?.name ?? "");
}

/**
 * An EKS cluster in a network of its own: nodes with public addresses, an API server that only the allowed may reach from
 * outside, Kubernetes secrets encrypted with a key of its own.
 *
 * @example
 * const cluster = new EksCluster("use1", args, "us-east-1", provider);
 * new Namespace("mine", {}, { provider: cluster.provider });
 */
export class EksCluster extends TestnetComponent implements Cluster {
  readonly cloud = "aws";
  readonly clusterName: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;
  readonly provider: Provider;
  readonly cloudProvider: pulumi.ProviderResource;
  readonly podCidr: string;
  readonly nodePools: readonly NodePool[];
  readonly storageClass: string;
  readonly nodesReady: readonly pulumi.Resource[];
  readonly volumesReady: readonly pulumi.Resource[];
  readonly secretsReady: readonly pulumi.Resource[];
  readonly network: ClusterNetwork;
  readonly nodeIdentity: pulumi.Output<string>;
  readonly services: ClusterServices;

  constructor(
    readonly name: string,
    private readonly args: ClusterArgs,
    readonly region: string,
    cloudProvider: pulumi.ProviderResource,
  ) {
    super("testnet:aws:EksCluster", name, args.identity, { providers: [cloudProvider] });
    this.cloudProvider = cloudProvider;
    const { identity, addresses, zones, zoneCount } = args;
    const network = new AwsNetwork(
      `${name}-network`,
      { identity, cidr: addresses.pods, zones, zoneCount },
      { parent: this },
    );
    const { cluster } = new EksControlPlane(`${name}-control`, { ...args, name, network }, { parent: this });
    const clusterName = cluster.name;
    const addons = new EksAddons(
      `${name}-addons`,
      { identity, cluster: name, clusterName },
      { parent: this },
    );
    const nodeRole = this.nodeRole();
    const peers = this.peerGroup(network);
    const groups = this.nodeGroups({ network, cluster, addons, nodeRole, peers });
    const nodes = groups.filter(({ pool }) => pool.min > 0).map(({ nodeGroup }) => nodeGroup);

    this.clusterName = clusterName;
    this.endpoint = cluster.endpoint;
    this.kubeconfig = eksKubeconfig({
      clusterName,
      region,
      endpoint: cluster.endpoint,
      certificateAuthority: cluster.certificateAuthority.data,
    });
    this.provider = this.kubernetes(clusterName);
    this.storageClass = this.insideTheCluster(cluster, nodes).className;
    this.podCidr = addresses.pods;
    this.nodePools = args.nodePools.map((pool) => ({ ...pool, labels: nodeLabels(pool) }));
    this.nodesReady = nodes;
    this.volumesReady = [...nodes, ...addons.onNodes(nodes)];
    this.secretsReady = [addons.secrets];
    this.network = { id: network.vpcId, region };
    this.nodeIdentity = nodeRole.arn;
    this.services = eksServices({
      cloud: "aws",
      clusterName,
      clusterArn: cluster.arn,
      peerSecurityGroup: peers.id,
      peerScalingGroups: groups.filter(({ pool }) => pool.peers).map(scalingGroupOf),
      vpcId: network.vpcId,
      subnetIds: [...network.subnetIds],
      region,
    });
    this.registerOutputs({ clusterName, endpoint: this.endpoint, podCidr: this.podCidr });
  }

  /** What machines may: join the cluster and pull images. Everything else is a right of single pods. */
  private nodeRole(): AwsRole {
    const { identity } = this.args;
    return new AwsRole(
      `${this.name}-nodes`,
      {
        identity,
        nameParts: [identity.stack, this.name, "nodes"],
        trust: { service: "ec2.amazonaws.com" },
        managedPolicies: ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"],
      },
      { parent: this },
    );
  }

  /** Worn by the nodes daemons run on. It has no rules before ports are opened. */
  private peerGroup(network: AwsNetwork): ec2.SecurityGroup {
    const name = `${this.name}-peers`;
    return new ec2.SecurityGroup(
      name,
      {
        name: physicalName("securityGroup", this.args.identity.stack, this.name, "peers"),
        description: "Nodes that daemons run on: peers of the world reach them",
        vpcId: network.vpcId,
        tags: this.named(name),
      },
      this.child(),
    );
  }

  private nodeGroups(on: {
    readonly network: AwsNetwork;
    readonly cluster: eks.Cluster;
    readonly addons: EksAddons;
    readonly nodeRole: AwsRole;
    readonly peers: ec2.SecurityGroup;
  }): readonly MadeGroup[] {
    const { identity, version } = this.args;
    // A launch template with groups of its own replaces the cluster's, so that is named too.
    const clusterGroup = on.cluster.vpcConfig.clusterSecurityGroupId;
    return this.args.nodePools.map((pool) => {
      const { nodeGroup } = new EksNodePool(
        `${this.name}-${pool.name}`,
        {
          identity,
          cluster: this.name,
          clusterName: on.cluster.name,
          version,
          pool,
          subnetIds: on.network.subnetIds,
          securityGroups: pool.peers ? [clusterGroup, on.peers.id] : [clusterGroup],
          nodeRoleArn: on.nodeRole.arn,
          after: [...on.nodeRole.policies, ...on.network.routes, ...on.addons.beforeNodes],
        },
        { parent: this },
      );
      return { pool, nodeGroup };
    });
  }

  /** The provider of objects in the cluster, once the deployer has its rights there. */
  private kubernetes(clusterName: pulumi.Output<string>): Provider {
    const { identity, administrators } = this.args;
    const access = new EksAccess(
      `${this.name}-access`,
      { identity, clusterName, administrators },
      { parent: this },
    );
    return new Provider(
      this.name,
      { kubeconfig: this.kubeconfig, enableServerSideApply: true },
      this.child({ dependsOn: [...access.associations] }),
    );
  }

  private insideTheCluster(cluster: eks.Cluster, nodes: readonly pulumi.Resource[]): EncryptedStorage {
    const { identity, chartSource } = this.args;
    const options = { parent: this, providers: [this.provider] };
    new EksAutoscaler(
      `${this.name}-autoscaler`,
      {
        identity,
        cluster: this.name,
        clusterName: cluster.name,
        clusterArn: cluster.arn,
        region: this.region,
        chartSource,
        nodes,
      },
      options,
    );
    return new EncryptedStorage(
      `${this.name}-storage`,
      { identity, provisioner: "ebs.csi.aws.com", parameters: { type: "gp3", encrypted: "true" } },
      options,
    );
  }
}
