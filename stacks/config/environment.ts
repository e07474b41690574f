import { z } from "zod";
import { parseCidr } from "../../components/cidr";
import type { CloudName } from "../../components/contracts";
import { BLOCK_PREFIX, isPrivateBlock } from "../addresses";
import { CATALOG, DEFAULT_KUBERNETES, KUBERNETES_VERSIONS } from "../catalog/catalog";
import { matching, oneOf, report } from "./coded";
import { environmentChecks } from "./environment-checks";

/** What a user sets for an environment of clusters: the `testnet:environment` key of a stack file, as a mapping. */

const shortName = (what: string, longest: number) =>
  z
    .string()
    .regex(/^[a-z][a-z0-9]*$/, "lower-case letters and digits, starting with a letter")
    .max(longest)
    .describe(what);

/** The widest range that still says who is meant. */
const WIDEST_ACCESS = 8;

const accessRange = z.string().superRefine((value, context) => {
  const range = parseCidr(value);
  if (range === undefined) {
    const allowed = "a CIDR block such as 203.0.113.0/24; a single address is written 203.0.113.7/32";
    report(context, { problemCode: "TN1006", message: "this is no CIDR block", allowed }, value);
  } else if (range.prefix < WIDEST_ACCESS) {
    const message = "this would open the clusters' API servers to the world";
    report(context, { problemCode: "TN1023", message, allowed: `at widest a /${WIDEST_ACCESS}` }, value);
  }
});

const reservedRange = z.string().refine((value) => parseCidr(value) !== undefined, "a CIDR block");

const privateBlock = (prefix: number, exact: boolean) =>
  z
    .string()
    .refine(
      (value) => isPrivateBlock(value, prefix) && (!exact || value.endsWith(`/${prefix}`)),
      `${exact ? "a" : "at least a"} /${prefix} of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16`,
    );

const nodePool = (cloud: CloudName) =>
  z
    .strictObject({
      name: shortName("Names the pool; pods choose it by the label `testnet/pool`.", 12),
      machine: oneOf(
        Object.keys(CATALOG[cloud].machines),
        "TN1017",
        `no machine type of ${cloud} we know`,
      ).describe("Machine type of the cloud."),
      min: z.int().min(0).max(1000).describe("Machines there are at least, and at first."),
      max: z.int().min(1).max(1000).describe("Machines there are at most, over all zones."),
      spot: z
        .boolean()
        .default(false)
        .describe("Cheap machines that the cloud may take away at any time. Default false."),
      peers: z
        .boolean()
        .default(false)
        .describe("Whether daemons run here, so that peers of the world must reach it. Default false."),
      diskGiB: z
        .int()
        .min(20)
        .max(16_000)
        .default(100)
        .describe("Disk of each machine, for images and logs. Default 100."),
    })
    .describe("Machines of one kind.");

const cluster = (cloud: CloudName) => ({
  name: shortName("Names the cluster. Its addresses follow from it, so it is not changed later.", 12),
  cloud: z.literal(cloud),
  region: oneOf(Object.keys(CATALOG[cloud].regions), "TN1016", `no region of ${cloud} we know`).describe(
    "Region of the cloud.",
  ),
  zones: z
    .array(z.string())
    .min(2)
    .max(4)
    .optional()
    .describe("Zones of the region, at least two. Default: two or three of them."),
  nodePools: z.array(nodePool(cloud)).min(1).max(20).describe("The cluster's machines."),
  addresses: privateBlock(BLOCK_PREFIX, true)
    .optional()
    .describe(`The cluster's block of addresses, a /${BLOCK_PREFIX}. Default: a free one, by the name.`),
});

const gcpProject = z
  .string()
  .regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, "id of a project: 6 to 30 lower-case letters, digits and hyphens")
  .describe("Id of the GCP project.");

const clusters = z.discriminatedUnion("cloud", [
  z.strictObject({
    ...cluster("aws"),
    administrators: z
      .array(z.string().regex(/^arn:aws:iam::\d{12}:(role|user)\/.+$/, "ARN of a role or user"))
      .default([])
      .describe(
        "ARNs of the roles and users that administer the cluster; whoever deploys must be among them. Default: only whoever deploys.",
      ),
  }),
  z.strictObject({ ...cluster("gcp"), project: gcpProject }),
]);

const zone = z.discriminatedUnion("cloud", [
  z.strictObject({ cloud: z.literal("aws") }),
  z.strictObject({ cloud: z.literal("gcp"), project: gcpProject }),
]);

const chartSource = z.discriminatedUnion("from", [
  z.strictObject({ from: z.literal("repository") }),
  z.strictObject({
    from: z.literal("oci"),
    url: z
      .string()
      .regex(/^oci:\/\/[^\s]+$/, "an address such as oci://registry.example.org/charts")
      .describe("Where the charts were pushed to, without their names."),
  }),
  z.strictObject({
    from: z.literal("path"),
    path: z.string().min(1).describe("Directory that holds NAME-VERSION.tgz of each chart."),
  }),
]);

