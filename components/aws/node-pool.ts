import * as ec2 from "@pulumi/aws/ec2";
import * as eks from "@pulumi/aws/eks";
import type * as pulumi from "@pulumi/pulumi";
import { type Identity, TestnetComponent } from "../component";
import { type NodePoolArgs, nodeLabels } from "../contracts";
import { physicalName } from "../naming";

export interface EksNodePoolArgs {
  readonly identity: Identity;
  readonly cluster: string;
  readonly clusterName: pulumi.Input<string>;
  readonly version: string;
  readonly pool: NodePoolArgs;
  readonly subnetIds: readonly pulumi.Input<string>[];
  readonly securityGroups: readonly pulumi.Input<string>[];
  readonly nodeRoleArn: pulumi.Input<string>;
  /** What nodes need to become ready: rights, routes, the network plugin. */
  readonly after: readonly pulumi.Resource[];
}

/** Disk of the machine as the image of Amazon Linux 2023 names it. */
const ROOT_DEVICE = "/dev/xvda";

/** A managed node group: machines with public addresses, encrypted disks, and metadata that pods cannot reach. */
export class EksNodePool extends TestnetComponent {
  readonly nodeGroup: eks.NodeGroup;

  constructor(name: string, args: EksNodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:aws:NodePool", name, args.identity, opts);
    const { pool } = args;
    const template = this.launchTemplate(name, args);
    this.nodeGroup = new eks.NodeGroup(
      name,
      {
        clusterName: args.clusterName,
        nodeGroupName: physicalName("eksNodeGroup", pool.name),
        nodeRoleArn: args.nodeRoleArn,
        subnetIds: [...args.subnetIds],
        version: args.version,
        amiType: pool.architecture === "arm64" ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD",
        capacityType: pool.spot ? "SPOT" : "ON_DEMAND",
        instanceTypes: [pool.machine],
        scalingConfig: { minSize: pool.min, maxSize: pool.max, desiredSize: pool.min },
        updateConfig: { maxUnavailable: 1 },
        nodeRepairConfig: { enabled: true },
        labels: nodeLabels(pool),
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        tags: this.named(name),
      },
      this.child({
        dependsOn: [...args.after],
        // The autoscaler's to change.
        ignoreChanges: ["scalingConfig.desiredSize"],
      }),
    );
    this.registerOutputs({});
  }

  private launchTemplate(name: string, args: EksNodePoolArgs): ec2.LaunchTemplate {
    return new ec2.LaunchTemplate(
      name,
      {
        name: physicalName("launchTemplate", args.identity.stack, args.cluster, args.pool.name),
        updateDefaultVersion: true,
        vpcSecurityGroupIds: [...args.securityGroups],
        // One hop: a pod of the pod network does not get at the node's role.
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [
          {
            deviceName: ROOT_DEVICE,
            ebs: {
              volumeSize: args.pool.diskGiB,
              volumeType: "gp3",
              encrypted: "true",
              deleteOnTermination: "true",
            },
          },
        ],
        tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({
          resourceType,
          tags: this.named(name),
        })),
        tags: this.named(name),
      },
      this.child(),
    );
  }
}
