import { Release } from "@pulumi/kubernetes/helm/v3";
import type * as pulumi from "@pulumi/pulumi";
import type { ChartSource } from "../contracts";
import { physicalName } from "../naming";
import { type ChartName, chartReference } from "./charts";

export interface ChartReleaseArgs {
  readonly chart: ChartName;
  readonly source: ChartSource;
  readonly namespace: pulumi.Input<string>;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Seconds the pods of a release may take: a new node, its images and its volumes. */
const TIMEOUT_SECONDS = 900;

/** A Helm release of one of the pinned charts under the chart's own name, done when its pods are ready. */
export function chartRelease(
  name: string,
  { chart, source, namespace, values }: ChartReleaseArgs,
  opts: pulumi.CustomResourceOptions,
): Release {
  return new Release(
    name,
    {
      ...chartReference(chart, source),
      name: physicalName("helmRelease", chart),
      namespace,
      values: { ...values },
      timeout: TIMEOUT_SECONDS,
    },
    opts,
  );
}
