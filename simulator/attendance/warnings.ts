import { APPLY, type KubeClient, type KubeObject } from "../kube/client";
import { namespaceOf, uidOf } from "./kube-objects";

/** Warnings about objects, as events of the cluster: one for each object, which says what was wrong last. */
export class Warnings {
  /** By uid of the object. */
  private readonly said = new Map<string, string>();

  constructor(
    private readonly client: KubeClient,
    private readonly component: string,
  ) {}

  async say(about: KubeObject, reason: string, message: string): Promise<void> {
    const uid = uidOf(about);
    if (this.said.get(uid) === message) return;
    this.said.set(uid, message);
    const namespace = namespaceOf(about);
    const name = `${about.metadata.name}.${uid}`;
    const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
    const body = {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name, namespace },
      involvedObject: { apiVersion: "v1", kind: about.kind, namespace, name: about.metadata.name, uid },
      ...{ type: "Warning", reason, message, count: 1, firstTimestamp: now, lastTimestamp: now },
      source: { component: this.component },
    };
    await this.client.request({
      method: "PATCH",
      path: `/api/v1/namespaces/${namespace}/events/${name}`,
      query: { fieldManager: this.component, force: "true" },
      body,
      contentType: APPLY,
    });
  }

  forget(about: KubeObject): void {
    this.said.delete(uidOf(about));
  }
}
