/** Regions and zones of GCP as of 2026-11. */
const ZONES: Readonly<Record<string, string>> = {
  "asia-east1": "abc",
  "asia-northeast1": "abc",
  "asia-northeast3": "abc",
  "asia-south1": "abc",
  "asia-southeast1": "abc",
  "australia-southeast1": "abc",
  "europe-central2": "abc",
  "europe-north1": "abc",
  "europe-southwest1": "abc",
  "europe-west1": "bcd",
  "europe-west2": "abc",
  "europe-west3": "abc",
  "europe-west4": "abc",
  "europe-west6": "abc",
  "europe-west9": "abc",
  "northamerica-northeast1": "abc",
  "southamerica-east1": "abc",
  "us-central1": "abcf",
  "us-east1": "bcd",
  "us-east4": "abc",
  "us-east5": "abc",
  "us-south1": "abc",
  "us-west1": "abc",
  "us-west2": "abc",
  "us-west3": "abc",
  "us-west4": "abc",
};

/** Places larger than a region, for buckets and registries. */
const MULTI_REGIONS = ["us", "eu", "asia", "europe"];

export function isRegion(region: string): boolean {
  return region in ZONES;
}

export function zonesOf(region: string): string[] {
  return Array.from(ZONES[region] ?? "", (letter) => `${region}-${letter}`);
}

/** The region of a region or zone; undefined where there is none of the name. */
export function regionOf(location: string): string | undefined {
  if (isRegion(location)) return location;
  const region = location.replace(/-[a-z]$/, "");
  return zonesOf(region).includes(location) ? region : undefined;
}

export function isStorageLocation(location: string): boolean {
  const lower = location.toLowerCase();
  return isRegion(lower) || MULTI_REGIONS.includes(lower);
}

export const REGIONS: readonly string[] = Object.keys(ZONES);
