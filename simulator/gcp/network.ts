import { addressIn, between, cidr, matching, oneOf, overlaps } from "../cloud/formats";
import { CloudError, type Made, type Model, type Opening, type Seen } from "../cloud/model";
import {
  alreadyExists,
  computeId,
  decimal,
  inUse,
  isName,
  list,
  model,
  NAMED,
  notFound,
  object,
  selfLink,
  strings,
  text,
  timestamp,
} from "./common";
import { FIREWALLS, NETWORKS, STATIC_ADDRESSES, SUBNETWORKS } from "./quotas";
import { isRegion } from "./regions";
import { ADDRESS, NETWORK, SUBNETWORK } from "./types";

const network = model({
  type: NETWORK,
  title: "Network",
  global: true,
  seconds: { create: 12, update: 12, delete: 12 },
  autoname: { property: "name", longest: 63, lower: true },
  defaults: {
    autoCreateSubnetworks: true,
    routingMode: "REGIONAL",
    deleteDefaultRoutesOnCreate: false,
    mtu: 1460,
  },
  formats: { name: isName(), routingMode: oneOf("REGIONAL", "GLOBAL"), mtu: between(1300, 8896) },
  local: ["deleteDefaultRoutesOnCreate"],
  replacedBy: ["name", "autoCreateSubnetworks", "description", "mtu"],
  quotas: [{ quota: NETWORKS }],
  unique: { by: ["name"], per: "account", words: ({ id }) => alreadyExists(id) },
  id: computeId("networks"),
  outputs: (made) => ({
    selfLink: selfLink(made.id),
    networkId: decimal(made, "number"),
    numericId: decimal(made, "number"),
    networkFirewallPolicyEnforcementOrder: "AFTER_CLASSIC_FIREWALL",
  }),
  notFound: notFound("networks"),
  inUse,
});

const subnetwork = model({
  type: SUBNETWORK,
  title: "Subnetwork",
  seconds: { create: 20, update: 20, delete: 20 },
  autoname: { property: "name", longest: 63, lower: true },
  defaults: { privateIpGoogleAccess: false, purpose: "PRIVATE", stackType: "IPV4_ONLY" },
  required: ["ipCidrRange"],
  formats: {
    name: isName(),
    ipCidrRange: cidr(4, 29),
    "secondaryIpRanges[].ipCidrRange": cidr(4, 29),
    "secondaryIpRanges[].rangeName": isName(),
  },
  references: { network: { to: NETWORK, by: NAMED } },
  replacedBy: ["name", "region", "network", "description", "purpose"],
  quotas: [{ quota: SUBNETWORKS }],
  unique: { by: ["name"], per: "region", words: ({ id }) => alreadyExists(id) },
  id: computeId("subnetworks"),
  outputs: (made) => ({
    selfLink: selfLink(made.id),
    region: made.site.region,
    gatewayAddress: addressIn(text(made.inputs, "ipCidrRange"), 1),
    creationTimestamp: timestamp(made),
    fingerprint: made.hex("fingerprint", 12),
    subnetworkId: parseInt(made.hex("number", 8), 16),
    state: "READY",
  }),
  admit: refuseSubnetwork,
  notFound: notFound("subnetworks"),
  inUse,
});

function rangesOf({ inputs }: Pick<Seen, "inputs">): string[] {
  const secondary = list(inputs["secondaryIpRanges"]).map((range) => text(object(range), "ipCidrRange"));
  return [text(inputs, "ipCidrRange"), ...secondary].filter((range) => range !== "");
}

function refuseSubnetwork(made: Made): void {
  const { inputs, site, look, id } = made;
  refuseRegion(site.region);
  const around = NAMED.map((by) => look.one(NETWORK, inputs["network"], by)).find((one) => one !== undefined);
  if (around?.inputs["autoCreateSubnetworks"] === true) {
    throw new CloudError("invalid", "Cannot create subnetwork in a network of auto subnet mode");
  }
  const own = rangesOf(made);
  const twice = own.find((range, index) => own.slice(0, index).some((other) => overlaps(range, other)));
  if (twice !== undefined) throw conflict(twice, text(inputs, "name"), site.region);
  const isSibling = (other: Seen) =>
    other.id !== id &&
    around !== undefined &&
    NAMED.some((by) => named(around, by) === other.inputs["network"]);
  for (const other of look.all(SUBNETWORK).filter(isSibling)) {
    const clash = own.find((range) => rangesOf(other).some((taken) => overlaps(taken, range)));
    if (clash !== undefined) throw conflict(clash, text(other.inputs, "name"), other.site.region);
  }
}

function named(seen: Seen, by: string): unknown {
  return by === "id" ? seen.id : seen.attributes[by];
}

function conflict(range: string, name: string, region: string): CloudError {
  return new CloudError(
    "badRequest",
    `Invalid IPCidrRange: ${range} conflicts with existing subnetwork '${name}' in region '${region}'.`,
  );
}

