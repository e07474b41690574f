import { Secret, SecretIamMember } from "@pulumi/gcp/secretmanager";
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

export interface GcpSecretArgs {
  readonly identity: Identity;
  readonly project: string;
  readonly region: string;
}

/** An empty secret of Secret Manager, kept in one region. Its value never passes through the engine. */
export class GcpSecret extends TestnetComponent implements SecretPlace {
  readonly name: string;
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: GcpSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:gcp:Secret", name, args.identity, opts);
    this.name = physicalName("gcpSecret", args.identity.stack, name);
    const secret = new Secret(
      name,
      {
        project: args.project,
        secretId: this.name,
        replication: { userManaged: { replicas: [{ location: args.region }] } },
        deletionProtection: args.identity.protect,
        labels: this.tags,
      },
      this.statefulChild(),
    );
    this.id = secret.id;
    this.registerOutputs({ id: this.id });
  }
}

export interface GkeSecretGrantArgs extends SecretGrantArgs {
  readonly project: string;
  readonly projectNumber: pulumi.Input<string>;
}

/** The writer looks first whether there is a version: it never reads one. */
const ROLES = {
  read: ["roles/secretmanager.secretAccessor"],
  write: ["roles/secretmanager.secretVersionAdder", "roles/secretmanager.viewer"],
} as const;

/** Rights of one service account of one cluster on each of the named secrets, by Workload Identity Federation. */
export class GkeSecretGrant extends TestnetComponent implements SecretGrant {
  readonly granted: readonly pulumi.Resource[];

  constructor(name: string, args: GkeSecretGrantArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:gcp:SecretGrant", name, args.identity, opts);
    const { project } = args;
    const member = principalOf(args);
    this.granted = args.secrets.flatMap((secret) =>
      ROLES[args.may].map(
        (role) =>
          new SecretIamMember(
            `${name}-${secret.name}-${role.replace(/^.*\./, "")}`,
            { project, secretId: secret.id, role, member },
            this.child(),
          ),
      ),
    );
    this.registerOutputs({});
  }
}

/** A Kubernetes service account, as IAM knows it. */
export function principalOf(
  account: Pick<GkeSecretGrantArgs, "project" | "projectNumber" | "namespace" | "serviceAccount">,
): pulumi.Output<string> {
  const { project, projectNumber, namespace, serviceAccount } = account;
  const pool = pulumi.interpolate`projects/${projectNumber}/locations/global/workloadIdentityPools/${project}.svc.id.goog`;
  return pulumi.interpolate`principal://iam.googleapis.com/${pool}/subject/ns/${namespace}/sa/${serviceAccount}`;
}

/** For the Secret Manager add-on of GKE, by the pod's own identity. */
export function gcpSecretFiles(files: readonly SecretFile[]): SecretFiles {
  const secrets = files.map(({ secret, fileName }) => ({
    resourceName: pulumi.interpolate`${secret.id}/versions/latest`,
    path: fileName,
  }));
  return {
    driver: "secrets-store-gke.csi.k8s.io",
    // JSON is YAML.
    spec: { provider: "gke", parameters: { secrets: pulumi.jsonStringify(secrets) } },
  };
}

/** The cloud's command line, as it publishes it. */
export const PASSWORD_WRITER_IMAGE = "gcr.io/google.com/cloudsdktool/google-cloud-cli:540.0.0-slim";

export function gcpPasswordWriter(project: string, secret: SecretPlace): PasswordWriter {
  return {
    image: PASSWORD_WRITER_IMAGE,
    script: [
      "set -eu",
      'versions=$(gcloud secrets versions list "$SECRET_ID" --limit=1 --format="value(name)")',
      'if [ -n "$versions" ]; then echo "The password is there already."; exit 0; fi',
      "umask 077",
      "head -c 24 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\\n' > \"$HOME/password\"",
      'gcloud secrets versions add "$SECRET_ID" --data-file="$HOME/password" --quiet > /dev/null',
      'echo "A password was made."',
    ].join("\n"),
    env: [
      { name: "SECRET_ID", value: secret.name },
      { name: "CLOUDSDK_CORE_PROJECT", value: project },
    ],
  };
}
