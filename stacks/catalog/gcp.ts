import type { CloudCatalog } from "./facts";
import { machines } from "./family";

const SIZES = { "2": 2, "4": 4, "8": 8, "16": 16, "32": 32 };

/** Letters of the three zones a regional cluster takes. */
const ZONES: Readonly<Record<string, readonly string[]>> = {
  "us-central1": ["a", "b", "c"],
  "us-east1": ["b", "c", "d"],
  "us-east4": ["a", "b", "c"],
  "us-west1": ["a", "b", "c"],
  "us-west2": ["a", "b", "c"],
  "northamerica-northeast1": ["a", "b", "c"],
  "southamerica-east1": ["a", "b", "c"],
  "europe-north1": ["a", "b", "c"],
  "europe-west1": ["b", "c", "d"],
  "europe-west2": ["a", "b", "c"],
  "europe-west3": ["a", "b", "c"],
  "europe-west4": ["a", "b", "c"],
  "asia-northeast1": ["a", "b", "c"],
  "asia-south1": ["a", "b", "c"],
  "asia-southeast1": ["a", "b", "c"],
  "australia-southeast1": ["a", "b", "c"],
};

export const gcp: CloudCatalog = {
  regions: Object.fromEntries(
    Object.entries(ZONES).map(([region, letters]) => {
      const zones = letters.map((letter) => `${region}-${letter}`);
      return [region, { zoneCount: zones.length, zones }];
    }),
  ),
  machines: Object.fromEntries([
    ...machines("e2-standard", "x86_64", 4, SIZES, "-"),
    ...machines("n2d-standard", "x86_64", 4, SIZES, "-"),
    ...machines("n2d-highcpu", "x86_64", 1, { "8": 8, "16": 16, "32": 32 }, "-"),
    ...machines("n2d-highmem", "x86_64", 8, SIZES, "-"),
    ...machines("n2-standard", "x86_64", 4, SIZES, "-"),
  ]),
  credentials: {
    sources: [
      { fileIn: "GOOGLE_APPLICATION_CREDENTIALS" },
      { variables: ["GOOGLE_CREDENTIALS"] },
      { variables: ["GOOGLE_OAUTH_ACCESS_TOKEN"] },
      { file: "~/.config/gcloud/application_default_credentials.json" },
    ],
    login: "gcloud auth application-default login",
    variables: "GOOGLE_APPLICATION_CREDENTIALS",
  },
};
