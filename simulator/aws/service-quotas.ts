import { Refused } from "../../plugin/provider";
import type { CloudFunction, Quota } from "../cloud/model";
import { text } from "./common";
import {
  ADDRESSES,
  CLUSTERS,
  LISTENERS,
  LOAD_BALANCERS,
  ON_DEMAND_CPUS,
  ROLES,
  RULES,
  SECURITY_GROUPS,
  SPOT_CPUS,
  SUBNETS,
  TARGET_GROUPS,
  VPCS,
} from "./quotas";

interface Service {
  readonly name: string;
  readonly quotas: readonly Quota[];
}

/** The quotas that are enforced, below the services that answer for them. */
const SERVICES: Readonly<Record<string, Service>> = {
  ec2: {
    name: "Amazon Elastic Compute Cloud (Amazon EC2)",
    quotas: [ON_DEMAND_CPUS, SPOT_CPUS, ADDRESSES],
  },
  vpc: {
    name: "Amazon Virtual Private Cloud (Amazon VPC)",
    quotas: [VPCS, SUBNETS, RULES, SECURITY_GROUPS],
  },
  eks: { name: "Amazon Elastic Kubernetes Service (Amazon EKS)", quotas: [CLUSTERS] },
  elasticloadbalancing: {
    name: "Elastic Load Balancing (ELB)",
    quotas: [LOAD_BALANCERS, TARGET_GROUPS, LISTENERS],
  },
  iam: { name: "AWS Identity and Access Management (IAM)", quotas: [ROLES] },
};

const ARGUMENTS = ["serviceCode", "quotaCode", "quotaName", "region"];

/** Quotas of a whole account are told here only. */
const GLOBAL_REGION = "us-east-1";

/** The data source `aws.servicequotas.getServiceQuota`. */
export const serviceQuota: CloudFunction = (args, { account, region }, { limitOf }) => {
  const stranger = Object.keys(args).find((name) => !ARGUMENTS.includes(name));
  if (stranger !== undefined) throw new Refused(`an argument named '${stranger}' is not expected here`);
  const serviceCode = text(args, "serviceCode");
  if (serviceCode === "") throw new Refused('The argument "serviceCode" is required, but was not set');
  const service = SERVICES[serviceCode];
  const quota = service && quotaOf(service, text(args, "quotaCode"), text(args, "quotaName"));
  if (service === undefined || quota === undefined || isElsewhere(quota, region)) {
    throw new Refused(
      `reading Service Quotas Service Quota (${serviceCode}): NoSuchResourceException: The request failed because the specified service or quota does not exist in ${region}.`,
    );
  }
  const arn = `arn:aws:servicequotas:${region}:${account}:${serviceCode}/${quota.id}`;
  return {
    ...{ id: arn, arn, adjustable: true, globalQuota: quota.per === "account", region, usageMetrics: [] },
    ...{ serviceCode, serviceName: service.name, quotaCode: quota.id, quotaName: quota.name },
    ...{ defaultValue: quota.limit, value: limitOf(quota) },
  };
};

function quotaOf({ quotas }: Service, code: string, name: string): Quota | undefined {
  if ((code === "") === (name === "")) {
    throw new Refused('one of "quotaCode" and "quotaName" must be specified');
  }
  return quotas.find((quota) => (code === "" ? quota.name === name : quota.id === code));
}

function isElsewhere({ per }: Quota, region: string): boolean {
  return per === "account" && region !== GLOBAL_REGION;
}
