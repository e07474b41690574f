import { Job } from "@pulumi/kubernetes/batch/v1";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import { type Identity, TestnetComponent } from "../component";
import type { Cluster, PasswordWriter, SecretPlace } from "../contracts";

export interface GeneratedPasswordArgs {
  readonly identity: Identity;
  readonly cluster: Cluster;
  readonly namespace: string;
  /** The same name as an output of whatever makes the namespace. */
  readonly namespaceMade: pulumi.Output<string>;
  /** What is pulled for an image. */
  readonly image: (reference: string) => pulumi.Input<string>;
}

/** Tries of the Job: rights that were granted a moment ago may take a minute to hold everywhere. */
const TRIES = 10;
const WORK = "/work";
/** Not root: no file of the image belongs to it. */
const USER = 65_532;

/**
 * A password that no file, plan or state ever held: a Job inside the cluster makes it and writes it into the secret
 * manager, by an identity that may write that one secret and read none. A secret that has a value is left as it is.
 *
 * @example
 * const { secret, written } = new GeneratedPassword("admin", { identity, cluster, namespace: "mine", namespaceMade, image });
 */
export class GeneratedPassword extends TestnetComponent {
  readonly secret: SecretPlace;
  /** Done when the secret has its value. */
  readonly written: pulumi.Resource;

  constructor(name: string, args: GeneratedPasswordArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:kubernetes:GeneratedPassword", name, args.identity, opts);
    const { identity, cluster, namespace, namespaceMade, image } = args;
    const serviceAccount = `${name}-writer`;
    this.secret = cluster.services.secret(name, { identity }, { parent: this });
    const { granted } = cluster.services.grantSecrets(
      `${name}-writer`,
      { identity, namespace, serviceAccount, may: "write", secrets: [this.secret] },
      { parent: this },
    );
    const account = new ServiceAccount(
      `${name}-writer`,
      { metadata: { name: serviceAccount, namespace: namespaceMade, labels: this.tags } },
      this.child(),
    );
    const writer = cluster.services.passwordWriter(this.secret);
    this.written = new Job(
      `${name}-writer`,
      {
        metadata: { name: serviceAccount, namespace: namespaceMade, labels: this.tags },
        spec: {
          backoffLimit: TRIES,
          template: {
            metadata: { labels: this.tags },
            spec: podSpec(serviceAccount, writer, image(writer.image)),
          },
        },
      },
      this.child({ dependsOn: [account, ...granted, ...cluster.nodesReady] }),
    );
    this.registerOutputs({});
  }
}

/** Everything it writes is in memory, and gone with the pod. */
function podSpec(serviceAccountName: string, { script, env }: PasswordWriter, image: pulumi.Input<string>) {
  return {
    serviceAccountName,
    restartPolicy: "Never",
    securityContext: {
      runAsNonRoot: true,
      runAsUser: USER,
      runAsGroup: USER,
      fsGroup: USER,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "writer",
        image,
        command: ["/bin/sh", "-c", script],
        // The clouds' tools write below their home, and the root of the container is read-only.
        env: [...env, { name: "HOME", value: WORK }],
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
        volumeMounts: [{ name: "work", mountPath: WORK }],
      },
    ],
    volumes: [{ name: "work", emptyDir: { medium: "Memory", sizeLimit: "64Mi" } }],
  };
}
