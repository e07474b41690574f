import type { ChartSource } from "../contracts";

/** A pinned Helm chart: where its maintainers publish it, and which version. */
export interface PinnedChart {
  readonly version: string;
  readonly repository: string;
}

/**
 * Every chart that is installed. grafana and loki moved to grafana-community in 2026; what the old repository holds under
 * these names is stale.
 */
export const CHARTS = {
  "kube-prometheus-stack": {
    version: "88.5.3",
    repository: "https://prometheus-community.github.io/helm-charts",
  },
  grafana: { version: "12.11.1", repository: "https://grafana-community.github.io/helm-charts" },
  loki: { version: "18.11.0", repository: "https://grafana-community.github.io/helm-charts" },
  alloy: { version: "1.11.1", repository: "https://grafana.github.io/helm-charts" },
  "cluster-autoscaler": { version: "9.59.0", repository: "https://kubernetes.github.io/autoscaler" },
} as const satisfies Record<string, PinnedChart>;

export type ChartName = keyof typeof CHARTS;

/** What a Helm release names, for each source: a repository, an OCI registry, or `NAME-VERSION.tgz` of a directory. */
export interface ChartReference {
  readonly chart: string;
  readonly version: string;
  readonly repositoryOpts?: { readonly repo: string };
}

export function chartReference(name: ChartName, source: ChartSource): ChartReference {
  const { version, repository } = CHARTS[name];
  switch (source.from) {
    case "repository":
      return { chart: name, version, repositoryOpts: { repo: repository } };
    case "oci":
      return { chart: `${source.url.replace(/\/$/, "")}/${name}`, version };
    case "path":
      return { chart: `${source.path.replace(/\/$/, "")}/${name}-${version}.tgz`, version };
  }
}
