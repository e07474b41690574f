import { CloudError, type Quota } from "../cloud/model";

/** Default quotas of a new GCP project, by the metric's name. */
function quota(id: string, limit: number, per: "region" | "account"): Quota {
  return {
    id,
    name: id,
    limit,
    per,
    words: (most, { region }) =>
      new CloudError(
        "quotaExceeded",
        `Quota '${id}' exceeded. Limit: ${most}.0 ${per === "region" ? `in region ${region}` : "globally"}.`,
        403,
      ),
  };
}

export const NETWORKS = quota("NETWORKS", 15, "account");
export const SUBNETWORKS = quota("SUBNETWORKS", 275, "account");
export const FIREWALLS = quota("FIREWALLS", 200, "account");
export const STATIC_ADDRESSES = quota("STATIC_ADDRESSES", 8, "region");

/** What machines of a node pool take; the words are those of GKE. */
export function machineQuota(id: string, limit: number): Quota {
  return {
    id,
    name: id,
    limit,
    per: "region",
    words: (most, { region }) =>
      new CloudError(
        "forbidden",
        `Insufficient regional quota to satisfy request: resource "${id}": request exceeds the quota of '${most}.0' in ${region}. View and manage quotas at https://console.cloud.google.com/iam-admin/quotas`,
        403,
      ),
  };
}
