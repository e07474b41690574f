import { PodIdentityAssociation } from "@pulumi/aws/eks";
import { Secret } from "@pulumi/aws/secretsmanager";
import * as pulumi from "@pulumi/pulumi";
import { type Identity, TestnetComponent } from "../component";
import type {
  PasswordWriter,
  SecretFile,
  SecretFiles,
  SecretGrant,
  SecretGrantArgs,
  SecretPlace,
} from "../contracts";
import { physicalName } from "../naming";
import { AwsRole, podTrust } from "./iam";

/** Days a deleted secret can be brought back. None where it is not guarded: its name is free again at once. */
const RECOVERY_DAYS = { guarded: 30, unguarded: 0 } as const;

/** An empty secret of AWS Secrets Manager. Its value never passes through the engine. */
export class AwsSecret extends TestnetComponent implements SecretPlace {
  readonly name: string;
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: { readonly identity: Identity }, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:aws:Secret", name, args.identity, opts);
    this.name = physicalName("awsSecret", args.identity.stack, name);
    const secret = new Secret(
      name,
      {
        name: this.name,
        recoveryWindowInDays: args.identity.protect ? RECOVERY_DAYS.guarded : RECOVERY_DAYS.unguarded,
        tags: this.tags,
      },
      this.statefulChild(),
    );
    this.id = secret.arn;
    this.registerOutputs({ id: this.id });
  }
}

export interface EksSecretGrantArgs extends SecretGrantArgs {
  readonly clusterName: pulumi.Input<string>;
  readonly clusterArn: pulumi.Input<string>;
}

const ACTIONS = {
  read: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
  write: ["secretsmanager:PutSecretValue", "secretsmanager:DescribeSecret"],
} as const;

/** A role for one service account of one cluster that knows the named secrets and no others. */
export class EksSecretGrant extends TestnetComponent implements SecretGrant {
  readonly granted: readonly pulumi.Resource[];

  constructor(name: string, args: EksSecretGrantArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:aws:SecretGrant", name, args.identity, opts);
    const { namespace, serviceAccount } = args;
    const role = new AwsRole(
      name,
      {
        identity: args.identity,
        nameParts: [args.identity.stack, name],
        trust: podTrust(namespace, serviceAccount, args.clusterArn),
        statements: [{ actions: ACTIONS[args.may], resources: pulumi.all(args.secrets.map(({ id }) => id)) }],
      },
      { parent: this },
    );
    const association = new PodIdentityAssociation(
      name,
      { clusterName: args.clusterName, namespace, serviceAccount, roleArn: role.arn, tags: this.tags },
      this.child(),
    );
    this.granted = [association, ...role.policies];
    this.registerOutputs({});
  }
}

/** For the add-on of the Secrets Store CSI driver, by the pod's own identity. */
export function awsSecretFiles(region: string, files: readonly SecretFile[]): SecretFiles {
  const objects = files.map(({ secret, fileName }) =>
    secret.id.apply((id) => ({ objectName: id, objectType: "secretsmanager", objectAlias: fileName })),
  );
  return {
    driver: "secrets-store.csi.k8s.io",
    spec: {
      provider: "aws",
      // JSON is YAML.
      parameters: { region, usePodIdentity: "true", objects: pulumi.jsonStringify(objects) },
    },
  };
}

/** The cloud's command line, as it publishes it. */
export const PASSWORD_WRITER_IMAGE = "public.ecr.aws/aws-cli/aws-cli:2.31.0";

export function awsPasswordWriter(region: string, secret: SecretPlace): PasswordWriter {
  return {
    image: PASSWORD_WRITER_IMAGE,
    script: [
      "set -eu",
      `versions=$(aws secretsmanager describe-secret --secret-id "$SECRET_ID" --query 'length(keys(VersionIdsToStages || \`{}\`))' --output text)`,
      'if [ "$versions" != 0 ]; then echo "The password is there already."; exit 0; fi',
      "umask 077",
      "head -c 24 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\\n' > \"$HOME/password\"",
      'aws secretsmanager put-secret-value --secret-id "$SECRET_ID" --secret-string "file://$HOME/password" > /dev/null',
      'echo "A password was made."',
    ].join("\n"),
    env: [
      { name: "SECRET_ID", value: secret.id },
      { name: "AWS_REGION", value: region },
    ],
  };
}
