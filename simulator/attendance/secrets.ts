import { randomBytes } from "node:crypto";
import { CloudError, type PodIdentity, type SecretMounts, type Seen } from "../cloud/model";
import type { World } from "../cloud/world";
import { SECRET_DRIVERS, SECRETS_ANNOTATION, WRITTEN_SECRET } from "../clusters/stages";
import { type KubeClient, MERGE } from "../kube/client";
import { annotationsOf, namespaceOf, type Pod, uidOf } from "./kube-objects";
import { Warnings } from "./warnings";

interface ProviderClass {
  readonly spec?: { readonly provider?: string; readonly parameters?: Readonly<Record<string, string>> };
}

type Volume = NonNullable<Pod["spec"]["volumes"]>[number];

/**
 * The Secrets Store CSI driver: a pod that mounts secrets starts when each of them has a value that its service account may
 * read. A pod whose container writes a secret needs the right to write it, and leaves a value.
 */
export class Secrets {
  private readonly warnings: Warnings;
  /** Pods that have been told; their next state comes with the watch. */
  private readonly told = new Set<string>();

  constructor(
    private readonly world: World,
    private readonly client: KubeClient,
  ) {
    this.warnings = new Warnings(client, "kubelet");
  }

  async attend(pod: Pod, cluster: Seen): Promise<void> {
    const volumes = (pod.spec.volumes ?? []).filter(isSecretVolume);
    const written = writtenSecret(pod);
    const isScheduled = pod.spec.nodeName !== undefined;
    const isDone = this.told.has(uidOf(pod)) || SECRETS_ANNOTATION in annotationsOf(pod);
    if (!isScheduled || isDone || (volumes.length === 0 && written === undefined)) return;
    const refusals = [];
    for (const volume of volumes) refusals.push(await this.mountRefusal(pod, volume, cluster));
    if (written !== undefined) refusals.push(this.writeRefusal(pod, written, cluster));
    const refusal = refusals.find((one) => one !== undefined);
    if (refusal === undefined) await this.start(pod);
    else await this.warnings.say(pod, volumes.length > 0 ? "FailedMount" : "Failed", refusal);
  }

  private async start(pod: Pod): Promise<void> {
    this.told.add(uidOf(pod));
    this.warnings.forget(pod);
    await this.client.request({
      method: "PATCH",
      path: `/api/v1/namespaces/${namespaceOf(pod)}/pods/${pod.metadata.name}`,
      body: { metadata: { annotations: { [SECRETS_ANNOTATION]: "true" } } },
      contentType: MERGE,
    });
  }

  /** Why a volume is not mounted, as the kubelet says it. */
  private async mountRefusal(pod: Pod, { name, csi }: Volume, cluster: Seen): Promise<string | undefined> {
    const driver = csi?.driver ?? "";
    const start = `MountVolume.SetUp failed for volume "${name}" : `;
    if ((await this.client.find(`/apis/storage.k8s.io/v1/csidrivers/${driver}`)) === undefined) {
      return `${start}kubernetes.io/csi: driver name ${driver} not found in the list of registered CSI drivers`;
    }
    const path = `/apis/secrets-store.csi.x-k8s.io/v1/namespaces/${namespaceOf(pod)}/secretproviderclasses`;
    const className = csi?.volumeAttributes?.["secretProviderClass"] ?? "";
    const found = await this.client.find<ProviderClass>(`${path}/${className}`);
    const who = `${namespaceOf(pod)}/${pod.metadata.name}`;
    if (className === "" || found === undefined) {
      return `${start}rpc error: code = Unknown desc = failed to get secretproviderclass ${namespaceOf(pod)}/${className}, error: secretproviderclasses.secrets-store.csi.x-k8s.io "${className}" not found`;
    }
    const mounts = this.mountsOf(cluster);
    const { provider, parameters = {} } = found.spec ?? {};
    if (mounts?.driver !== driver || mounts.provider !== provider) {
      return `${start}rpc error: code = Unknown desc = error connecting to provider "${provider ?? ""}": provider not found: provider "${provider ?? ""}"`;
    }
    const words = this.readRefusal(mounts, identityOf(pod, cluster), parameters);
    if (words === undefined) return undefined;
    return `${start}rpc error: code = Unknown desc = failed to mount secrets store objects for pod ${who}, err: ${words}`;
  }

  private readRefusal(
    mounts: SecretMounts,
    identity: PodIdentity,
    parameters: Readonly<Record<string, string>>,
  ): string | undefined {
    try {
      for (const name of mounts.asked(parameters)) {
        const secret = mounts.find(name, identity.cluster, parameters);
        const hasValue = secret !== undefined && this.world.secrets.count(secret.record.uid) > 0;
        // Whoever may not read does not learn what there is.
        const words =
          (secret && mounts.refusal(identity, secret, "read")) ??
          (hasValue ? undefined : mounts.missing(name));
        if (words !== undefined) return `secret "${name}": ${words}`;
      }
      return undefined;
    } catch (error) {
      if (error instanceof CloudError) return error.message;
      throw error;
    }
  }

  private writeRefusal(pod: Pod, name: string, cluster: Seen): string | undefined {
    const mounts = this.mountsOf(cluster);
    const secret = mounts?.find(name, cluster, {});
    if (mounts === undefined || secret === undefined) return `secret "${name}": there is none`;
    const words = mounts.refusal(identityOf(pod, cluster), secret, "write");
    if (words !== undefined) return `secret "${name}": ${words}`;
    const { uid } = secret.record;
    if (this.world.secrets.count(uid) === 0) {
      this.world.secrets.add(uid, randomBytes(18).toString("base64url"));
    }
    return undefined;
  }

  private mountsOf(cluster: Seen): SecretMounts | undefined {
    return this.world.cloudOf(cluster.record).mounts;
  }
}

function isSecretVolume({ csi }: Volume): boolean {
  return SECRET_DRIVERS.some((driver) => driver === csi?.driver);
}

function writtenSecret({ spec }: Pod): string | undefined {
  const variables = spec.containers.flatMap(({ env = [] }) => env);
  return variables.find(({ name }) => name === WRITTEN_SECRET)?.value;
}

function identityOf(pod: Pod, cluster: Seen): PodIdentity {
  return { cluster, namespace: namespaceOf(pod), serviceAccount: pod.spec.serviceAccountName ?? "default" };
}