export function refuseRegion(region: string): void {
  if (isRegion(region)) return;
  throw new CloudError("invalid", `Invalid value for field 'region': '${region}'. Unknown region.`);
}

const PORTS = matching(/^\d{1,5}(-\d{1,5})?$/, "a port or a range such as 8000-8010");

const firewall = model({
  type: "gcp:compute/firewall:Firewall",
  title: "Firewall",
  global: true,
  seconds: { create: 12, update: 12, delete: 12 },
  autoname: { property: "name", longest: 63, lower: true },
  defaults: { priority: 1000, direction: "INGRESS", disabled: false },
  formats: {
    name: isName(),
    direction: oneOf("INGRESS", "EGRESS"),
    priority: between(0, 65535),
    "allows[].protocol": oneOf("tcp", "udp", "icmp", "esp", "ah", "sctp", "ipip", "all"),
    "denies[].protocol": oneOf("tcp", "udp", "icmp", "esp", "ah", "sctp", "ipip", "all"),
    "allows[].ports[]": PORTS,
    "denies[].ports[]": PORTS,
    "targetTags[]": isName(),
    "sourceTags[]": isName(),
  },
  rules: (inputs) => ({
    allows:
      ["allows", "denies"].filter((name) => name in inputs).length !== 1 &&
      "exactly one of allows and denies must be set",
    sourceRanges:
      inputs["direction"] === "EGRESS" && "sourceRanges" in inputs && "sourceRanges belong to INGRESS",
    targetTags:
      "targetTags" in inputs &&
      "targetServiceAccounts" in inputs &&
      "only one of targetTags and targetServiceAccounts can be set",
  }),
  references: { network: { to: NETWORK, by: NAMED } },
  replacedBy: ["name", "network", "direction"],
  quotas: [{ quota: FIREWALLS }],
  unique: { by: ["name"], per: "account", words: ({ id }) => alreadyExists(id) },
  id: computeId("firewalls"),
  outputs: (made) => ({ selfLink: selfLink(made.id), creationTimestamp: timestamp(made) }),
  openings: ({ inputs }) => {
    const sources = strings(inputs["sourceRanges"]);
    const restricted = sources.length > 0 || "sourceTags" in inputs || "sourceServiceAccounts" in inputs;
    const isOpen = !restricted || sources.some((range) => range === "0.0.0.0/0" || range === "::/0");
    if (text(inputs, "direction") === "EGRESS" || inputs["disabled"] === true || !isOpen) return [];
    return list(inputs["allows"]).map(object).flatMap(opened);
  },
});

function opened(allow: Record<string, unknown>): Opening[] {
  const protocol = text(allow, "protocol");
  const ports = strings(allow["ports"]);
  if (ports.length === 0) return [{ protocol, from: 0, to: 65535 }];
  return ports.map((range) => {
    const [from = 0, to = from] = range.split("-").map(Number);
    return { protocol, from, to };
  });
}

const address = model({
  type: ADDRESS,
  title: "Address",
  seconds: { create: 5, delete: 5 },
  autoname: { property: "name", longest: 63, lower: true },
  defaults: { addressType: "EXTERNAL", networkTier: "PREMIUM" },
  formats: {
    name: isName(),
    addressType: oneOf("EXTERNAL", "INTERNAL"),
    networkTier: oneOf("PREMIUM", "STANDARD"),
  },
  references: { subnetwork: { to: SUBNETWORK, by: NAMED }, network: { to: NETWORK, by: NAMED } },
  replacedBy: [
    "name",
    "region",
    "addressType",
    "networkTier",
    "address",
    "subnetwork",
    "network",
    "purpose",
    "description",
  ],
  quotas: [{ quota: STATIC_ADDRESSES }],
  unique: { by: ["name"], per: "region", words: ({ id }) => alreadyExists(id) },
  id: computeId("addresses"),
  outputs: (made) => ({
    selfLink: selfLink(made.id),
    region: made.site.region,
    address: addressOf(made),
    creationTimestamp: timestamp(made),
    prefixLength: 0,
    users: [],
  }),
  admit: ({ site }) => refuseRegion(site.region),
  admitDelete: (made) => {
    const { [SERVED]: service } = made.facts;
    if (typeof service === "string") throw inUse(made, [{ id: service }]);
  },
  entrances: (made) => [
    {
      kind: "address",
      address: addressOf(made),
      region: made.site.region,
      usedBy: text(made.facts, SERVED) || undefined,
    },
  ],
});

/** The fact that names what stands on an address: a Service of a cluster. */
export const SERVED = "servedTo";

function addressOf({ inputs, hex }: Made): string {
  return text(inputs, "address") || documentationAddress(hex("address", 6));
}

/** An address of the range kept for measurements (RFC 2544), which nobody on the internet has. */
export function documentationAddress(digits: string): string {
  const number = parseInt(digits, 16) % 2 ** 17;
  return `198.${18 + Math.floor(number / 65536)}.${Math.floor(number / 256) % 256}.${number % 256}`;
}

export const NETWORKING: readonly Model[] = [network, subnetwork, firewall, address];
