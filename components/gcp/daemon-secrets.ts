import { SecretIamMember } from "@pulumi/gcp/secretmanager";
import * as pulumi from "@pulumi/pulumi";
import { TestnetComponent } from "../component";
import type { DaemonSecretGrants, DaemonSecretsArgs, SecretPlace } from "../contracts";
import { principalOf } from "./secrets";

/** The secret of a daemon, by its name: it is no resource of a stack. No network and no daemon has an underscore. */
export function gcpDaemonSecret(project: string, network: string, daemon: string): SecretPlace {
  const name = `testnet_${network}_${daemon}`;
  return { name, id: pulumi.output(`projects/${project}/secrets/${name}`) };
}

export interface GkeDaemonSecretsArgs extends DaemonSecretsArgs {
  readonly project: string;
  readonly projectNumber: pulumi.Input<string>;
}

/** The right of each daemon's service account to read that daemon's secret, by Workload Identity Federation. */
export class GkeDaemonSecrets extends TestnetComponent implements DaemonSecretGrants {
  readonly granted: ReadonlyMap<string, readonly pulumi.Resource[]>;

  constructor(name: string, args: GkeDaemonSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:gcp:DaemonSecrets", name, args.identity, opts);
    const { project, projectNumber, network } = args;
    this.granted = new Map(
      args.daemons.map((daemon) => {
        const member = new SecretIamMember(
          `${name}-${daemon}`,
          {
            project,
            secretId: gcpDaemonSecret(project, network, daemon).id,
            role: "roles/secretmanager.secretAccessor",
            member: principalOf({ project, projectNumber, namespace: network, serviceAccount: daemon }),
          },
          this.child(),
        );
        return [daemon, [member]];
      }),
    );
    this.registerOutputs({});
  }
}
