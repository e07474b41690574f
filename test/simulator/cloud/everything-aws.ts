import * as aws from "@pulumi/aws";

const allow = (principal: object, ...actions: string[]) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: principal, Action: actions }],
  });

const trust = (service: string) => allow({ Service: service }, "sts:AssumeRole", "sts:TagSession");

/** One or more resources of every type of AWS that is simulated. */
export function everythingOfAws(): void {
  const provider = new aws.Provider("aws", {
    region: "us-east-1",
    defaultTags: { tags: { owner: "tests" } },
  });
  const opts = { provider };
  const { subnetIds, vpc, group, routes, seed } = network(opts);
  const key = new aws.kms.Key("key", { enableKeyRotation: true, deletionWindowInDays: 7 }, opts);
  new aws.kms.Alias("key", { name: "alias/key", targetKeyId: key.keyId }, opts);
  const nodes = cluster({ opts, subnetIds, key, group, routes });
  balancer({ opts, subnetIds, vpc, seed, routes, nodes });
  storage(opts);
  dns(opts, vpc);
  const repository = new aws.ecr.Repository("images", { name: "dev/geth", forceDelete: true }, opts);
  const rule = {
    rulePriority: 1,
    selection: { tagStatus: "untagged", countType: "imageCountMoreThan", countNumber: 1 },
    action: { type: "expire" },
  };
  new aws.ecr.LifecyclePolicy(
    "images",
    { repository: repository.name, policy: JSON.stringify({ rules: [rule] }) },
    opts,
  );
  new aws.secretsmanager.Secret("secret", { name: "dev/secret", recoveryWindowInDays: 0 }, opts);
}

interface Opts {
  readonly provider: aws.Provider;
}

