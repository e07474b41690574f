import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as eks from "@pulumi/aws/eks";
import * as kms from "@pulumi/aws/kms";
import type * as pulumi from "@pulumi/pulumi";
import { TestnetComponent } from "../component";
import type { ClusterArgs } from "../contracts";
import { physicalName } from "../naming";
import { AwsRole } from "./iam";
import type { AwsNetwork } from "./network";

export interface EksControlPlaneArgs extends ClusterArgs {
  /** Name of the cluster in its environment. */
  readonly name: string;
  readonly network: AwsNetwork;
}

/** All of what the control plane can log. */
const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/** Days a deleted key can be brought back: the least AWS takes, and a month where it is guarded. */
const KEY_RECOVERY_DAYS = { guarded: 30, unguarded: 7 } as const;

/** An EKS control plane with its role, its key for Kubernetes secrets and its log group. */
export class EksControlPlane extends TestnetComponent {
  readonly cluster: eks.Cluster;

  constructor(name: string, args: EksControlPlaneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:aws:ControlPlane", name, args.identity, opts);
    const { stack, protect } = args.identity;
    const clusterName = physicalName("eksCluster", stack, args.name);
    const key = this.key(name, args);
    const role = this.role(name, args, key);
    const logs = new cloudwatch.LogGroup(
      `${name}-logs`,
      // EKS would make it by itself, and then keep it for ever.
      { name: `/aws/eks/${clusterName}/cluster`, retentionInDays: args.logRetentionDays, tags: this.tags },
      this.child(),
    );
    this.cluster = new eks.Cluster(
      name,
      {
        name: clusterName,
        version: args.version,
        roleArn: role.arn,
        bootstrapSelfManagedAddons: false,
        accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
        vpcConfig: {
          subnetIds: [...args.network.subnetIds],
          endpointPrivateAccess: true,
          endpointPublicAccess: true,
          publicAccessCidrs: [...args.apiAccess],
        },
        kubernetesNetworkConfig: { ipFamily: "ipv4", serviceIpv4Cidr: args.addresses.services },
        encryptionConfig: { provider: { keyArn: key.arn }, resources: ["secrets"] },
        enabledClusterLogTypes: LOG_TYPES,
        // An outdated version is upgraded, not billed six times over.
        upgradePolicy: { supportType: "STANDARD" },
        deletionProtection: protect,
        tags: this.named(clusterName),
      },
      this.statefulChild({ dependsOn: [...role.policies, logs] }),
    );
    this.registerOutputs({});
  }

  private key(name: string, { name: cluster, identity }: EksControlPlaneArgs): kms.Key {
    const key = new kms.Key(
      `${name}-secrets`,
      {
        description: `Kubernetes secrets of ${identity.stack} ${cluster}`,
        enableKeyRotation: true,
        deletionWindowInDays: identity.protect ? KEY_RECOVERY_DAYS.guarded : KEY_RECOVERY_DAYS.unguarded,
        tags: this.tags,
      },
      this.statefulChild(),
    );
    new kms.Alias(
      `${name}-secrets`,
      {
        name: `alias/${physicalName("kmsAlias", identity.stack, cluster, "secrets")}`,
        targetKeyId: key.keyId,
      },
      this.child(),
    );
    return key;
  }

  private role(name: string, { name: cluster, identity }: EksControlPlaneArgs, key: kms.Key): AwsRole {
    return new AwsRole(
      `${name}-role`,
      {
        identity,
        nameParts: [identity.stack, cluster, "control"],
        trust: { service: "eks.amazonaws.com" },
        managedPolicies: ["AmazonEKSClusterPolicy"],
        statements: [
          {
            actions: ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"],
            resources: key.arn.apply((arn) => [arn]),
          },
        ],
      },
      { parent: this },
    );
  }
}
