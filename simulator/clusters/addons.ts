import { APPLY, isMissing, type KubeClient, type KubeObject } from "../kube/client";
import { waitUntil } from "./wait";

/**
 * What a cloud's add-ons bring into a cluster, as far as programs see it: kinds of their own and drivers. Their pods are
 * not simulated.
 */
const ADDONS: Readonly<Record<string, readonly KubeObject[]>> = {
  "aws-secrets-store-csi-driver-provider": [secretProviderClassKind(), driver("secrets-store.csi.k8s.io")],
  "secret-manager": [secretProviderClassKind(), driver("secrets-store-gke.csi.k8s.io")],
  "aws-ebs-csi-driver": [driver("ebs.csi.aws.com")],
  "gce-persistent-disk-csi-driver": [driver("pd.csi.storage.gke.io")],
};

const PATHS: Readonly<Record<string, string>> = {
  CustomResourceDefinition: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
  CSIDriver: "/apis/storage.k8s.io/v1/csidrivers",
};

const ESTABLISHED_MS = 30_000;

/** Makes `addons` the whole set of a cluster; those that bring nothing that programs see are taken as they are. */
export async function setAddons(
  client: KubeClient,
  before: ReadonlySet<string>,
  addons: readonly string[],
): Promise<void> {
  const wanted = objectsOf(addons);
  const gone = [...objectsOf([...before])].filter(([path]) => !wanted.has(path));
  await Promise.all([...wanted].map(([path, object]) => install(client, path, object)));
  await Promise.all(gone.map(([path]) => removed(client, path)));
}

/** Two add-ons that go at the same time may both find it there, and one of them gone. */
async function removed(client: KubeClient, path: string): Promise<void> {
  try {
    await client.request({ method: "DELETE", path });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function objectsOf(addons: readonly string[]): Map<string, KubeObject> {
  const objects = addons.flatMap((addon) => ADDONS[addon] ?? []);
  return new Map(objects.map((object) => [`${PATHS[object.kind]}/${object.metadata.name}`, object]));
}

interface Established {
  readonly status?: { readonly conditions?: readonly { type: string; status: string }[] };
}

async function install(client: KubeClient, path: string, body: KubeObject): Promise<void> {
  const query = { fieldManager: "cloud", force: "true" };
  await client.request({ method: "PATCH", path, query, body, contentType: APPLY });
  if (body.kind !== "CustomResourceDefinition") return;
  await waitUntil(`the kind ${body.metadata.name}`, ESTABLISHED_MS, async () => {
    const { status } = await client.get<Established>(path);
    return (
      status?.conditions?.some(({ type, status: is }) => type === "Established" && is === "True") ?? false
    );
  });
}

function driver(name: string): KubeObject {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "CSIDriver",
    metadata: { name },
    spec: { attachRequired: false },
  };
}

/** SecretProviderClass of the Secrets Store CSI driver 1.6, the same for both clouds. */
function secretProviderClassKind(): KubeObject {
  const text = { type: "string" };
  const objectOf = (properties: object) => ({ type: "object", properties });
  const arrayOf = (items: object) => ({ type: "array", items });
  const spec = objectOf({
    provider: text,
    parameters: { type: "object", additionalProperties: text },
    secretObjects: arrayOf(
      objectOf({
        secretName: text,
        type: text,
        data: arrayOf(objectOf({ key: text, objectName: text })),
        labels: { type: "object", additionalProperties: text },
        annotations: { type: "object", additionalProperties: text },
      }),
    ),
  });
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "secretproviderclasses.secrets-store.csi.x-k8s.io" },
    spec: {
      group: "secrets-store.csi.x-k8s.io",
      scope: "Namespaced",
      names: {
        kind: "SecretProviderClass",
        listKind: "SecretProviderClassList",
        plural: "secretproviderclasses",
        singular: "secretproviderclass",
      },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: objectOf({ apiVersion: text, kind: text, metadata: { type: "object" }, spec }),
          },
        },
      ],
    },
  };
}
