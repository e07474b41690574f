import type { BillLine, ChargedItem, Quantity } from "./bill";
import { PRICES } from "./prices";

/** A line of a bill in words, with its quantities. Pure. */
export function wordsOf(line: BillLine): string {
  const { item, cloud, pool, machine, quantity } = line;
  switch (item) {
    case "control plane":
      return `${PRICES[cloud].control} control plane`;
    case "machine":
    case "spot machine":
      return `${pool ?? ""}: ${countOf(quantity)} ${machine ?? "machines"}${item === "spot machine" ? " (spot)" : ""}`;
    case "machine address":
      return `${pool ?? ""}: ${countOf(quantity)} public addresses`;
    case "disk":
      return pool === undefined
        ? `volumes: ${countOf(quantity)} GiB`
        : `${pool}: disks of ${countOf(quantity)} GiB`;
    default:
      return `${NAMES[item]}${UNITS[item](countOf(quantity))}`;
  }
}

type Plain = Exclude<ChargedItem, "control plane" | "machine" | "spot machine" | "machine address" | "disk">;

const NAMES: Readonly<Record<Plain, string>> = {
  "reserved address": "reserved addresses",
  "load balancer": "load balancers",
  "encryption key": "encryption of Kubernetes secrets",
  secret: "secrets",
  "DNS zone": "DNS zone",
  "DNS queries": "DNS look-ups",
  logs: "control-plane logs",
  registry: "registry of images",
  bucket: "files in the bucket",
  traffic: "traffic to peers elsewhere (estimate)",
};

const pieces = (count: string) => `: ${count}`;
const alone = () => "";

const UNITS: Readonly<Record<Plain, (count: string) => string>> = {
  "reserved address": pieces,
  "load balancer": pieces,
  "encryption key": alone,
  secret: pieces,
  "DNS zone": alone,
  "DNS queries": (count) => `: ${count} million a month`,
  logs: alone,
  registry: (count) => `: ${count} GiB`,
  bucket: (count) => `: ${count} GiB`,
  traffic: (count) => `: ${count} GB a month`,
};

/** One number, or the least and the most; a share of machines that others use too is told of how many. */
function countOf({ least, most }: Quantity): string {
  if (least === most) return String(least);
  return Number.isInteger(least) ? `${least} to ${most}` : `${least} of ${most}`;
}