function network(opts: Opts) {
  const vpc = new aws.ec2.Vpc("net", { cidrBlock: "10.0.0.0/16", tags: { Name: "net" } }, opts);
  new aws.ec2.DefaultSecurityGroup("net", { vpcId: vpc.id, ingress: [], egress: [] }, opts);
  const gateway = new aws.ec2.InternetGateway("net", { vpcId: vpc.id }, opts);
  const table = new aws.ec2.RouteTable("net", { vpcId: vpc.id }, opts);
  const route = new aws.ec2.Route(
    "net",
    { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
    opts,
  );
  const subnets = ["a", "b"].map((letter, index) => {
    const subnet = new aws.ec2.Subnet(
      `net-${letter}`,
      {
        vpcId: vpc.id,
        cidrBlock: `10.0.${index}.0/24`,
        availabilityZone: `us-east-1${letter}`,
        mapPublicIpOnLaunch: true,
      },
      opts,
    );
    const args = { subnetId: subnet.id, routeTableId: table.id };
    return { subnet, association: new aws.ec2.RouteTableAssociation(`net-${letter}`, args, opts) };
  });
  const group = new aws.ec2.SecurityGroup("peers", { vpcId: vpc.id, name: "peers" }, opts);
  const rule = { securityGroupId: group.id, cidrIpv4: "0.0.0.0/0" };
  const ports = { ipProtocol: "udp", fromPort: 10000, toPort: 10999 };
  new aws.vpc.SecurityGroupIngressRule("peers", { ...rule, ...ports }, opts);
  new aws.vpc.SecurityGroupEgressRule("peers", { ...rule, ipProtocol: "-1" }, opts);
  const seed = new aws.ec2.Eip("seed", { domain: "vpc" }, opts);
  const routes = [route, ...subnets.map(({ association }) => association)];
  return { subnetIds: subnets.map(({ subnet }) => subnet.id), vpc, group, routes, seed };
}

interface ClusterGround {
  readonly opts: Opts;
  readonly subnetIds: aws.ec2.Subnet["id"][];
  readonly key: aws.kms.Key;
  readonly group: aws.ec2.SecurityGroup;
  readonly routes: (aws.ec2.Route | aws.ec2.RouteTableAssociation)[];
}

function cluster({ opts, subnetIds, key, group, routes }: ClusterGround): aws.eks.NodeGroup {
  const control = role("control", "eks.amazonaws.com", "AmazonEKSClusterPolicy", opts);
  const logs = new aws.cloudwatch.LogGroup(
    "logs",
    { name: "/aws/eks/dev/cluster", retentionInDays: 30 },
    opts,
  );
  const eks = new aws.eks.Cluster(
    "eks",
    {
      name: "dev",
      version: "1.35",
      roleArn: control.role.arn,
      accessConfig: { authenticationMode: "API" },
      vpcConfig: { subnetIds, endpointPrivateAccess: true, publicAccessCidrs: ["203.0.113.0/24"] },
      encryptionConfig: { provider: { keyArn: key.arn }, resources: ["secrets"] },
      enabledClusterLogTypes: ["api"],
    },
    { ...opts, dependsOn: [control.policy, logs] },
  );
  const nodes = role("nodes", "ec2.amazonaws.com", "AmazonEKSWorkerNodePolicy", opts);
  const template = new aws.ec2.LaunchTemplate(
    "nodes",
    {
      name: "nodes",
      vpcSecurityGroupIds: [eks.vpcConfig.clusterSecurityGroupId, group.id],
      metadataOptions: { httpTokens: "required" },
    },
    opts,
  );
  const pool = new aws.eks.NodeGroup(
    "nodes",
    {
      clusterName: eks.name,
      nodeGroupName: "nodes",
      nodeRoleArn: nodes.role.arn,
      subnetIds,
      instanceTypes: ["m6a.large"],
      scalingConfig: { minSize: 1, maxSize: 2, desiredSize: 2 },
      labels: { pool: "nodes" },
      launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
    },
    { ...opts, dependsOn: [nodes.policy, ...routes] },
  );
  new aws.eks.Addon("dns", { clusterName: eks.name, addonName: "coredns" }, { ...opts, dependsOn: [pool] });
  const principalArn = "arn:aws:iam::123456789012:role/deployer";
  const entry = new aws.eks.AccessEntry("deployer", { clusterName: eks.name, principalArn }, opts);
  const policyArn = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";
  new aws.eks.AccessPolicyAssociation(
    "deployer",
    { clusterName: eks.name, principalArn: entry.principalArn, policyArn, accessScope: { type: "cluster" } },
    opts,
  );
  const pod = new aws.iam.Role("pod", { assumeRolePolicy: trust("pods.eks.amazonaws.com") }, opts);
  const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  new aws.iam.RolePolicy("pod", { role: pod.name, name: "rights", policy }, opts);
  new aws.eks.PodIdentityAssociation(
    "pod",
    { clusterName: eks.name, namespace: "default", serviceAccount: "reader", roleArn: pod.arn },
    opts,
  );
  return pool;
}

interface BalancerGround extends Pick<ClusterGround, "opts" | "subnetIds" | "routes"> {
  readonly vpc: aws.ec2.Vpc;
  readonly seed: aws.ec2.Eip;
  readonly nodes: aws.eks.NodeGroup;
}

function balancer({ opts, subnetIds, vpc, seed, routes, nodes }: BalancerGround): void {
  const [subnetId] = subnetIds;
  if (subnetId === undefined) throw new Error("no subnet");
  const subnetMappings = [{ subnetId, allocationId: seed.allocationId }];
  const made = new aws.lb.LoadBalancer(
    "seed",
    { name: "seed", loadBalancerType: "network", subnetMappings },
    { ...opts, dependsOn: routes },
  );
  const port = { port: 10000, protocol: "TCP_UDP" };
  const healthCheck = { protocol: "TCP", port: "10000" };
  const group = new aws.lb.TargetGroup("seed", { name: "seed", ...port, vpcId: vpc.id, healthCheck }, opts);
  new aws.lb.Listener(
    "seed",
    { loadBalancerArn: made.arn, ...port, defaultActions: [{ type: "forward", targetGroupArn: group.arn }] },
    opts,
  );
  const autoscalingGroupName = nodes.resources.apply(([one]) => one?.autoscalingGroups[0]?.name ?? "");
  new aws.autoscaling.Attachment("seed", { autoscalingGroupName, lbTargetGroupArn: group.arn }, opts);
}

function role(name: string, service: string, policyName: string, opts: Opts) {
  const made = new aws.iam.Role(name, { name, assumeRolePolicy: trust(service) }, opts);
  const policyArn = `arn:aws:iam::aws:policy/${policyName}`;
  return {
    role: made,
    policy: new aws.iam.RolePolicyAttachment(name, { role: made.name, policyArn }, opts),
  };
}

function storage(opts: Opts): void {
  const { bucket } = new aws.s3.Bucket("files", { bucket: "dev-files", forceDestroy: true }, opts);
  new aws.s3.BucketVersioning("files", { bucket, versioningConfiguration: { status: "Enabled" } }, opts);
  const rules = [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }];
  new aws.s3.BucketServerSideEncryptionConfiguration("files", { bucket, rules }, opts);
  const block = new aws.s3.BucketPublicAccessBlock("files", { bucket, blockPublicPolicy: false }, opts);
  new aws.s3.BucketOwnershipControls(
    "files",
    { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
    opts,
  );
  const policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::dev-files/join/*" },
    ],
  });
  new aws.s3.BucketPolicy("files", { bucket, policy }, { ...opts, dependsOn: [block] });
  new aws.s3.BucketObjectv2("file", { bucket, key: "join/readme", content: "hello" }, opts);
}

function dns(opts: Opts, vpc: aws.ec2.Vpc): void {
  const zone = new aws.route53.Zone("zone", { name: "dev.example.org" }, opts);
  new aws.route53.Zone("internal", { name: "internal.example.org", vpcs: [{ vpcId: vpc.id }] }, opts);
  new aws.route53.Record(
    "seed",
    { zoneId: zone.zoneId, name: "seed", type: "A", ttl: 60, records: ["198.18.0.1"] },
    opts,
  );
}
