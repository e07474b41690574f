import * as compute from "@pulumi/gcp/compute";
import type * as pulumi from "@pulumi/pulumi";
import { TestnetComponent } from "../component";
import type { PeerPorts, PeerPortsArgs } from "../contracts";
import { physicalName } from "../naming";

export interface GkePeerPortsArgs extends PeerPortsArgs {
  readonly project: string;
  readonly network: pulumi.Input<string>;
  readonly peerTag: string;
}

/** Two firewall rules, one for TCP and one for UDP, that only nodes of daemons are tagged for. */
export class GkePeerPorts extends TestnetComponent implements PeerPorts {
  readonly from: number;
  readonly to: number;

  constructor(name: string, args: GkePeerPortsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:gcp:PeerPorts", name, args.identity, opts);
    this.from = args.from;
    this.to = args.to;
    for (const protocol of ["tcp", "udp"]) {
      new compute.Firewall(
        `${name}-${protocol}`,
        {
          name: physicalName("gcpFirewall", args.identity.stack, name, protocol),
          description: this.description,
          project: args.project,
          network: args.network,
          direction: "INGRESS",
          allows: [{ protocol, ports: [`${args.from}-${args.to}`] }],
          sourceRanges: ["0.0.0.0/0"],
          targetTags: [args.peerTag],
        },
        this.child(),
      );
    }
    this.registerOutputs({});
  }
}
