import * as pulumi from "@pulumi/pulumi";
import { type Lifetime, lifetimeOf } from "./lifetime";

/**
 * The lifetime of a network that is deployed. What was never up is shown by a preview as if it were made now.
 * @throws TestnetError TN1050 where an `up` does not know since when the network is there
 */
export function lifetimeNow(expires: string, created: string | undefined): Lifetime {
  const provisional = pulumi.runtime.isDryRun() && expires !== "never" ? new Date().toISOString() : undefined;
  return lifetimeOf(expires, created ?? provisional);
}
