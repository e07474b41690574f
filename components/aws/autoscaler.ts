import * as eks from "@pulumi/aws/eks";
import type * as pulumi from "@pulumi/pulumi";
import { type Identity, TestnetComponent } from "../component";
import type { ChartSource } from "../contracts";
import { chartRelease } from "../kubernetes/chart-release";
import { AwsRole, podTrust, type Statement } from "./iam";

export interface EksAutoscalerArgs {
  readonly identity: Identity;
  readonly cluster: string;
  readonly clusterName: pulumi.Input<string>;
  readonly clusterArn: pulumi.Input<string>;
  readonly region: string;
  readonly chartSource: ChartSource;
  /** What it runs on. */
  readonly nodes: readonly pulumi.Resource[];
}

const NAMESPACE = "kube-system";
const SERVICE_ACCOUNT = "cluster-autoscaler";

/** Makes node pools grow and shrink between their `min` and `max`. GKE has this built in, EKS has not. */
export class EksAutoscaler extends TestnetComponent {
  constructor(name: string, args: EksAutoscalerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:aws:Autoscaler", name, args.identity, opts);
    const { identity, cluster, clusterName, nodes } = args;
    const role = new AwsRole(
      `${name}-role`,
      {
        identity,
        nameParts: [identity.stack, cluster, "autoscaler"],
        trust: podTrust(NAMESPACE, SERVICE_ACCOUNT, args.clusterArn),
        statements: autoscalerRights(clusterName),
      },
      { parent: this },
    );
    const association = new eks.PodIdentityAssociation(
      name,
      {
        clusterName,
        namespace: NAMESPACE,
        serviceAccount: SERVICE_ACCOUNT,
        roleArn: role.arn,
        tags: this.tags,
      },
      this.child(),
    );
    chartRelease(
      `${name}-chart`,
      {
        chart: "cluster-autoscaler",
        source: args.chartSource,
        namespace: NAMESPACE,
        values: autoscalerValues(clusterName, args.region),
      },
      this.child({ dependsOn: [...nodes, association, ...role.policies] }),
    );
    this.registerOutputs({});
  }
}

/** It may change the size of this cluster's groups only. What can only be asked of all is asked of all. */
function autoscalerRights(clusterName: pulumi.Input<string>): Statement[] {
  return [
    {
      actions: [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeLaunchConfigurations",
        "autoscaling:DescribeScalingActivities",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:GetInstanceTypesFromInstanceRequirements",
        "eks:DescribeNodegroup",
      ],
      resources: ["*"],
    },
    {
      actions: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
      resources: ["*"],
      // EKS tags the groups it makes with the cluster they belong to.
      conditions: { StringEquals: { "aws:ResourceTag/eks:cluster-name": clusterName } },
    },
  ];
}

function autoscalerValues(clusterName: pulumi.Input<string>, region: string) {
  return {
    cloudProvider: "aws",
    awsRegion: region,
    autoDiscovery: { clusterName },
    rbac: { serviceAccount: { create: true, name: SERVICE_ACCOUNT } },
    extraArgs: { "balance-similar-node-groups": true, "skip-nodes-with-system-pods": false },
    resources: { requests: { cpu: "50m", memory: "256Mi" }, limits: { memory: "512Mi" } },
  };
}
