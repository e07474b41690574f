import type { CloudName } from "../../components/contracts";

/**
 * List prices in US dollars, on demand, without tax and discounts, written down by hand from the clouds' price pages.
 * Good enough to see what an environment is made of and which line is the large one; a bill will differ.
 */
export const PRICES_DATE = "2026-11-01";

export interface CloudPrices {
  /** Name of what runs clusters. */
  readonly control: string;
  readonly controlPlaneHour: number;
  /** By family: per hour of one CPU of a machine, in the reference region. */
  readonly cpuHour: Readonly<Record<string, number>>;
  /** Price of a region over that of the reference region; 1 where it is not named. */
  readonly regionFactor: Readonly<Record<string, number>>;
  /** What spot machines cost of the price on demand, as an estimate: it changes by the hour. */
  readonly spotShare: number;
  readonly publicAddressHour: number;
  readonly diskGiBMonth: number;
  /** The key of a cluster's secrets; GKE's own is free. */
  readonly keyMonth: number;
  readonly secretMonth: number;
  readonly zoneMonth: number;
  /** Control-plane logs of a quiet cluster. */
  readonly logsMonth: number;
  /** Ten GiB of images and files. */
  readonly storageMonth: number;
}

export const PRICES: Readonly<Record<CloudName, CloudPrices>> = {
  aws: {
    control: "EKS",
    controlPlaneHour: 0.1,
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
      "ap-southeast-1": 1.2,
      "ap-southeast-2": 1.25,
    },
    spotShare: 0.4,
    publicAddressHour: 0.005,
    diskGiBMonth: 0.08,
    keyMonth: 1,
    secretMonth: 0.4,
    zoneMonth: 0.5,
    logsMonth: 5,
    storageMonth: 1.25,
  },
  gcp: {
    control: "GKE",
    controlPlaneHour: 0.1,
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
    publicAddressHour: 0.005,
    diskGiBMonth: 0.1,
    keyMonth: 0,
    secretMonth: 0.06,
    zoneMonth: 0.2,
    logsMonth: 0,
    storageMonth: 1.2,
  },
};
