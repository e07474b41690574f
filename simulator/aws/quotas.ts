import { CloudError, type Quota } from "../cloud/model";

/** Default quotas of a new AWS account, by the code of Service Quotas. */

export const VPCS: Quota = {
  id: "L-F678F1CE",
  name: "VPCs per Region",
  limit: 5,
  per: "region",
  words: () => new CloudError("VpcLimitExceeded", "The maximum number of VPCs has been reached."),
};

export const SUBNETS: Quota = {
  id: "L-407747CB",
  name: "Subnets per VPC",
  limit: 200,
  per: "parent",
  words: (limit) =>
    new CloudError("SubnetLimitExceeded", `The maximum number of subnets has been reached (${limit}).`),
};

export const ADDRESSES: Quota = {
  id: "L-0263D0A3",
  name: "EC2-VPC Elastic IPs",
  limit: 5,
  per: "region",
  words: () => new CloudError("AddressLimitExceeded", "The maximum number of addresses has been reached."),
};

export const RULES: Quota = {
  id: "L-0EA8095F",
  name: "Inbound or outbound rules per security group",
  limit: 60,
  per: "parent",
  words: () =>
    new CloudError(
      "RulesPerSecurityGroupLimitExceeded",
      "The maximum number of rules per security group has been reached.",
    ),
};

export const SECURITY_GROUPS: Quota = {
  id: "L-E79EC296",
  name: "VPC security groups per Region",
  limit: 2500,
  per: "region",
  words: () =>
    new CloudError("SecurityGroupLimitExceeded", "The maximum number of security groups has been reached."),
};

export const CLUSTERS: Quota = {
  id: "L-1194D53C",
  name: "Clusters",
  limit: 100,
  per: "region",
  words: (limit) => new CloudError("ResourceLimitExceededException", `Cluster limit of ${limit} exceeded`),
};

function cpus(id: string, name: string, what: string): Quota {
  return {
    id,
    name,
    limit: 5,
    per: "region",
    words: (limit, { region }) =>
      new CloudError(
        "AsgInstanceLaunchFailures",
        `Could not launch ${what}. VcpuLimitExceeded - You have requested more vCPU capacity than your current vCPU limit of ${limit} allows for the instance bucket that the specified instance type belongs to (quota "${name}", ${id}, in ${region}). Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.`,
      ),
  };
}

export const ON_DEMAND_CPUS = cpus(
  "L-1216C47A",
  "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
  "On-Demand Instances",
);

export const SPOT_CPUS = cpus(
  "L-34B43A08",
  "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests",
  "Spot Instances",
);

export const ROLES: Quota = {
  id: "L-FE177D64",
  name: "Roles per account",
  limit: 1000,
  per: "account",
  words: (limit) => new CloudError("LimitExceeded", `Cannot exceed quota for RolesPerAccount: ${limit}`, 409),
};

export const LOAD_BALANCERS: Quota = {
  id: "L-69A177A2",
  name: "Network Load Balancers per Region",
  limit: 50,
  per: "region",
  words: () =>
    new CloudError("TooManyLoadBalancers", "The maximum number of load balancers has been reached."),
};

export const TARGET_GROUPS: Quota = {
  id: "L-B22855CB",
  name: "Target Groups per Region",
  limit: 3000,
  per: "region",
  words: () => new CloudError("TooManyTargetGroups", "The maximum number of target groups has been reached."),
};

export const LISTENERS: Quota = {
  id: "L-57A373D6",
  name: "Listeners per Network Load Balancer",
  limit: 50,
  per: "parent",
  words: () => new CloudError("TooManyListeners", "The maximum number of listeners has been reached."),
};
