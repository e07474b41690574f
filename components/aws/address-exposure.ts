import { Attachment } from "@pulumi/aws/autoscaling";
import * as lb from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import { TestnetComponent } from "../component";
import type { ExposeAddressArgs, AddressExposure } from "../contracts";
import { physicalName } from "../naming";

export interface EksAddressExposureArgs extends ExposeAddressArgs {
  readonly vpcId: pulumi.Input<string>;
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Auto Scaling groups of the nodes that daemons run on. */
  readonly scalingGroups: pulumi.Input<pulumi.Input<string>[]>;
}

type Port = ExposeAddressArgs["ports"][number];

/** Seconds a machine that the pod left still gets packets. */
const DEREGISTRATION_SECONDS = 30;

/**
 * A Network Load Balancer with the reserved Elastic IP. Its targets are the machines of daemons; the one that answers on the
 * pod's port is the one the pod runs on. The port is the same at every step, and callers are seen by their own addresses.
 */
export class EksAddressExposure extends TestnetComponent implements AddressExposure {
  readonly loadBalancer = undefined;

  constructor(
    private readonly name: string,
    private readonly args: EksAddressExposureArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("testnet:aws:AddressExposure", name, args.identity, opts);
    const balancer = new lb.LoadBalancer(
      name,
      {
        name: physicalName("loadBalancer", args.identity.stack, name),
        loadBalancerType: "network",
        internal: false,
        // One address in one zone is enough to enter by; the pod may run in any.
        subnetMappings: [{ subnetId: this.firstSubnet(), allocationId: args.address.id }],
        enableCrossZoneLoadBalancing: true,
        tags: this.named(name),
      },
      this.child(),
    );
    for (const port of args.ports) this.forward(balancer, port);
    this.registerOutputs({});
  }

  private firstSubnet(): pulumi.Output<string> {
    return pulumi.output(this.args.subnetIds).apply(([first]) => {
      if (first === undefined) throw new Error(`${this.name}: the cluster has no subnet`);
      return first;
    });
  }

  private forward(balancer: lb.LoadBalancer, port: Port): void {
    const { identity, vpcId } = this.args;
    const name = `${this.name}-${port.number}`;
    const protocol = protocolOf(port);
    const group = new lb.TargetGroup(
      name,
      {
        name: physicalName("loadBalancer", identity.stack, name),
        port: port.number,
        protocol,
        vpcId,
        targetType: "instance",
        preserveClientIp: "true",
        deregistrationDelay: DEREGISTRATION_SECONDS,
        healthCheck: { protocol: "TCP", port: String(this.answeringPort(port)) },
        tags: this.named(name),
      },
      this.child(),
    );
    new lb.Listener(
      name,
      {
        loadBalancerArn: balancer.arn,
        port: port.number,
        protocol,
        defaultActions: [{ type: "forward", targetGroupArn: group.arn }],
        tags: this.named(name),
      },
      this.child(),
    );
    this.attach(name, group);
  }

  /** How many groups there are is known to the environment, and so before anything is made here. */
  private attach(name: string, group: lb.TargetGroup): void {
    const groups = this.args.scalingGroups;
    if (!Array.isArray(groups)) throw new Error(`${name}: the scaling groups must be known`);
    groups.forEach((autoscalingGroupName: pulumi.Input<string>, index) => {
      new Attachment(
        `${name}-${index + 1}`,
        { autoscalingGroupName, lbTargetGroupArn: group.arn },
        this.child(),
      );
    });
  }

  /** Health is asked for by TCP: by the port itself, or by another of the pod where it speaks UDP only. */
  private answeringPort(port: Port): number {
    const answering = [port, ...this.args.ports].find(({ transports }) => transports.includes("tcp"));
    return (answering ?? port).number;
  }
}

function protocolOf({ transports }: Port): "TCP" | "UDP" | "TCP_UDP" {
  if (transports.length === 2) return "TCP_UDP";
  return transports[0] === "udp" ? "UDP" : "TCP";
}
