import type { Cloud } from "../cloud/model";
import { projectNumber, text } from "./common";
import { zonesOf } from "./regions";

/** Functions (data sources) of the GCP SDK that programs of ours use. */
export const FUNCTIONS: Cloud["functions"] = {
  "gcp:organizations/getProject:getProject": (args, { account }) => {
    const projectId = text(args, "projectId") || account;
    return {
      ...{ id: `projects/${projectId}`, projectId, name: projectId, number: projectNumber(projectId) },
      ...{ autoCreateNetwork: false, billingAccount: "", deletionPolicy: "DELETE", folderId: "", orgId: "" },
      ...{ labels: {}, effectiveLabels: {}, pulumiLabels: {}, tags: {} },
    };
  },

  "gcp:compute/getZones:getZones": (args, { account, region }) => ({
    id: `projects/${account}/regions/${region}`,
    names: zonesOf(text(args, "region") || region),
    project: account,
    region,
  }),
};
