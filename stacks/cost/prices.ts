import type { CloudName } from "../../components/contracts";
import { CATALOG } from "../catalog/catalog";
import type { BillLine, ChargedItem } from "./bill";

/**
 * List prices in US dollars, on demand, without tax and discounts, written down by hand from the clouds' price pages, which
 * sources.ts names. Good enough to see what a stack is made of and which line is the large one; a bill will differ.
 */
export const PRICES_DATE = "2026-11-01";

/** Hours of an average month: what an hour's price is a month's price by. */
export const MONTH_HOURS = 730;

/** Dollars by hour, or by month: clouds tell some prices one way and some the other. */
type UnitPrice = { readonly hour: number } | { readonly month: number };

export interface CloudPrices {
  /** Name of what runs clusters. */
  readonly control: string;
  /** By family: per hour of one CPU of a machine, in the reference region. */
  readonly cpuHour: Readonly<Record<string, number>>;
  /** Price of machines in a region over that of the reference region; 1 where it is not named. */
  readonly regionFactor: Readonly<Record<string, number>>;
  /** What spot machines cost of the price on demand, as an estimate: it changes by the hour. */
  readonly spotShare: number;
  /** Of everything but machines. */
  readonly units: Readonly<Record<Exclude<ChargedItem, "machine" | "spot machine">, UnitPrice>>;
}

export const PRICES: Readonly<Record<CloudName, CloudPrices>> = {
  aws: {
    control: "EKS",
    cpuHour: { t3: 0.0416, m6a: 0.0432, c6a: 0.03825, r6a: 0.0567, m7g: 0.0408, c7g: 0.03625 },
    regionFactor: {
      "us-west-1": 1.2,
      "ca-central-1": 1.1,
      "sa-east-1": 1.6,
      "eu-central-1": 1.15,
      "eu-north-1": 1.05,
      "eu-west-1": 1.1,
      "eu-west-2": 1.15,
      "eu-west-3": 1.15,
      "ap-northeast-1": 1.25,
      "ap-northeast-2": 1.2,
      "ap-south-1": 1,
      "ap-southeast-1": 1.2,
      "ap-southeast-2": 1.25,
    },
    spotShare: 0.4,
    units: {
      "control plane": { hour: 0.1 },
      "machine address": { hour: 0.005 },
      "reserved address": { hour: 0.005 },
      // A Network Load Balancer with one capacity unit in use all the time.
      "load balancer": { hour: 0.0225 + 0.006 },
      disk: { month: 0.08 },
      "encryption key": { month: 1 },
      secret: { month: 0.4 },
      "DNS zone": { month: 0.5 },
      "DNS queries": { month: 0.4 },
      // Control-plane logs of a quiet cluster, about 10 GB.
      logs: { month: 5 },
      registry: { month: 0.1 },
      bucket: { month: 0.023 },
      traffic: { month: 0.09 },
    },
  },
  gcp: {
    control: "GKE",
    cpuHour: {
      "e2-standard": 0.0335,
      "n2d-standard": 0.04225,
      "n2d-highcpu": 0.0312,
      "n2d-highmem": 0.057,
      "n2-standard": 0.04856,
    },
    regionFactor: {
      "us-east4": 1.13,
      "us-west2": 1.2,
      "northamerica-northeast1": 1.1,
      "southamerica-east1": 1.59,
      "europe-north1": 1.1,
      "europe-west1": 1.1,
      "europe-west2": 1.29,
      "europe-west3": 1.29,
      "europe-west4": 1.1,
      "asia-northeast1": 1.28,
      "asia-south1": 1.2,
      "asia-southeast1": 1.23,
      "australia-southeast1": 1.42,
    },
    spotShare: 0.35,
    units: {
      "control plane": { hour: 0.1 },
      "machine address": { hour: 0.005 },
      // An address that a forwarding rule uses is in the price of the rule.
      "reserved address": { hour: 0 },
      // Up to five forwarding rules of a region cost as much as one; each entrance is counted by itself.
      "load balancer": { hour: 0.025 },
      disk: { month: 0.1 },
      // GKE's own encryption is free.
      "encryption key": { month: 0 },
      secret: { month: 0.06 },
      "DNS zone": { month: 0.2 },
      "DNS queries": { month: 0.4 },
      // The system's logs stay within what is free each month.
      logs: { month: 0 },
      registry: { month: 0.1 },
      bucket: { month: 0.02 },
      traffic: { month: 0.12 },
    },
  },
};

/** Dollars a month of one unit of a line; undefined where the table does not know it. */
export function monthlyUnitPrice({ cloud, region, item, machine }: Omit<BillLine, "of" | "quantity">) {
  const prices = PRICES[cloud];
  if (item !== "machine" && item !== "spot machine") {
    const price = prices.units[item];
    return "hour" in price ? price.hour * MONTH_HOURS : price.month;
  }
  const hour = machine === undefined ? undefined : machineHour(cloud, region, machine);
  if (hour === undefined) return undefined;
  return hour * MONTH_HOURS * (item === "spot machine" ? prices.spotShare : 1);
}

/** Price of a machine: of its family by its CPUs, in its region. */
function machineHour(cloud: CloudName, region: string, machine: string): number | undefined {
  const { cpuHour, regionFactor } = PRICES[cloud];
  const family = Object.keys(cpuHour).find(
    (name) => /^[.-]/.test(machine.slice(name.length)) && machine.startsWith(name),
  );
  const price = family === undefined ? undefined : cpuHour[family];
  const cpus = CATALOG[cloud].machines[machine]?.cpus;
  if (price === undefined || cpus === undefined) return undefined;
  return price * cpus * (regionFactor[region] ?? 1);
}
