import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { type Identity, TestnetComponent } from "../component";
import { physicalName } from "../naming";

/** One statement of a policy. Actions and resources are named one by one. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resources: pulumi.Input<readonly string[]>;
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, pulumi.Input<string>>>>>;
}

/** Who may take a role on. */
export interface Trust {
  /** e.g. `eks.amazonaws.com`. */
  readonly service: string;
  readonly actions?: readonly string[];
  readonly conditions?: Statement["conditions"];
}

export interface RoleArgs {
  readonly identity: Identity;
  /** Parts of the role's name in the account. */
  readonly nameParts: readonly string[];
  readonly trust: Trust;
  /** Names of policies that AWS keeps, e.g. `AmazonEKSClusterPolicy`. */
  readonly managedPolicies?: readonly string[];
  readonly statements?: readonly Statement[];
}

/** An IAM role with its policies. Whoever needs its rights waits for `policies`. */
export class AwsRole extends TestnetComponent {
  readonly arn: pulumi.Output<string>;
  readonly policies: readonly pulumi.Resource[];

  constructor(name: string, args: RoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:aws:Role", name, args.identity, opts);
    const role = new iam.Role(
      name,
      {
        name: physicalName("iamRole", ...args.nameParts),
        assumeRolePolicy: trustDocument(args.trust),
        tags: this.tags,
      },
      this.child(),
    );
    const attachments = (args.managedPolicies ?? []).map(
      (policy) =>
        new iam.RolePolicyAttachment(
          `${name}-${policy.replace(/^.*\//, "")}`,
          { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
          this.child(),
        ),
    );
    const { statements = [] } = args;
    const inline =
      statements.length === 0
        ? []
        : [
            new iam.RolePolicy(
              `${name}-policy`,
              { name: "rights", role: role.name, policy: policyDocument(statements) },
              this.child(),
            ),
          ];
    this.arn = role.arn;
    this.policies = [...attachments, ...inline];
    this.registerOutputs({ arn: this.arn });
  }
}

/** Trust in one Kubernetes service account, through EKS Pod Identity; of one cluster where `clusterArn` is given. */
export function podTrust(
  namespace: string,
  serviceAccount: string,
  clusterArn?: pulumi.Input<string>,
): Trust {
  return {
    service: "pods.eks.amazonaws.com",
    actions: ["sts:AssumeRole", "sts:TagSession"],
    conditions: {
      StringEquals: {
        "aws:RequestTag/kubernetes-namespace": namespace,
        "aws:RequestTag/kubernetes-service-account": serviceAccount,
        ...(clusterArn !== undefined && { "aws:RequestTag/eks-cluster-arn": clusterArn }),
      },
    },
  };
}

function trustDocument({ service, actions = ["sts:AssumeRole"], conditions }: Trust): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: actions,
        ...(conditions !== undefined && { Condition: conditions }),
      },
    ],
  });
}

function policyDocument(statements: readonly Statement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: statements.map(({ actions, resources, conditions }) => ({
      Effect: "Allow",
      Action: actions,
      Resource: resources,
      ...(conditions !== undefined && { Condition: conditions }),
    })),
  });
}
