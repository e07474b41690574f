import type { Properties } from "../../../plugin/provider";
import type { TestProvider, TestResource } from "./small-world";

/** Quotas that let a few machines run. */
export const QUOTAS = { "L-1216C47A": 64, "L-34B43A08": 64, CPUS: 64 };

export function trust(service: string, condition?: object): string {
  const Statement = [
    {
      Effect: "Allow",
      Principal: { Service: service },
      Action: ["sts:AssumeRole", "sts:TagSession"],
      ...(condition !== undefined && { Condition: condition }),
    },
  ];
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

/** A VPC with public subnets in two zones. */
export interface AwsNetwork {
  readonly vpc: TestResource;
  readonly gateway: TestResource;
  readonly subnets: readonly TestResource[];
}

export async function awsNetwork(aws: TestProvider): Promise<AwsNetwork> {
  const vpc = await aws.create("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" });
  const gateway = await aws.create("aws:ec2/internetGateway:InternetGateway", { vpcId: vpc.id });
  const table = await aws.create("aws:ec2/routeTable:RouteTable", { vpcId: vpc.id });
  const out = { destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id };
  await aws.create("aws:ec2/route:Route", { routeTableId: table.id, ...out });
  const subnets = [];
  for (const [index, letter] of ["a", "b"].entries()) {
    const subnet = await aws.create("aws:ec2/subnet:Subnet", {
      vpcId: vpc.id,
      cidrBlock: `10.0.${index}.0/24`,
      availabilityZone: `us-east-1${letter}`,
      mapPublicIpOnLaunch: true,
    });
    const association = { subnetId: subnet.id, routeTableId: table.id };
    await aws.create("aws:ec2/routeTableAssociation:RouteTableAssociation", association);
    subnets.push(subnet);
  }
  return { vpc, gateway, subnets };
}

async function role(aws: TestProvider, name: string, service: string, policy: string): Promise<unknown> {
  const made = await aws.create("aws:iam/role:Role", { name, assumeRolePolicy: trust(service) });
  const policyArn = `arn:aws:iam::aws:policy/${policy}`;
  await aws.create("aws:iam/rolePolicyAttachment:RolePolicyAttachment", { role: made.id, policyArn });
  return made.outputs["arn"];
}

/** An EKS cluster `dev` in the network. */
export async function eksCluster(aws: TestProvider, { subnets }: AwsNetwork): Promise<TestResource> {
  const roleArn = await role(aws, "control", "eks.amazonaws.com", "AmazonEKSClusterPolicy");
  const vpcConfig = { subnetIds: subnets.map(({ id }) => id) };
  return aws.create("aws:eks/cluster:Cluster", { name: "dev", version: "1.35", roleArn, vpcConfig });
}

/** A group of machines of the cluster `dev`. */
export async function eksNodes(
  aws: TestProvider,
  { subnets }: AwsNetwork,
  name: string,
  more: Properties = {},
): Promise<TestResource> {
  const nodeRoleArn = await role(aws, name, "ec2.amazonaws.com", "AmazonEKSWorkerNodePolicy");
  return aws.create("aws:eks/nodeGroup:NodeGroup", {
    ...{ clusterName: "dev", nodeGroupName: name, nodeRoleArn, instanceTypes: ["m6a.large"] },
    subnetIds: subnets.map(({ id }) => id),
    scalingConfig: { minSize: 1, maxSize: 3, desiredSize: 1 },
    labels: { "testnet/pool": name },
    ...more,
  });
}

/** A GKE cluster `dev` of two zones, with a pool `nodes` of one machine a zone. */
export async function gkeCluster(gcp: TestProvider): Promise<TestResource> {
  const secondaryIpRanges = [
    { rangeName: "pods", ipCidrRange: "10.20.0.0/16" },
    { rangeName: "services", ipCidrRange: "10.30.0.0/20" },
  ];
  await gcp.create("gcp:compute/network:Network", { name: "net", autoCreateSubnetworks: false });
  await gcp.create("gcp:compute/subnetwork:Subnetwork", {
    ...{
      name: "nodes",
      network: "net",
      region: "europe-west4",
      ipCidrRange: "10.0.0.0/20",
      secondaryIpRanges,
    },
  });
  const cluster = await gcp.create("gcp:container/cluster:Cluster", {
    ...{ name: "dev", location: "europe-west4", network: "net", subnetwork: "nodes" },
    nodeLocations: ["europe-west4-a", "europe-west4-b"],
    ipAllocationPolicy: { clusterSecondaryRangeName: "pods", servicesSecondaryRangeName: "services" },
    ...{ initialNodeCount: 1, removeDefaultNodePool: true, deletionProtection: false },
    workloadIdentityConfig: { workloadPool: "example-testnets.svc.id.goog" },
    secretManagerConfig: { enabled: true },
  });
  await gcp.create("gcp:container/nodePool:NodePool", {
    ...{ name: "nodes", cluster: cluster.id, initialNodeCount: 1 },
    autoscaling: { totalMinNodeCount: 2, totalMaxNodeCount: 3 },
    nodeConfig: { machineType: "e2-standard-2", diskSizeGb: 20, labels: { "testnet/pool": "nodes" } },
  });
  return cluster;
}
