import type * as pulumi from "@pulumi/pulumi";

/** A cloud, by the name a stack file gives it. */
export type CloudName = "aws" | "gcp";

/** A private network, for private zones. */
export interface ClusterNetwork {
  readonly id: pulumi.Output<string>;
  readonly region: string;
}
