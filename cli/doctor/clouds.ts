import type { CloudName } from "../../components/contracts";
import { AwsCaller } from "./aws-caller";
import type { CallerPlace, CloudCaller } from "./caller";
import { GcpCaller } from "./gcp-caller";
import awsRights from "./rights/aws.json";
import gcpRights from "./rights/gcp.json";
import type { CloudRights } from "./rights/rights";

/** What the doctor knows of a cloud. */
export interface DoctoredCloud {
  readonly rights: CloudRights;
  readonly caller: (place: CallerPlace) => CloudCaller;
  /** The program with which a kubeconfig of its clusters fetches tokens. */
  readonly tokenProgram: { readonly name: string; readonly install: string };
}

/** The one place where the doctor knows a cloud. */
export const DOCTORED_CLOUDS: Readonly<Record<CloudName, DoctoredCloud>> = {
  aws: {
    rights: awsRights,
    caller: (place) => new AwsCaller(place),
    tokenProgram: { name: "aws", install: "install the AWS CLI, version 2" },
  },
  gcp: {
    rights: gcpRights,
    caller: (place) => new GcpCaller(place),
    tokenProgram: {
      name: "gke-gcloud-auth-plugin",
      install: "run `gcloud components install gke-gcloud-auth-plugin`",
    },
  },
};
