import type { EngineEvent } from "@pulumi/pulumi/automation";
import type { Problem } from "../../errors/problem";

/** What the engine told of a resource that failed. */
interface Told {
  readonly urn: string | undefined;
  readonly message: string;
}

/** What providers of Kubernetes say when no API server answers: the provider's own words, and those of the ways there. */
const SILENT =
  /configured Kubernetes cluster is unreachable|unable to load schema information from the API server|ECONNREFUSED|ECONNRESET|socket hang up|connection refused|i\/o timeout|no route to host|TLS handshake timeout|Kubernetes cluster unreachable/i;

const KUBERNETES = "::pulumi:providers:kubernetes::";

/** Operations that changed something. */
const CHANGES: ReadonlySet<string> = new Set(["create", "update", "delete", "replace", "create-replacement"]);

/** Clusters that did not answer during a run: one problem each, whatever number of resources failed for it. */
export class ClusterOutages {
  /** Names of clusters, which are those of their providers, by the URN of the resource. */
  private readonly clusters = new Map<string, string>();
  private readonly changed = new Set<string>();

  readonly onEvent = (event: EngineEvent): void => {
    const metadata =
      event.resourcePreEvent?.metadata ?? event.resOutputsEvent?.metadata ?? event.resOpFailedEvent?.metadata;
    if (metadata === undefined) return;
    const cluster = clusterOf((metadata as { readonly provider?: string }).provider);
    if (cluster !== undefined) this.clusters.set(metadata.urn, cluster);
    if (event.resOutputsEvent !== undefined && CHANGES.has(metadata.op)) this.changed.add(metadata.urn);
  };

  /** Whether a failure says that a cluster does not answer. */
  isOne({ urn, message }: Told): boolean {
    return urn !== undefined && this.clusters.has(urn) && SILENT.test(message);
  }

  /** What is to be told of such failures: by cluster, with what was done elsewhere. */
  problems(failures: readonly Told[]): Problem[] {
    const byCluster = new Map<string, Told[]>();
    for (const one of failures) {
      const cluster = this.clusters.get(one.urn ?? "") ?? "";
      byCluster.set(cluster, [...(byCluster.get(cluster) ?? []), one]);
    }
    const done = this.changed.size;
    return [...byCluster].map(([cluster, all]): Problem => {
      const first = all[0]?.message.split("\n")[0]?.trim() ?? "";
      return {
        code: "TN2045",
        at: `cluster ${cluster}`,
        message: `it does not answer: ${all.length} of its resources were left as they are, ${done} others were changed as wanted (${first})`,
      };
    });
  }
}

/** From a provider's reference, `URN::ID`: the name of a cluster's provider is the cluster's. */
function clusterOf(provider: string | undefined): string | undefined {
  if (provider?.includes(KUBERNETES) !== true) return undefined;
  return provider.split(KUBERNETES)[1]?.split("::")[0];
}
