import assert from "node:assert/strict";
import type { Properties } from "../../../plugin/provider";
import { SmallWorld, type TestProvider, type TestResource } from "./small-world";

const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";
const GATEWAY = "aws:ec2/internetGateway:InternetGateway";
const CLUSTER = "aws:eks/cluster:Cluster";
const NODES = "aws:eks/nodeGroup:NodeGroup";

const trust = (service: string) =>
  JSON.stringify({
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });

describe("simulated AWS refuses", () => {
  let world: SmallWorld;
  let aws: TestProvider;
  beforeEach(() => {
    world = new SmallWorld({ "L-1216C47A": 64 });
    aws = world.aws();
  });
  afterEach(() => world.close());

  const vpc = (cidrBlock = "10.0.0.0/16") => aws.create(VPC, { cidrBlock });
  const subnet = (of: TestResource, letter: string, index: number, more: Properties = {}) =>
    aws.create(SUBNET, {
      vpcId: of.id,
      cidrBlock: `10.0.${index}.0/24`,
      availabilityZone: `us-east-1${letter}`,
      ...more,
    });
  const role = async (name: string, service: string, policy?: string) => {
    const made = await aws.create("aws:iam/role:Role", { name, assumeRolePolicy: trust(service) });
    if (policy === undefined) return made;
    await aws.create("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
      role: made.id,
      policyArn: `arn:aws:iam::aws:policy/${policy}`,
    });
    return made;
  };

  it("inputs that are unknown, missing or of the wrong form, before anything is made", () => {
    const wrong: [type: string, inputs: Properties, words: RegExp][] = [
      [VPC, { cidrBlok: "10.0.0.0/16" }, /an argument named 'cidrBlok' is not expected here/],
      [VPC, {}, /Missing required property 'cidrBlock'/],
      [VPC, { cidrBlock: "10.0.0.1/16" }, /host bits are not zero/],
      [VPC, { cidrBlock: "10.0.0.0/8" }, /between \/16 and \/28/],
      [VPC, { cidrBlock: "10.0.0.0/16", tags: { "aws:x": "y" } }, /keys of 1 to 128 characters/],
      [VPC, { cidrBlock: "10.0.0.0/16", enableDnsSupport: "maybe" }, /a boolean required/],
      ["aws:iam/role:Role", { assumeRolePolicy: "{" }, /invalid JSON policy/],
      ["aws:route53/zone:Zone", { name: "no domain" }, /not a domain name/],
      ["aws:s3/bucket:Bucket", { bucket: "Upper" }, /3 to 63 lower-case letters/],
      ["aws:kms/alias:Alias", { name: "key", targetKeyId: "x" }, /must begin with alias\//],
      [CLUSTER, { roleArn: "role", vpcConfig: { subnetIds: [] } }, /"role" is an invalid ARN/],
      [
        CLUSTER,
        { roleArn: "arn:aws:iam::123456789012:role/x", vpcConfig: { subnetIds: [], publicAcces: true } },
        /'vpcConfig.publicAcces' is not expected here/,
      ],
      [
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        { securityGroupId: "sg", ipProtocol: "tcp", fromPort: 10, toPort: 1, cidrIpv4: "0.0.0.0/0" },
        /toPort is below fromPort/,
      ],
    ];
    for (const [type, inputs, words] of wrong) {
      assert.match(
        aws
          .check(type, inputs)
          .map(({ reason }) => reason)
          .join("\n"),
        words,
      );
    }
  });

  it("types and functions that are not modelled, by their token", () => {
    assert.throws(() => aws.check("aws:sqs/queue:Queue", {}), /no model of aws:sqs\/queue:Queue/);
    assert.throws(
      () => aws.provider.invoke("aws:ec2/getAmi:getAmi", {}),
      /no model of the function aws:ec2\/getAmi:getAmi/,
    );
  });

  it("a region that does not exist", () => {
    assert.throws(() => world.aws("us-east-9"), /Invalid AWS Region: us-east-9/);
  });

  it("subnets outside their VPC, over each other, or in a zone of elsewhere", async () => {
    const net = await vpc();
    await subnet(net, "a", 0);
    await assert.rejects(subnet(net, "a", 0), /InvalidSubnet.Conflict: The CIDR '10.0.0.0\/24' conflicts/);
    await assert.rejects(subnet(net, "a", 1, { cidrBlock: "10.1.0.0/24" }), /InvalidSubnet.Range/);
    await assert.rejects(
      subnet(net, "a", 1, { availabilityZone: "eu-west-1a" }),
      /Value \(eu-west-1a\) for parameter availabilityZone is invalid.*us-east-1a, us-east-1b/,
    );
    await assert.rejects(
      aws.create(SUBNET, { vpcId: "vpc-0", cidrBlock: "10.0.1.0/24" }),
      /InvalidVpcID.NotFound: The vpc ID 'vpc-0' does not exist/,
    );
  });

  it("references to another region", async () => {
    const net = await vpc();
    const elsewhere = world.aws("us-west-2");
    await assert.rejects(elsewhere.create(GATEWAY, { vpcId: net.id }), /InvalidVpcID.NotFound/);
  });

  it("more VPCs and addresses than the quota of the region, and no fewer", async () => {
    for (let index = 0; index < 5; index++) await vpc(`10.${index}.0.0/16`);
    await assert.rejects(vpc("10.9.0.0/16"), /VpcLimitExceeded: The maximum number of VPCs has been reached/);
    await world.aws("us-west-2").create(VPC, { cidrBlock: "10.0.0.0/16" });
    for (let index = 0; index < 5; index++) await aws.create("aws:ec2/eip:Eip", {});
    await assert.rejects(aws.create("aws:ec2/eip:Eip", {}), /AddressLimitExceeded/);
  });

  it("to delete what others stand on", async () => {
    const net = await vpc();
    const part = await subnet(net, "a", 0);
    await assert.rejects(
      aws.delete(net),
      /DependencyViolation: The vpc '.*' has dependencies and cannot be deleted/,
    );
    await aws.delete(part);
    await aws.delete(net);
    const control = await role("control", "eks.amazonaws.com", "AmazonEKSClusterPolicy");
    await assert.rejects(
      aws.delete(control),
      /DeleteConflict: Cannot delete entity, must detach all policies first/,
    );
  });

  it("a second one of the same name", async () => {
    await role("twin", "eks.amazonaws.com");
    await assert.rejects(
      role("twin", "eks.amazonaws.com"),
      /EntityAlreadyExists: Role with name twin already exists/,
    );
    await aws.create("aws:s3/bucket:Bucket", { bucket: "dev-files" });
    const other = world.aws("us-west-2");
    await assert.rejects(
      other.create("aws:s3/bucket:Bucket", { bucket: "dev-files" }),
      /BucketAlreadyOwnedByYou/,
    );
  });

  describe("of clusters", () => {
    let net: TestResource;
    let subnetIds: string[];
    let roleArn: unknown;
    beforeEach(async () => {
      net = await vpc();
      const subnets = [
        await subnet(net, "a", 0, { mapPublicIpOnLaunch: true }),
        await subnet(net, "b", 1, { mapPublicIpOnLaunch: true }),
      ];
      subnetIds = subnets.map(({ id }) => id);
      roleArn = (await role("control", "eks.amazonaws.com", "AmazonEKSClusterPolicy")).outputs["arn"];
    });
    const cluster = (more: Properties = {}) =>
      aws.create(CLUSTER, { name: "dev", version: "1.35", roleArn, vpcConfig: { subnetIds }, ...more });
    const nodeRole = async () => {
      const { outputs } = await role("nodes", "ec2.amazonaws.com", "AmazonEKSWorkerNodePolicy");
      return outputs["arn"];
    };
    const nodes = (more: Properties) =>
      aws.create(NODES, {
        ...{ clusterName: "dev", nodeGroupName: "nodes", subnetIds, instanceTypes: ["m6a.large"] },
        scalingConfig: { minSize: 1, maxSize: 3, desiredSize: 1 },
        ...more,
      });
    const internet = async () => {
      const gateway = await aws.create(GATEWAY, { vpcId: net.id });
      const table = await aws.create("aws:ec2/routeTable:RouteTable", { vpcId: net.id });
      const routeTableId = table.id;
      await aws.create("aws:ec2/route:Route", {
        routeTableId,
        destinationCidrBlock: "0.0.0.0/0",
        gatewayId: gateway.id,
      });
      for (const subnetId of subnetIds) {
        await aws.create("aws:ec2/routeTableAssociation:RouteTableAssociation", { subnetId, routeTableId });
      }
      return gateway;
    };

    it("versions that do not exist, one zone only, and a role nobody may assume", async () => {
      await assert.rejects(cluster({ version: "1.99" }), /unsupported Kubernetes version 1.99/);
      await assert.rejects(
        cluster({ vpcConfig: { subnetIds: subnetIds.slice(1) } }),
        /must be in at least two different AZs/,
      );
      const stranger = await role("stranger", "lambda.amazonaws.com");
      await assert.rejects(cluster({ roleArn: stranger.outputs["arn"] }), /could not be assumed/);
    });

    it("machine types that do not exist, and more processors than the quota", async () => {
      await cluster();
      await internet();
      const nodeRoleArn = await nodeRole();
      await assert.rejects(
        nodes({ nodeRoleArn, instanceTypes: ["c6a.99xlarge"] }),
        /The following supplied instance types do not exist: \[c6a.99xlarge\]/,
      );
      await assert.rejects(
        nodes({ nodeRoleArn, instanceTypes: ["c6a.32xlarge"] }),
        /Running On-Demand Standard .* instances", L-1216C47A, in us-east-1/,
      );
    });

    it("machines without a way to the internet, and to detach the gateway beneath them", async () => {
      await cluster();
      const nodeRoleArn = await nodeRole();
      await assert.rejects(
        nodes({ nodeRoleArn }),
        /NodeCreationFailure: Instances failed to join the kubernetes cluster/,
      );
      const gateway = await internet();
      const group = await nodes({ nodeRoleArn });
      await assert.rejects(aws.delete(gateway), /has some mapped public address\(es\)/);
      await assert.rejects(
        aws.delete({ id: "dev", type: CLUSTER, inputs: {}, outputs: {} }),
        /Cluster has nodegroups attached/,
      );
      await aws.delete(group);
      await aws.delete(gateway);
    });

    it("a log group that the control plane has made itself", async () => {
      await cluster({ enabledClusterLogTypes: ["api"] });
      await assert.rejects(
        aws.create("aws:cloudwatch/logGroup:LogGroup", { name: "/aws/eks/dev/cluster" }),
        /ResourceAlreadyExistsException: The specified log group already exists/,
      );
    });

    it("an add-on that runs on machines where there are none", async () => {
      await cluster();
      await assert.rejects(
        aws.create("aws:eks/addon:Addon", { clusterName: "dev", addonName: "coredns" }),
        /InsufficientNumberOfReplicas/,
      );
    });
  });

  it("the name of a secret that can still be recovered", async () => {
    const secret = (recoveryWindowInDays: number) =>
      aws.create("aws:secretsmanager/secret:Secret", { name: "s", recoveryWindowInDays });
    await aws.delete(await secret(0));
    await aws.delete(await secret(7));
    await assert.rejects(secret(0), /a secret with this name is already scheduled for deletion/);
  });

  it("a public policy on a bucket that blocks them, as new ones do", async () => {
    await aws.create("aws:s3/bucket:Bucket", { bucket: "dev-files" });
    const statement = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" };
    const policy = JSON.stringify({ Statement: [statement] });
    await assert.rejects(
      aws.create("aws:s3/bucketPolicy:BucketPolicy", { bucket: "dev-files", policy }),
      /AccessDenied: .*BlockPublicPolicy/,
    );
  });
});
