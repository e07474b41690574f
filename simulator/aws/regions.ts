/** Regions and zones of AWS as of 2026-11, with those that every account can use. */
const ZONES: Readonly<Record<string, string>> = {
  "ap-northeast-1": "acd",
  "ap-northeast-2": "abcd",
  "ap-northeast-3": "abc",
  "ap-south-1": "abc",
  "ap-southeast-1": "abc",
  "ap-southeast-2": "abc",
  "ca-central-1": "abd",
  "eu-central-1": "abc",
  "eu-north-1": "abc",
  "eu-west-1": "abc",
  "eu-west-2": "abc",
  "eu-west-3": "abc",
  "sa-east-1": "abc",
  "us-east-1": "abcdef",
  "us-east-2": "abc",
  "us-west-1": "ac",
  "us-west-2": "abcd",
};

export function isRegion(region: string): boolean {
  return region in ZONES;
}

export function zonesOf(region: string): string[] {
  return Array.from(ZONES[region] ?? "", (letter) => `${region}${letter}`);
}

/** Ids of zones do not depend on the account, e.g. `use1-az2`. */
export function zoneId(zone: string): string {
  const [area = "", direction = "", rest = ""] = zone.split("-");
  const letter = rest.slice(-1);
  const short = { north: "n", south: "s", east: "e", west: "w", central: "c" };
  const ends = direction.replace(
    /north|south|east|west|central/g,
    (word) => short[word as keyof typeof short],
  );
  return `${area}${ends}${rest.slice(0, -1)}-az${letter.charCodeAt(0) - 96}`;
}

export const REGIONS: readonly string[] = Object.keys(ZONES);
