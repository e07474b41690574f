import { stringify } from "yaml";
import type { ClusterAccess } from "./contract";

/** A kubeconfig of the administrators of clusters, with a context for each, by its id. The first is the current one. */
export function kubeconfigOf(clusters: readonly { id: string; access: ClusterAccess }[]): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": clusters[0]?.id ?? "",
    clusters: clusters.map(({ id, access: { endpoint, caPem } }) => ({
      name: id,
      cluster: {
        server: endpoint,
        // A light cluster speaks plain HTTP on this machine.
        ...(endpoint.startsWith("https:") && {
          "certificate-authority-data": Buffer.from(caPem).toString("base64"),
        }),
      },
    })),
    users: clusters.map(({ id, access: { token } }) => ({ name: id, user: { token } })),
    contexts: clusters.map(({ id }) => ({ name: id, context: { cluster: id, user: id } })),
  });
}
