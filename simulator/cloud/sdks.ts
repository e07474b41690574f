import { MODELS as AWS } from "../aws/models";
import { MODELS as DOCKER } from "../docker/models";
import { MODELS as GCP } from "../gcp/models";

/** The SDKs whose types are simulated. */
export const SDKS = [
  { cloud: "aws", sdk: "@pulumi/aws", types: AWS.map(({ type }) => type) },
  { cloud: "gcp", sdk: "@pulumi/gcp", types: GCP.map(({ type }) => type) },
  { cloud: "docker", sdk: "@pulumi/docker", types: DOCKER.map(({ type }) => type) },
] as const;
