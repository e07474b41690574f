import * as eks from "@pulumi/aws/eks";
import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { getSessionContextOutput } from "@pulumi/aws/iam";
import type * as pulumi from "@pulumi/pulumi";
import { type Identity, TestnetComponent } from "../component";

export interface EksAccessArgs {
  readonly identity: Identity;
  readonly clusterName: pulumi.Input<string>;
  /** ARNs of roles and users; empty for whoever deploys. */
  readonly administrators: readonly string[];
}

const CLUSTER_ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";

/** Who administers a cluster, as access entries: the creator has no hidden rights, and there is no aws-auth ConfigMap. */
export class EksAccess extends TestnetComponent {
  /** What objects in the cluster wait for. */
  readonly associations: readonly eks.AccessPolicyAssociation[];

  constructor(name: string, args: EksAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:aws:Access", name, args.identity, opts);
    const principals: readonly pulumi.Input<string>[] =
      args.administrators.length > 0 ? args.administrators : [this.deployer()];
    this.associations = principals.map((principalArn, index) => {
      const entry = new eks.AccessEntry(
        `${name}-${index + 1}`,
        { clusterName: args.clusterName, principalArn, type: "STANDARD", tags: this.tags },
        this.child(),
      );
      return new eks.AccessPolicyAssociation(
        `${name}-${index + 1}`,
        {
          clusterName: args.clusterName,
          principalArn: entry.principalArn,
          policyArn: CLUSTER_ADMIN,
          accessScope: { type: "cluster" },
        },
        this.child(),
      );
    });
    this.registerOutputs({});
  }

  /** The role behind the session that deploys: access entries know roles, not sessions. */
  private deployer(): pulumi.Output<string> {
    const { arn } = getCallerIdentityOutput({}, { parent: this });
    return getSessionContextOutput({ arn }, { parent: this }).issuerArn;
  }
}
