import { isIPv4 } from "node:net";
import { between, matching, oneOf } from "../cloud/formats";
import { CloudError, type Model, type Seen } from "../cloud/model";
import { alreadyExists, decimal, isName, model, NAMED, strings, text, timestamp } from "./common";
import { MANAGED_ZONE, NETWORK } from "./types";

const isDnsName = matching(
  /^(?=.{1,254}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{1,63}\.$/,
  "must be a domain name that ends with a dot",
);

const managedZone = model({
  type: MANAGED_ZONE,
  title: "ManagedZone",
  global: true,
  seconds: { create: 3, update: 3, delete: 2 },
  autoname: { property: "name", longest: 63, lower: true },
  defaults: { visibility: "public", description: "Managed by Pulumi", forceDestroy: false },
  formats: { name: isName(), dnsName: isDnsName, visibility: oneOf("public", "private") },
  references: { "privateVisibilityConfig.networks[].networkUrl": { to: NETWORK, by: NAMED } },
  local: ["forceDestroy"],
  replacedBy: ["name", "dnsName", "visibility"],
  unique: { by: ["name"], per: "account", words: ({ id }) => alreadyExists(id) },
  id: ({ inputs, site }) => `projects/${site.account}/managedZones/${text(inputs, "name")}`,
  outputs: (made) => {
    const letter = "abcde"[parseInt(made.hex("servers", 2), 16) % 5] ?? "a";
    const isPublic = text(made.inputs, "visibility") !== "private";
    return {
      nameServers: isPublic
        ? [1, 2, 3, 4].map((n) => `ns-cloud-${letter}${n}.googledomains.com.`)
        : ["ns-gcp-private.googledomains.com."],
      managedZoneId: decimal(made, "number"),
      creationTime: timestamp(made),
    };
  },
  admitDelete: ({ inputs, id, look }) => {
    const isHere = ({ inputs: record }: Seen) =>
      [text(inputs, "name"), id].includes(text(record, "managedZone"));
    if (inputs["forceDestroy"] === true || !look.all(RECORD_SET).some(isHere)) return;
    throw new CloudError(
      "containerNotEmpty",
      `The resource named '${text(inputs, "name")}' cannot be deleted because it contains one or more 'resource records'.`,
    );
  },
  notFound: (name) =>
    new CloudError("notFound", `The 'parameters.managedZone' resource named '${name}' does not exist.`, 404),
});

const RECORD_SET = "gcp:dns/recordSet:RecordSet";

const recordSet = model({
  type: RECORD_SET,
  title: "RecordSet",
  global: true,
  seconds: { create: 5, update: 5, delete: 5 },
  formats: {
    name: (value) => isDnsName(String(value).replace(/^\*\./, "")),
    type: oneOf(
      "A",
      "AAAA",
      "CAA",
      "CNAME",
      "DNSKEY",
      "DS",
      "HTTPS",
      "MX",
      "NAPTR",
      "NS",
      "PTR",
      "SOA",
      "SPF",
      "SRV",
      "SVCB",
      "TXT",
    ),
    ttl: between(0, 2147483647),
  },
  references: { managedZone: { to: MANAGED_ZONE, by: NAMED, cascade: true } },
  replacedBy: ["managedZone", "name", "type"],
  unique: {
    by: ["managedZone", "name", "type"],
    per: "account",
    words: ({ inputs }) =>
      new CloudError(
        "alreadyExists",
        `The resource 'entity.change.additions[0]' named '${text(inputs, "name")} (${text(inputs, "type")})' already exists`,
        409,
      ),
  },
  id: ({ inputs, site }) =>
    `projects/${site.account}/managedZones/${text(inputs, "managedZone")}/rrsets/${text(inputs, "name")}/${text(inputs, "type")}`,
  entrances: ({ inputs }) => [
    {
      kind: "record",
      fqdn: text(inputs, "name").replace(/\.$/, ""),
      type: text(inputs, "type"),
      values: strings(inputs["rrdatas"]),
      ttlSeconds: Number(inputs["ttl"] ?? 0),
    },
  ],
  admit: ({ inputs, look }) => {
    const zone = NAMED.map((by) => look.one(MANAGED_ZONE, inputs["managedZone"], by)).find(
      (one) => one !== undefined,
    );
    const [name, domain] = [text(inputs, "name"), text(zone?.inputs ?? {}, "dnsName")];
    if (name !== domain && !name.endsWith(`.${domain}`)) {
      throw new CloudError("invalid", `Invalid value for 'entity.change.additions[0].name': '${name}'`);
    }
    const wrong = strings(inputs["rrdatas"]).find((value) => text(inputs, "type") === "A" && !isIPv4(value));
    if (wrong !== undefined) {
      throw new CloudError("invalid", `Invalid value for 'entity.change.additions[0].rrdata[0]': '${wrong}'`);
    }
  },
});

export const DNS: readonly Model[] = [managedZone, recordSet];
