import assert from "node:assert/strict";
import type { Properties } from "../../../plugin/provider";
import { methods } from "../../../simulator/cloud/methods";
import { awsNetwork, type AwsNetwork, eksCluster, eksNodes, QUOTAS } from "./grounds";
import { SmallWorld, type TestProvider, type TestResource } from "./small-world";

const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const GROUP = "aws:lb/targetGroup:TargetGroup";
const LISTENER = "aws:lb/listener:Listener";
const ATTACHMENT = "aws:autoscaling/attachment:Attachment";
const EIP = "aws:ec2/eip:Eip";

describe("simulated network load balancers", () => {
  let world: SmallWorld;
  let aws: TestProvider;
  let net: AwsNetwork;
  beforeEach(async () => {
    world = new SmallWorld(QUOTAS);
    aws = world.aws();
    net = await awsNetwork(aws);
  });
  afterEach(() => world.close());

  const balancer = (name: string, subnetMappings: object[], resource?: string) =>
    aws.create(BALANCER, { name, loadBalancerType: "network", subnetMappings }, resource);
  const group = (name: string, more: Properties = {}) =>
    aws.create(GROUP, { name, port: 10000, protocol: "TCP_UDP", vpcId: net.vpc.id, ...more });
  const listener = (on: TestResource, to: TestResource, more: Properties = {}) =>
    aws.create(LISTENER, {
      ...{ loadBalancerArn: on.id, port: 10000, protocol: "TCP_UDP" },
      defaultActions: [{ type: "forward", targetGroupArn: to.id }],
      ...more,
    });
  const subnet = (index: number) => net.subnets[index]?.id ?? "";

  it("stand on addresses that exist, each on its own", async () => {
    const seed = await aws.create(EIP, {}, "seed");
    const allocationId = seed.outputs["allocationId"];
    await assert.rejects(
      balancer("seed", [{ subnetId: subnet(0), allocationId: "eipalloc-0" }]),
      /eipalloc-0 does not exist/,
    );
    await assert.rejects(
      balancer("seed", [{ subnetId: "subnet-0", allocationId }]),
      /InvalidSubnetID.NotFound/,
    );
    const made = await balancer("seed", [{ subnetId: subnet(0), allocationId }]);
    assert.match(
      made.id,
      /^arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer\/net\/seed\/[0-9a-f]{16}$/,
    );
    await assert.rejects(
      balancer("other", [{ subnetId: subnet(1), allocationId }]),
      new RegExp(`ResourceInUse: The allocation ID '${String(allocationId)}' is already in use`),
    );
    await assert.rejects(
      balancer("both", [
        { subnetId: subnet(0), allocationId: (await aws.create(EIP, {})).id },
        { subnetId: subnet(0), allocationId: (await aws.create(EIP, {})).id },
      ]),
      /multiple subnets in the same Availability Zone/,
    );
    await assert.rejects(aws.delete(seed), /InvalidIPAddress.InUse/);
    await aws.delete(made);
    await aws.delete(seed);
  });

  it("are told with their address and ports", async () => {
    const seed = await aws.create(EIP, {}, "seed");
    const made = await balancer("seed", [{ subnetId: subnet(0), allocationId: seed.id }], "balancer-seed");
    await listener(made, await group("seed"));
    const entrances = await methods(world.world).entrances(null, { onLeave: () => undefined });
    const { publicIp } = seed.outputs;
    assert.deepEqual(entrances, [
      {
        kind: "address",
        address: publicIp,
        region: "us-east-1",
        usedBy: "balancer-seed",
        cloud: "aws",
        name: "seed",
      },
      {
        ...{ kind: "loadBalancer", region: "us-east-1", addresses: [publicIp] },
        ports: [{ number: 10000, protocol: "TCP_UDP" }],
        ...{ cloud: "aws", name: "balancer-seed" },
      },
    ]);
  });

  it("need a way to the internet, and keep it", async () => {
    const lone = await aws.create("aws:ec2/subnet:Subnet", { vpcId: net.vpc.id, cidrBlock: "10.0.9.0/24" });
    await assert.rejects(
      balancer("seed", [{ subnetId: lone.id }]),
      /InvalidSubnet: VPC .* has no internet gateway/,
    );
    const made = await balancer("seed", [{ subnetId: subnet(0) }]);
    await assert.rejects(aws.delete(net.gateway), /DependencyViolation: .*mapped public address/);
    await aws.delete(made);
    await aws.delete(net.gateway);
  });

  it("of other types, other protocols, and health that UDP should tell are refused before they are made", () => {
    const wrong: [type: string, inputs: Properties, words: RegExp][] = [
      [BALANCER, { name: "seed", subnets: ["x"] }, /only load balancers of the type network/],
      [BALANCER, { name: "-seed", loadBalancerType: "network" }, /must not begin or end with a hyphen/],
      [BALANCER, { name: "a".repeat(33), loadBalancerType: "network" }, /1 to 32 letters/],
      [GROUP, { name: "seed", port: 1, vpcId: "vpc", protocol: "SCTP" }, /expected to be one of/],
      [GROUP, { name: "seed", vpcId: "vpc", protocol: "UDP" }, /Missing required property 'port'/],
      [
        GROUP,
        { name: "seed", port: 1, vpcId: "vpc", protocol: "UDP", healthCheck: { protocol: "UDP" } },
        /expected to be one of \["TCP" "HTTP" "HTTPS"\]/,
      ],
      [
        GROUP,
        { name: "seed", port: 1, vpcId: "vpc", protocol: "TCP_UDP", preserveClientIp: "false" },
        /client IP preservation cannot be disabled/,
      ],
    ];
    for (const [type, inputs, words] of wrong) {
      const reasons = aws.check(type, inputs).map(({ reason }) => reason);
      assert.match(reasons.join("\n"), words);
    }
  });

  it("have one listener a port, whose protocol is that of its target group, which serves one balancer", async () => {
    const made = await balancer("seed", [{ subnetId: subnet(0) }]);
    const both = await group("both");
    await assert.rejects(listener(made, await group("tcp", { protocol: "TCP" })), /IncompatibleProtocols/);
    await listener(made, both);
    await assert.rejects(listener(made, both), /DuplicateListener: A listener already exists on port 10000/);
    const other = await balancer("other", [{ subnetId: subnet(1) }]);
    await assert.rejects(listener(other, both), /TargetGroupAssociationLimit/);
    await assert.rejects(group("both"), /DuplicateTargetGroupName/);
    await assert.rejects(balancer("seed", [{ subnetId: subnet(1) }]), /DuplicateLoadBalancerName/);
  });

  it("keep their target groups from being deleted, and take their listeners with them", async () => {
    const made = await balancer("seed", [{ subnetId: subnet(0) }]);
    const both = await group("both");
    const listening = await listener(made, both);
    await assert.rejects(
      aws.delete(both),
      /ResourceInUse: Target group .* is currently in use by a listener/,
    );
    await aws.delete(made);
    assert.equal(aws.exists(listening), false);
    await aws.delete(both);
  });

  it("reach the machines of node groups by their Auto Scaling group", async () => {
    await eksCluster(aws, net);
    const nodes = await eksNodes(aws, net, "daemons");
    const [resources] = nodes.outputs["resources"] as { autoscalingGroups: { name: string }[] }[];
    const autoscalingGroupName = resources?.autoscalingGroups[0]?.name;
    const both = await group("both");
    const attach = (more: Properties) =>
      aws.create(ATTACHMENT, { autoscalingGroupName, lbTargetGroupArn: both.id, ...more });
    await assert.rejects(attach({ autoscalingGroupName: "eks-none" }), /eks-none does not exist/);
    await assert.rejects(
      attach({ lbTargetGroupArn: (await group("ips", { targetType: "ip" })).id }),
      /not of instances of vpc-/,
    );
    const attached = await attach({});
    await assert.rejects(attach({}), /already attached/);
    await aws.delete(nodes);
    assert.equal(aws.exists(attached), false);
  });

  it("are limited by quotas of the region", async () => {
    const small = new SmallWorld({ "L-69A177A2": 1 });
    const tight = small.aws();
    const { subnets } = await awsNetwork(tight);
    const make = (name: string) =>
      tight.create(BALANCER, { name, loadBalancerType: "network", subnets: [subnets[0]?.id] });
    await make("one");
    await assert.rejects(make("two"), /TooManyLoadBalancers/);
    await small.close();
  });
});
