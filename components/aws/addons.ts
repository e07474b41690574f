import * as eks from "@pulumi/aws/eks";
import type * as pulumi from "@pulumi/pulumi";
import { type Identity, TestnetComponent } from "../component";
import { AwsRole, podTrust } from "./iam";

export interface EksAddonsArgs {
  readonly identity: Identity;
  readonly cluster: string;
  readonly clusterName: pulumi.Input<string>;
}

const SYSTEM = "kube-system";

/**
 * The add-ons of a cluster. Some are DaemonSets that nodes need to become ready and go first; the others run on nodes
 * and would not become active without them.
 */
export class EksAddons extends TestnetComponent {
  /** What a node needs to become ready. */
  readonly beforeNodes: readonly eks.Addon[];
  /** Mounts secrets into pods; a DaemonSet that waits for no node. */
  readonly secrets: eks.Addon;

  constructor(
    private readonly name: string,
    private readonly args: EksAddonsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("testnet:aws:Addons", name, args.identity, opts);
    const cni = this.podRole("vpc-cni", "aws-node", "AmazonEKS_CNI_Policy");
    this.beforeNodes = [
      this.addon("kube-proxy"),
      this.addon("eks-pod-identity-agent"),
      this.addon("vpc-cni", {
        role: cni,
        serviceAccount: "aws-node",
        // Prefixes instead of single addresses: as many pods on a machine as its memory allows.
        configuration: { enableNetworkPolicy: "true", env: { ENABLE_PREFIX_DELEGATION: "true" } },
      }),
    ];
    this.secrets = this.addon("aws-secrets-store-csi-driver-provider");
    this.registerOutputs({});
  }

  /** Add-ons that run on nodes: names inside the cluster, and volumes. Returns what volumes wait for. */
  onNodes(nodes: readonly pulumi.Resource[]): readonly pulumi.Resource[] {
    this.addon("coredns", { after: nodes });
    const serviceAccount = "ebs-csi-controller-sa";
    const role = this.podRole("ebs-csi", serviceAccount, "service-role/AmazonEBSCSIDriverPolicy");
    return [this.addon("aws-ebs-csi-driver", { role, serviceAccount, after: nodes })];
  }

  private podRole(what: string, serviceAccount: string, policy: string): AwsRole {
    const { identity, cluster } = this.args;
    return new AwsRole(
      `${this.name}-${what}`,
      {
        identity,
        nameParts: [identity.stack, cluster, what],
        trust: podTrust(SYSTEM, serviceAccount),
        managedPolicies: [policy],
      },
      { parent: this },
    );
  }

  private addon(
    addonName: string,
    how: {
      readonly role?: AwsRole;
      readonly serviceAccount?: string;
      readonly configuration?: Readonly<Record<string, unknown>>;
      readonly after?: readonly pulumi.Resource[];
    } = {},
  ): eks.Addon {
    const { role, serviceAccount, configuration, after = [] } = how;
    return new eks.Addon(
      `${this.name}-${addonName}`,
      {
        clusterName: this.args.clusterName,
        addonName,
        // The version AWS recommends for the cluster's Kubernetes when it is made.
        resolveConflictsOnCreate: "OVERWRITE",
        resolveConflictsOnUpdate: "OVERWRITE",
        ...(configuration !== undefined && { configurationValues: JSON.stringify(configuration) }),
        ...(role !== undefined &&
          serviceAccount !== undefined && {
            podIdentityAssociations: [{ roleArn: role.arn, serviceAccount }],
          }),
        tags: this.tags,
      },
      this.child({ dependsOn: [...after, ...(role?.policies ?? [])] }),
    );
  }
}
