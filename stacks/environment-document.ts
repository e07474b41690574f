import { z } from "zod";

/**
 * What an environment stack tells, under the output `environment`: read by network stacks through a StackReference, by
 * people and by programs. environment.schema.json is generated from this.
 */

/** Version of the document's shape; raised when a field changes its meaning or goes. */
export const ENVIRONMENT_VERSION = 2;

const cloud = z.enum(["aws", "gcp"]);

const nodePool = z.strictObject({
  name: z.string(),
  machine: z.string().describe("Machine type of the cloud."),
  peers: z.boolean().describe("Whether daemons run here, reachable by peers."),
  spot: z.boolean().describe("Whether the cloud may take its machines away."),
  labels: z.record(z.string(), z.string()).describe("Labels of its nodes."),
});

/** What the functions of a cluster need: see ClusterFacts of components/contracts.ts. */
const facts = z.discriminatedUnion("cloud", [
  z.strictObject({
    cloud: z.literal("aws"),
    clusterName: z.string(),
    clusterArn: z.string(),
    peerSecurityGroup: z.string().describe("Security group of the nodes that daemons run on."),
    peerScalingGroups: z.array(z.string()).describe("Auto Scaling groups of those nodes."),
    vpcId: z.string(),
    subnetIds: z.array(z.string()).describe("Public subnets, one in each zone."),
    region: z.string(),
  }),
  z.strictObject({
    cloud: z.literal("gcp"),
    project: z.string(),
    projectNumber: z.string(),
    network: z.string(),
    peerTag: z.string().describe("Network tag of the nodes that daemons run on."),
    region: z.string(),
  }),
]);

const cluster = z.strictObject({
  name: z.string().describe("Name within the environment."),
  cloud,
  region: z.string(),
  clusterName: z.string().describe("Name in the cloud."),
  endpoint: z.string().describe("Address of the API server."),
  podCidr: z.string(),
  storageClass: z.string().describe("Encrypted volumes, deleted with their claims."),
  nodePools: z.array(nodePool),
  network: z.strictObject({ id: z.string(), region: z.string() }),
  facts,
});

export const environmentDocument = z.strictObject({
  version: z.literal(ENVIRONMENT_VERSION),
  stack: z.string(),
  owner: z.string(),
  expires: z.string(),
  domain: z.string(),
  zone: z.strictObject({
    cloud,
    id: z.string(),
    project: z.string().optional().describe("Of GCP only: whose zone it is."),
    nameServers: z.array(z.string()),
    delegation: z.array(z.string()).describe("Records that the parent domain must have, in zone file form."),
  }),
  internalZones: z.array(z.strictObject({ domain: z.string(), id: z.string() })),
  clusters: z.array(cluster),
  registries: z.array(
    z.strictObject({
      region: z.string(),
      images: z.record(z.string(), z.string()).describe("Address of each image, without tag."),
    }),
  ),
  artifacts: z.strictObject({
    cloud,
    bucket: z.string(),
    joinBucket: z.string().describe("Bucket of what the world may read."),
    joinUrl: z.string().describe("Where join bundles are read from, by anyone."),
  }),
  monitoring: z.strictObject({
    cluster: z.string(),
    namespace: z.string(),
    passwordSecret: z
      .string()
      .describe("Name of the secret with Grafana's admin password, in the cloud's secret manager."),
    open: z.string().describe("The command that opens Grafana on this machine."),
  }),
});

export type EnvironmentDocument = z.output<typeof environmentDocument>;

/** The document as a JSON Schema. */
export function environmentSchema(): object {
  return {
    title: "The output `environment` of an environment stack of testnet",
    ...z.toJSONSchema(environmentDocument),
  };
}
