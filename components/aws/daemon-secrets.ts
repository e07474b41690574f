import { PodIdentityAssociation } from "@pulumi/aws/eks";
import * as pulumi from "@pulumi/pulumi";
import { TestnetComponent } from "../component";
import type { DaemonSecretGrants, DaemonSecretsArgs, SecretPlace } from "../contracts";
import { AwsRole } from "./iam";

/** Name of a daemon's secret. Slashes keep the secrets of two networks apart, whatever their names. */
function secretName(network: string, daemon: string): string {
  return `testnet/${network}/${daemon}`;
}

/** The secret of a daemon, by its name: it is no resource of a stack. */
export function awsDaemonSecret(network: string, daemon: string): SecretPlace {
  const name = secretName(network, daemon);
  return { name, id: pulumi.output(name) };
}

export interface EksDaemonSecretsArgs extends DaemonSecretsArgs {
  readonly clusterName: pulumi.Input<string>;
  readonly clusterArn: pulumi.Input<string>;
  readonly region: string;
}

/**
 * One role for all daemons of a network in a cluster. What each may read follows from the tags that EKS Pod Identity puts on
 * its session, so a daemon more is an association more, and none can read another's.
 */
export class EksDaemonSecrets extends TestnetComponent implements DaemonSecretGrants {
  readonly granted: ReadonlyMap<string, readonly pulumi.Resource[]>;

  constructor(name: string, args: EksDaemonSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:aws:DaemonSecrets", name, args.identity, opts);
    const { identity, network, clusterArn, clusterName } = args;
    const role = new AwsRole(
      name,
      {
        identity,
        nameParts: [identity.stack, name],
        trust: {
          service: "pods.eks.amazonaws.com",
          actions: ["sts:AssumeRole", "sts:TagSession"],
          conditions: {
            StringEquals: {
              "aws:RequestTag/kubernetes-namespace": network,
              "aws:RequestTag/eks-cluster-arn": clusterArn,
            },
          },
        },
        statements: [
          {
            actions: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
            resources: ownSecret(args).apply((arn) => [arn]),
          },
        ],
      },
      { parent: this },
    );
    this.granted = new Map(
      args.daemons.map((daemon) => {
        const association = new PodIdentityAssociation(
          `${name}-${daemon}`,
          { clusterName, namespace: network, serviceAccount: daemon, roleArn: role.arn, tags: this.tags },
          this.child(),
        );
        return [daemon, [association, ...role.policies]];
      }),
    );
    this.registerOutputs({});
  }
}

/** The secret of whoever asks. Secrets Manager ends every ARN in a hyphen and six characters of its own. */
function ownSecret({ clusterArn, region }: EksDaemonSecretsArgs): pulumi.Output<string> {
  const name = secretName(
    "${aws:PrincipalTag/kubernetes-namespace}",
    "${aws:PrincipalTag/kubernetes-service-account}",
  );
  return pulumi.output(clusterArn).apply((arn) => {
    const [, partition, , , account] = arn.split(":");
    return `arn:${partition}:secretsmanager:${region}:${account}:secret:${name}-??????`;
  });
}
