import type { Properties } from "../../plugin/provider";
import { APPLY, isMissing, type KubeClient } from "../kube/client";
import type { ReleaseId } from "./helm";

/** Releases of a light cluster: kept as objects, nothing is installed. */
export class LightReleases {
  constructor(private readonly client: KubeClient) {}

  async put(inputs: Properties): Promise<Properties> {
    const { name, namespace } = inputs as unknown as ReleaseId;
    const status = { name, namespace, revision: 1, status: "deployed" };
    const kept = { ...inputs, status, resourceNames: {} };
    const body = { apiVersion: "rehearsal.testnet/v1", kind: "Release", metadata: { name, namespace }, kept };
    await this.client.request({
      method: "PATCH",
      path: pathOf({ name, namespace }),
      body,
      contentType: APPLY,
    });
    return kept;
  }

  async find(release: ReleaseId): Promise<Properties | undefined> {
    const found = await this.client.find<{ kept: Properties }>(pathOf(release));
    return found?.kept;
  }

  async remove(release: ReleaseId): Promise<void> {
    try {
      await this.client.request({ method: "DELETE", path: pathOf(release) });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
}

function pathOf({ name, namespace }: ReleaseId): string {
  return `/apis/rehearsal.testnet/v1/namespaces/${namespace}/releases/${name}`;
}
