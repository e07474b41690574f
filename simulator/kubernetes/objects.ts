import { differences } from "../../plugin/difference";
import {
  type CheckCall,
  type Checked,
  type Created,
  type CreateCall,
  type DeleteCall,
  type Diff,
  type DiffCall,
  type Found,
  PartialFailure,
  type Properties,
  type ReadCall,
  Refused,
  UNKNOWN,
  type UpdateCall,
} from "../../plugin/provider";
import { APPLY, isMissing, KubeError, type KubeObject } from "../kube/client";
import { autoName } from "./auto-name";
import type { Cluster } from "./cluster";
import { hasUnknown, liveInputs, withoutManagedFields } from "./drift";
import { replacesObject } from "./immutable";
import { awaitGone, awaitReady } from "./readiness";

const FIELD_MANAGER = "pulumi-kubernetes";

/** Their pods must be gone before they are. For others waiting on dependents costs two seconds and gains nothing. */
const FOREGROUND = new Set(["Deployment", "StatefulSet", "DaemonSet", "Job", "ReplicaSet"]);

/** Objects of any kind the API server knows: applied server-side, where every field is checked against its schema. */
export class Objects {
  constructor(
    private readonly cluster: () => Promise<Cluster>,
    private readonly options: Readonly<Record<string, unknown>>,
  ) {}

  check({ inputs, old, name, randomSeed }: CheckCall): Checked {
    const metadata = (inputs["metadata"] ?? {}) as Properties;
    if (metadata["name"] !== undefined) return { inputs, failures: [] };
    const before = (old?.["metadata"] as Properties | undefined)?.["name"];
    const named = { ...metadata, name: before ?? autoName(name, randomSeed) };
    return { inputs: { ...inputs, metadata: named }, failures: [] };
  }

  diff({ old, inputs }: DiffCall): Diff {
    return {
      differences: differences(old, inputs),
      replaces: (path) => replacesObject(String(inputs["kind"]), path, this.options),
      // Two objects of one name cannot be.
      deleteBeforeReplace: sameName(old, inputs),
    };
  }

  async create({ inputs, preview }: CreateCall): Promise<Created> {
    const object = inputs as unknown as KubeObject;
    if (preview) {
      await this.tryOut(object);
      return { outputs: { ...inputs, status: UNKNOWN } };
    }
    const cluster = await this.cluster();
    const path = await cluster.pathOf(object);
    if ((await cluster.client.find(path)) !== undefined) {
      throw new Refused(`${object.kind} ${idOf(object)} already exists`);
    }
    const applied = await this.apply(cluster, object);
    return { id: idOf(object), outputs: await this.ready(cluster, path, applied) };
  }

  async read({ inputs, outputs }: ReadCall): Promise<Found | undefined> {
    const object = { ...outputs, ...inputs } as unknown as KubeObject;
    const cluster = await this.cluster();
    const path = await cluster.findPath(object);
    const live = path === undefined ? undefined : await cluster.client.find(path);
    if (live === undefined || live.metadata["deletionTimestamp"] !== undefined) return undefined;
    const applied = await this.apply(cluster, inputs as unknown as KubeObject, true);
    return {
      id: idOf(object),
      inputs: liveInputs(inputs, applied, live),
      outputs: withoutManagedFields(live),
    };
  }

  async update({ inputs, outputs, preview }: UpdateCall): Promise<object> {
    const object = inputs as unknown as KubeObject;
    if (preview) {
      await this.tryOut(object);
      return { ...outputs, ...inputs, status: UNKNOWN };
    }
    const cluster = await this.cluster();
    const path = await cluster.pathOf(object);
    const applied = await this.apply(cluster, object);
    return this.ready(cluster, path, applied);
  }

  async delete({ inputs, outputs }: DeleteCall): Promise<void> {
    const object = { ...outputs, ...inputs } as unknown as KubeObject;
    const cluster = await this.cluster();
    const path = await cluster.findPath(object);
    if (path === undefined) return;
    const propagationPolicy = FOREGROUND.has(object.kind) ? "Foreground" : "Background";
    try {
      await cluster.client.request({ method: "DELETE", path, query: { propagationPolicy } });
    } catch (error) {
      if (isMissing(error)) return;
      throw inWords(error);
    }
    await awaitGone(cluster.client, path);
  }

  /** A dry run at the server: a typo is found in the preview, once the cluster exists. */
  private async tryOut(object: KubeObject): Promise<void> {
    if (hasUnknown(object)) return;
    const cluster = await this.cluster();
    try {
      await this.apply(cluster, object, true);
    } catch (error) {
      if (!(error instanceof Refused) || !/^(namespaces "|no matches for kind)/.test(error.message)) {
        throw error;
      }
      // Namespace or kind come with the same `up`. A namespace that is there checks the fields as well.
      if (error.message.startsWith("no matches")) return;
      await this.apply(cluster, { ...object, metadata: { ...object.metadata, namespace: "default" } }, true);
    }
  }

  private async apply(cluster: Cluster, object: KubeObject, dryRun = false): Promise<KubeObject> {
    try {
      return await cluster.client.request({
        method: "PATCH",
        path: await cluster.pathOf(object),
        query: {
          fieldManager: FIELD_MANAGER,
          force: "true",
          fieldValidation: "Strict",
          ...(dryRun && { dryRun: "All" }),
        },
        body: object,
        contentType: APPLY,
      });
    } catch (error) {
      throw inWords(error);
    }
  }

  private async ready(cluster: Cluster, path: string, applied: KubeObject): Promise<Properties> {
    if (await cluster.isLight()) return applied;
    try {
      return withoutManagedFields(await awaitReady(cluster.client, path, applied));
    } catch (error) {
      // It exists: forgetting it would leak it.
      throw new PartialFailure(idOf(applied), withoutManagedFields(applied), error as Error);
    }
  }
}

function sameName(old: Properties, inputs: Properties): boolean {
  return idOf(old as unknown as KubeObject) === idOf(inputs as unknown as KubeObject);
}

function idOf({ metadata }: KubeObject): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

/** What the API server said, without a stack of ours. */
function inWords(error: unknown): unknown {
  return error instanceof KubeError ? new Refused(error.message) : error;
}
