import { Eip } from "@pulumi/aws/ec2";
import type * as pulumi from "@pulumi/pulumi";
import { type Identity, TestnetComponent } from "../component";
import type { StaticAddress } from "../contracts";

/** An Elastic IP. */
export class AwsStaticAddress extends TestnetComponent implements StaticAddress {
  readonly address: pulumi.Output<string>;
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: { readonly identity: Identity }, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:aws:StaticAddress", name, args.identity, opts);
    // Others know a seed, or a service, by its address: it does not come back once it was given up.
    const eip = new Eip(name, { domain: "vpc", tags: this.named(name) }, this.statefulChild());
    this.address = eip.publicIp;
    this.id = eip.allocationId;
    this.registerOutputs({ address: this.address, id: this.id });
  }
}
