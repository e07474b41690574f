import type { CloudName } from "../../components/contracts";

/** Where a part of the table of prices comes from. */
export interface PriceSource {
  readonly cloud: CloudName;
  /** What of the table. */
  readonly of: string;
  readonly page: string;
  /**
   * - `read`: somebody compared the figure with a published text that names it, the page itself or one about it
   * - `not verified`: written down from memory; compare it with the page before money hangs on it
   */
  readonly state: "read" | "not verified";
}

/** Sources of prices.ts. Whoever compares a figure with its page writes `read` here and the day into `PRICES_DATE`. */
export const PRICE_SOURCES: readonly PriceSource[] = [
  remembered("aws", "machines on demand, by region", "https://aws.amazon.com/ec2/pricing/on-demand/"),
  remembered("aws", "spot machines: a share of on demand", "https://aws.amazon.com/ec2/spot/pricing/"),
  read("aws", "EKS control plane, standard support", "https://aws.amazon.com/eks/pricing/"),
  read("aws", "public IPv4 addresses, Elastic IPs", "https://aws.amazon.com/vpc/pricing/"),
  read(
    "aws",
    "Network Load Balancer, its capacity unit",
    "https://aws.amazon.com/elasticloadbalancing/pricing/",
  ),
  remembered("aws", "gp3 volumes", "https://aws.amazon.com/ebs/pricing/"),
  remembered("aws", "KMS keys", "https://aws.amazon.com/kms/pricing/"),
  read("aws", "secrets", "https://aws.amazon.com/secrets-manager/pricing/"),
  read("aws", "Route 53 zones", "https://aws.amazon.com/route53/pricing/"),
  remembered("aws", "Route 53 queries", "https://aws.amazon.com/route53/pricing/"),
  remembered("aws", "CloudWatch logs", "https://aws.amazon.com/cloudwatch/pricing/"),
  remembered("aws", "ECR storage", "https://aws.amazon.com/ecr/pricing/"),
  remembered("aws", "S3 storage", "https://aws.amazon.com/s3/pricing/"),
  remembered("aws", "traffic to the internet, first 10 TB", "https://aws.amazon.com/ec2/pricing/on-demand/"),
  remembered("gcp", "machines on demand, by region", "https://cloud.google.com/compute/vm-instance-pricing"),
  remembered("gcp", "spot machines: a share of on demand", "https://cloud.google.com/spot-vms/pricing"),
  read("gcp", "GKE control plane", "https://cloud.google.com/kubernetes-engine/pricing"),
  remembered("gcp", "external addresses", "https://cloud.google.com/vpc/network-pricing"),
  read("gcp", "forwarding rules", "https://cloud.google.com/load-balancing/pricing"),
  remembered("gcp", "balanced persistent disks", "https://cloud.google.com/compute/disks-image-pricing"),
  remembered("gcp", "secrets", "https://cloud.google.com/secret-manager/pricing"),
  remembered("gcp", "Cloud DNS zones and queries", "https://cloud.google.com/dns/pricing"),
  remembered("gcp", "Artifact Registry storage", "https://cloud.google.com/artifact-registry/pricing"),
  remembered("gcp", "Cloud Storage", "https://cloud.google.com/storage/pricing"),
  remembered("gcp", "traffic to the internet, premium tier", "https://cloud.google.com/vpc/network-pricing"),
];

function read(cloud: CloudName, of: string, page: string): PriceSource {
  return { cloud, of, page, state: "read" };
}

function remembered(cloud: CloudName, of: string, page: string): PriceSource {
  return { cloud, of, page, state: "not verified" };
}
