import type * as container from "@pulumi/gcp/container";
import * as pulumi from "@pulumi/pulumi";
import { kubeconfig } from "../kubernetes/kubeconfig";

/** The way into a GKE cluster: tokens are made by `gke-gcloud-auth-plugin` when needed, none is stored. */
export function gkeKubeconfig({
  name,
  endpoint,
  masterAuth,
}: Pick<container.Cluster, "name" | "endpoint" | "masterAuth">): pulumi.Output<string> {
  return pulumi.secret(
    pulumi.all([name, endpoint, masterAuth.clusterCaCertificate]).apply(([cluster, address, ca]) =>
      kubeconfig({
        name: cluster,
        server: `https://${address}`,
        ca,
        command: "gke-gcloud-auth-plugin",
        args: [],
        installHint: "Install it with `gcloud components install gke-gcloud-auth-plugin`.",
      }),
    ),
  );
}
