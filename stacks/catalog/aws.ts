import type { CloudCatalog } from "./facts";
import { machines } from "./family";

const SIZES = { large: 2, xlarge: 4, "2xlarge": 8, "4xlarge": 16, "8xlarge": 32 };

/** Regions that need no opting in, by how many zones take an EKS cluster of every account. */
const ZONES: Readonly<Record<string, number>> = {
  "us-east-1": 3,
  "us-east-2": 3,
  "us-west-1": 2,
  "us-west-2": 3,
  "ca-central-1": 2,
  "sa-east-1": 3,
  "eu-central-1": 3,
  "eu-north-1": 3,
  "eu-west-1": 3,
  "eu-west-2": 3,
  "eu-west-3": 3,
  "ap-northeast-1": 3,
  "ap-northeast-2": 3,
  "ap-south-1": 3,
  "ap-southeast-1": 3,
  "ap-southeast-2": 3,
};

export const aws: CloudCatalog = {
  regions: Object.fromEntries(
    // Which letter stands for which zone differs by account: AWS is asked.
    Object.entries(ZONES).map(([region, zoneCount]) => [region, { zoneCount, zones: undefined }]),
  ),
  machines: Object.fromEntries([
    ...machines("t3", "x86_64", 4, { large: 2, xlarge: 4, "2xlarge": 8 }),
    ...machines("m6a", "x86_64", 4, SIZES),
    ...machines("c6a", "x86_64", 2, SIZES),
    ...machines("r6a", "x86_64", 8, SIZES),
    ...machines("m7g", "arm64", 4, SIZES),
    ...machines("c7g", "arm64", 2, SIZES),
  ]),
  credentials: {
    sources: [
      { variables: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] },
      { variables: ["AWS_PROFILE"] },
      { variables: ["AWS_ROLE_ARN"], fileIn: "AWS_WEB_IDENTITY_TOKEN_FILE" },
      { variables: ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] },
      { variables: ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] },
      { file: "~/.aws/credentials" },
      { file: "~/.aws/config" },
    ],
    login: "aws configure sso",
    variables: "AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
  },
};