const budget = z
  .strictObject({
    monthlyUsd: z
      .number()
      .positive()
      .optional()
      .describe("US dollars a month, of the environment and all networks on it. Default: no limit."),
    perOwnerMonthlyUsd: z
      .number()
      .positive()
      .optional()
      .describe("US dollars a month, of all networks of one owner on it. Default: no limit."),
  })
  .describe(
    "What may be spent, by the table of prices: `preview` and `up` refuse what costs more. Default: no limit.",
  );

const DOMAIN = /^(?=.{4,200}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

/** Ports below are the system's, ports above are NodePorts and ephemeral ones. */
const PEER_PORTS = { from: 1024, to: 29_999, most: 5000 } as const;

const peerPorts = z
  .strictObject({
    from: z.int().min(PEER_PORTS.from).max(PEER_PORTS.to).describe("First port."),
    to: z.int().min(PEER_PORTS.from).max(PEER_PORTS.to).describe("Last port."),
  })
  .refine(({ from, to }) => from <= to && to - from < PEER_PORTS.most, {
    message: `from ≤ to, at most ${PEER_PORTS.most} ports`,
  });

const https = z.url({ protocol: /^https$/, error: "an address that starts with https://" });

const monitoring = z.strictObject({
  cluster: z.string().describe("Name of the cluster that keeps metrics and logs of all and runs Grafana."),
  retentionDays: z.int().min(1).max(365).default(15).describe("Days metrics and logs are kept. Default 15."),
  ingest: z
    .strictObject({
      metrics: https.describe("Takes Prometheus remote-write, e.g. https://ingest.example.org/api/v1/write."),
      logs: https.describe("Takes logs as Loki does, e.g. https://ingest.example.org/loki/api/v1/push."),
    })
    .optional()
    .describe(
      "Where the other clusters send metrics and logs, with a token of their own identity. Needed with more than one cluster.",
    ),
});

export const clusterEnvironment = z
  .strictObject({
    owner: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,61}[a-z0-9]$/, "lower-case letters, digits and hyphens, 2 to 63")
      .describe("Who answers for it: a tag of every resource."),
    expires: z
      .string()
      .regex(/^(never|\d{4}-\d{2}-\d{2}(T00:00:00Z)?)$/, "never, or a day such as 2026-12-31")
      // Pulumi reads a bare date as a time.
      .overwrite((value) => value.slice(0, 10))
      .default("never")
      .describe("Until when it is needed: `never` ends, or a day. A tag of every resource. Default never."),
    protect: z
      .boolean()
      .optional()
      .describe(
        "Whether the engine and the clouds refuse to delete what cannot be made again. Default: true unless it expires.",
      ),
    domain: matching(
      DOMAIN,
      "TN1022",
      "this is no domain name",
      "a name such as testnets.example.org",
    ).describe("Public DNS zone. Its parent must delegate to the name servers that the outputs show."),
    zone: zone.describe("Which cloud hosts the public zone."),
    kubernetes: oneOf(KUBERNETES_VERSIONS, "TN1018", "no version of Kubernetes that EKS and GKE both offer")
      .default(DEFAULT_KUBERNETES)
      .describe(`Minor version of every cluster. Default ${DEFAULT_KUBERNETES}.`),
    apiAccess: z
      .array(accessRange)
      .min(1)
      .max(40)
      .describe("CIDR blocks that may reach the clusters' API servers: where you and your CI come from."),
    clusters: z.array(clusters).min(1).max(50).describe("The clusters. Append new ones at the end."),
    addresses: z
      .strictObject({
        space: privateBlock(BLOCK_PREFIX, false)
          .default("10.0.0.0/8")
          .describe("Where clusters get their addresses from. Default 10.0.0.0/8."),
        reserved: z.array(reservedRange).default([]).describe("Ranges in use elsewhere. Default none."),
      })
      .prefault({})
      .describe("Private addresses. No two clusters share any."),
    peerPorts: peerPorts
      .optional()
      .describe(
        "Ports open to the world, TCP and UDP, on pools with `peers`. Default: none; networks open theirs.",
      ),
    registries: z
      .strictObject({
        images: z
          .array(
            z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "lower-case letters, digits and single hyphens"),
          )
          .min(1)
          .default(["geth", "prysm-beacon-chain", "prysm-validator"])
          .describe("Images kept in a registry of every region. Default: the clients we know."),
        untaggedDays: z
          .int()
          .min(1)
          .max(365)
          .default(7)
          .describe("Days after which an image without a tag is removed. Default 7."),
      })
      .prefault({})
      .describe("A registry in every region, so that nodes pull from their own cloud."),
    monitoring: monitoring.describe("Prometheus, Alertmanager, Loki and Grafana."),
    pinImages: z
      .boolean()
      .default(true)
      .describe(
        "Whether the tags of the environment's own images are resolved to digests by whoever deploys. Networks have a setting of their own. Images inside charts stay as their charts name them. Default true.",
      ),
    budget: budget.optional(),
    chartSource: chartSource
      .prefault({ from: "repository" })
      .describe("Where Helm charts come from: their public repositories, an OCI registry, or a directory."),
  })
  .superRefine(environmentChecks)
  .describe("An environment of Kubernetes clusters. Deployed by itself; networks name its stack.");

export type ClusterEnvironment = z.output<typeof clusterEnvironment>;
export type ClusterConfig = ClusterEnvironment["clusters"][number];
