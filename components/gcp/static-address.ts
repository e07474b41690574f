import * as compute from "@pulumi/gcp/compute";
import type * as pulumi from "@pulumi/pulumi";
import { type Identity, TestnetComponent } from "../component";
import type { StaticAddress } from "../contracts";
import { physicalName } from "../naming";

export interface GcpStaticAddressArgs {
  readonly identity: Identity;
  readonly project: string;
  readonly region: string;
}

/** A reserved external address of a region. */
export class GcpStaticAddress extends TestnetComponent implements StaticAddress {
  readonly address: pulumi.Output<string>;
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: GcpStaticAddressArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:gcp:StaticAddress", name, args.identity, opts);
    const address = new compute.Address(
      name,
      {
        name: physicalName("gcpAddress", args.identity.stack, name),
        description: this.description,
        project: args.project,
        region: args.region,
        addressType: "EXTERNAL",
        networkTier: "PREMIUM",
        labels: this.tags,
      },
      // Others know a seed, or a service, by its address: it does not come back once it was given up.
      this.statefulChild(),
    );
    this.address = address.address;
    this.id = address.id;
    this.registerOutputs({ address: this.address, id: this.id });
  }
}
