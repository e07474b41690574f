import { SecurityGroupIngressRule } from "@pulumi/aws/vpc";
import type * as pulumi from "@pulumi/pulumi";
import { TestnetComponent } from "../component";
import type { PeerPorts, PeerPortsArgs } from "../contracts";

export interface EksPeerPortsArgs extends PeerPortsArgs {
  readonly securityGroup: pulumi.Input<string>;
}

/** Two rules, one for TCP and one for UDP, on the group that only nodes of daemons wear. */
export class EksPeerPorts extends TestnetComponent implements PeerPorts {
  readonly from: number;
  readonly to: number;

  constructor(name: string, args: EksPeerPortsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:aws:PeerPorts", name, args.identity, opts);
    this.from = args.from;
    this.to = args.to;
    for (const ipProtocol of ["tcp", "udp"]) {
      new SecurityGroupIngressRule(
        `${name}-${ipProtocol}`,
        {
          securityGroupId: args.securityGroup,
          description: "Peers of the world",
          ipProtocol,
          fromPort: args.from,
          toPort: args.to,
          cidrIpv4: "0.0.0.0/0",
          tags: this.named(`${name}-${ipProtocol}`),
        },
        this.child(),
      );
    }
    this.registerOutputs({});
  }
}
