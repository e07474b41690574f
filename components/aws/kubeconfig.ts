import * as pulumi from "@pulumi/pulumi";
import { kubeconfig } from "../kubernetes/kubeconfig";

export interface EksEndpoint {
  readonly clusterName: pulumi.Input<string>;
  readonly region: string;
  readonly endpoint: pulumi.Input<string>;
  readonly certificateAuthority: pulumi.Input<string>;
}

/** The way into an EKS cluster: tokens are made by `aws eks get-token` when needed, none is stored. */
export function eksKubeconfig({
  clusterName,
  region,
  endpoint,
  certificateAuthority,
}: EksEndpoint): pulumi.Output<string> {
  return pulumi.secret(
    pulumi.all([clusterName, endpoint, certificateAuthority]).apply(([name, server, ca]) =>
      kubeconfig({
        name,
        server,
        ca,
        command: "aws",
        args: ["eks", "get-token", "--cluster-name", name, "--region", region, "--output", "json"],
        installHint: "Install the AWS CLI, version 2: https://aws.amazon.com/cli",
      }),
    ),
  );
}
