import * as pulumi from "@pulumi/pulumi";

export interface LocalProviderArgs {
  /** Absolute path of the state directory of local networks. */
  readonly home: string;
}

/** The provider of this machine: the plugin `testnet-local` that Pulumi.yaml names (components/local/provider). */
export class LocalProvider extends pulumi.ProviderResource {
  constructor(name: string, args: LocalProviderArgs, opts?: pulumi.ResourceOptions) {
    super("testnet-local", name, { ...args }, opts);
  }
}
