import type { CloudName } from "../../components/contracts";
import { aws } from "./aws";
import type { CloudCatalog } from "./facts";
import { gcp } from "./gcp";

export const CATALOG: Readonly<Record<CloudName, CloudCatalog>> = { aws, gcp };

/** Minor versions of Kubernetes that both EKS (standard support) and GKE (regular channel) offer, newest first. */
export const KUBERNETES_VERSIONS = ["1.36", "1.35", "1.34"] as const;
export const DEFAULT_KUBERNETES = "1.35";
