import { isIPv4, isIPv6 } from "node:net";
import { all, between, matching, oneOf } from "../cloud/formats";
import { CloudError, type Made, type Model } from "../cloud/model";
import { model, strings, text } from "./common";
import { VPC, ZONE } from "./types";

const isDomain = matching(
  /^(?=.{1,253}\.?$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.?$/i,
  "not a domain name",
);

const zone = model({
  type: ZONE,
  title: "Route53 Hosted Zone",
  global: true,
  seconds: { create: 45, delete: 35 },
  defaults: { comment: "Managed by Pulumi", forceDestroy: false },
  required: ["name"],
  formats: { name: all(isDomain, matching(/\./, "not a domain name")) },
  references: { "vpcs[].vpcId": { to: VPC, loose: true } },
  local: ["forceDestroy"],
  replacedBy: ["name", "delegationSetId"],
  id: ({ hex }) => `Z0${hex("id", 18).toUpperCase()}`,
  outputs: ({ id, inputs, hex }) => {
    const number = parseInt(hex("servers", 2), 16);
    const ends = ["com", "net", "org", "co.uk"];
    const nameServers = ends.map(
      (end, index) => `ns-${(number + index * 512) % 2048}.awsdns-${number % 64}.${end}`,
    );
    return {
      arn: `arn:aws:route53:::hostedzone/${id}`,
      zoneId: id,
      name: text(inputs, "name").replace(/\.$/, ""),
      nameServers,
      primaryNameServer: nameServers[0],
    };
  },
  admitDelete: ({ id, inputs, look }) => {
    if (
      inputs["forceDestroy"] === true ||
      !look.all(RECORD).some((record) => record.inputs["zoneId"] === id)
    ) {
      return;
    }
    throw new CloudError(
      "HostedZoneNotEmpty",
      "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
    );
  },
  notFound: (id) => new CloudError("NoSuchHostedZone", `No hosted zone found with ID: ${id}`, 404),
});

const RECORD = "aws:route53/record:Record";

const record = model({
  type: RECORD,
  title: "Route53 Record",
  global: true,
  seconds: { create: 35, update: 35, delete: 35 },
  formats: {
    type: oneOf(
      "A",
      "AAAA",
      "CAA",
      "CNAME",
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
  rules: (inputs) => ({
    records: "records" in inputs && "aliases" in inputs && "only one of records and aliases can be set",
    ttl: "records" in inputs && !("ttl" in inputs) && "ttl is required with records",
  }),
  references: { zoneId: { to: ZONE, cascade: true } },
  local: ["allowOverwrite"],
  replacedBy: ["zoneId", "name", "type", "setIdentifier"],
  unique: {
    by: ["zoneId", "name", "type", "setIdentifier"],
    per: "account",
    words: ({ inputs }) =>
      new CloudError(
        "InvalidChangeBatch",
        `[Tried to create resource record set [name='${text(inputs, "name")}.', type='${text(inputs, "type")}'] but it already exists]`,
      ),
  },
  id: ({ inputs }) => ["zoneId", "name", "type"].map((name) => text(inputs, name)).join("_"),
  outputs: (made) => ({ fqdn: fqdn(made) }),
  entrances: (made) => [
    {
      kind: "record",
      fqdn: fqdn(made),
      type: text(made.inputs, "type"),
      values: strings(made.inputs["records"]),
      ttlSeconds: Number(made.inputs["ttl"] ?? 0),
    },
  ],
  admit: refuseRecord,
});

/** Names are completed with the zone's, as the provider does. */
function fqdn({ inputs, look }: Made): string {
  const domain = text(look.one(ZONE, inputs["zoneId"])?.attributes ?? {}, "name");
  const name = text(inputs, "name").replace(/\.$/, "");
  if (name === "" || name === domain || name.endsWith(`.${domain}`)) return name || domain;
  return `${name}.${domain}`;
}

function refuseRecord(made: Made): void {
  const { inputs } = made;
  const type = text(inputs, "type");
  const isWrong = isDomain(fqdn(made).replace(/^\*\./, "")) !== undefined;
  if (isWrong) {
    throw new CloudError("InvalidChangeBatch", `[Invalid Resource Record Set name: ${text(inputs, "name")}]`);
  }
  const bad = strings(inputs["records"]).find(
    (value) => (type === "A" && !isIPv4(value)) || (type === "AAAA" && !isIPv6(value)),
  );
  if (bad === undefined) return;
  throw new CloudError(
    "InvalidChangeBatch",
    `[Invalid Resource Record: 'FATAL problem: ${type}RRDATAIllegal${type === "A" ? "IPv4" : "IPv6"}Address (Value is not a valid ${type === "A" ? "IPv4" : "IPv6"} address) encountered with '${bad}'']`,
  );
}

export const DNS: readonly Model[] = [zone, record];
