import * as fs from "node:fs";
import * as path from "node:path";
import { parseAllDocuments } from "yaml";
import { areEqual, differences } from "../../plugin/difference";
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
import type { KubeObject } from "../kube/client";
import { autoName } from "./auto-name";
import { chartChecksum, findChart, type FoundChart } from "./charts";
import type { Cluster } from "./cluster";
import { hasUnknown } from "./drift";
import { explainNamespace } from "./explain";
import { Helm, type ReleaseId, type ReleaseState } from "./helm";
import { LightReleases } from "./light-releases";
import type { KubernetesSettings } from "./settings";

/** The inputs of a release that are acted upon; others are refused rather than ignored. */
interface ReleaseInputs extends ReleaseId {
  readonly chart: string;
  readonly version?: string;
  readonly repositoryOpts?: { readonly repo?: string };
  readonly values?: Properties;
  readonly createNamespace?: boolean;
  readonly skipAwait?: boolean;
  readonly skipCrds?: boolean;
  readonly waitForJobs?: boolean;
  readonly atomic?: boolean;
  readonly timeout?: number;
  /** Ours: digest of the chart's files. */
  readonly checksum?: string;
}

const MODELLED = new Set([
  ...["chart", "name", "namespace", "version", "repositoryOpts", "values", "createNamespace", "skipAwait"],
  ...["skipCrds", "waitForJobs", "atomic", "timeout", "checksum", "compat", "cleanupOnFail", "maxHistory"],
]);

/** Simulated pods are ready at once: waiting as long as the program allows for in a cloud would tell nothing more. */
const LONGEST_WAIT_SECONDS = 90;

/** Charts used in a rehearsal, one JSON document a line, for its report. */
export const CHARTS_FILE = "charts.jsonl";

/** Helm releases, by real Helm. */
export class Releases {
  private helm: Promise<Helm> | undefined;

  constructor(
    private readonly cluster: () => Promise<Cluster>,
    private readonly settings: KubernetesSettings,
  ) {}

  check({ inputs, old, name, randomSeed }: CheckCall): Checked {
    const failures = Object.keys(inputs)
      .filter((key) => !MODELLED.has(key))
      .map((property) => ({ property, reason: `the simulated provider does not model \`${property}\`` }));
    const named = {
      ...inputs,
      name: inputs["name"] ?? old?.["name"] ?? autoName(name, randomSeed),
      namespace: inputs["namespace"] ?? "default",
    };
    if (hasUnknown([inputs["chart"], inputs["version"]])) return { inputs: named, failures };
    try {
      const chart = this.chartOf(named as unknown as ReleaseInputs);
      return { inputs: { ...named, checksum: chartChecksum(chart.path) }, failures };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { inputs: named, failures: [...failures, { property: "chart", reason: error.message }] };
    }
  }

  diff({ old, inputs }: DiffCall): Diff {
    return {
      differences: differences(old, inputs),
      replaces: (at) => at === "name" || at === "namespace",
    };
  }

  async create({ inputs, preview, signal }: CreateCall): Promise<Created> {
    const release = inputs as unknown as ReleaseInputs;
    if (preview) {
      if (!hasUnknown(inputs)) await this.tryOut(release);
      return { outputs: { ...inputs, ...UNKNOWN_OUTPUTS } };
    }
    const light = await this.light();
    if (light !== undefined) return { id: idOf(release), outputs: await light.put(inputs) };
    this.record(release);
    const outputs = await this.install("install", release, signal);
    return { id: idOf(release), outputs };
  }

  async read({ inputs, outputs }: ReadCall): Promise<Found | undefined> {
    const release = { ...outputs, ...inputs } as unknown as ReleaseInputs;
    const light = await this.light();
    if (light !== undefined) {
      const found = await light.find(release);
      return found && { id: idOf(release), inputs, outputs: found };
    }
    const state = await (await this.tool()).state(release);
    if (state === undefined || state.status === "uninstalling") return undefined;
    const values = inputs["values"] ?? {};
    const live = areEqual(state.values, values) ? inputs : { ...inputs, values: state.values };
    return { id: idOf(release), inputs: live, outputs: { ...live, ...outputsOf(release, state) } };
  }

  async update({ inputs, outputs, preview, signal }: UpdateCall): Promise<object> {
    const release = inputs as unknown as ReleaseInputs;
    if (preview) {
      if (!hasUnknown(inputs)) await this.tryOut(release);
      return { ...outputs, ...inputs, ...UNKNOWN_OUTPUTS };
    }
    const light = await this.light();
    if (light !== undefined) return light.put(inputs);
    this.record(release);
    const helm = await this.tool();
    const state = await helm.state(release);
    // Helm upgrades only what was deployed once; a first installation that failed is made anew.
    const isFirst = state === undefined || (state.revision === 1 && state.status !== "deployed");
    if (state !== undefined && isFirst) await this.uninstall(release);
    return this.install(isFirst ? "install" : "upgrade", release, signal);
  }

  async delete({ inputs, outputs }: DeleteCall): Promise<void> {
    const release = { ...outputs, ...inputs } as unknown as ReleaseInputs;
    const light = await this.light();
    if (light !== undefined) await light.remove(release);
    else await this.uninstall(release);
  }

  /** Renders the chart: what it refuses is known in the preview. */
  private async tryOut(release: ReleaseInputs): Promise<void> {
    if ((await this.light()) !== undefined) return;
    const chart = this.chartOf(release);
    const helm = await this.tool();
    await helm.withValues(release.values, (file) =>
      helm.run(["template", release.name, chart.path, "--namespace", release.namespace, "--values", file]),
    );
  }

  private async install(
    verb: "install" | "upgrade",
    release: ReleaseInputs,
    signal: AbortSignal,
  ): Promise<object> {
    const chart = this.chartOf(release);
    const helm = await this.tool();
    try {
      await helm.withValues(release.values, (file) =>
        helm.run([verb, release.name, chart.path, "--values", file, ...installFlags(release)], signal),
      );
    } catch (error) {
      throw await this.explained(release, error as Error);
    }
    const state = await helm.state(release);
    if (state === undefined) throw new Error(`helm ${verb} of ${idOf(release)} left no release`);
    return { ...release, ...outputsOf(release, state) };
  }

  /** Helm says "context deadline exceeded" when pods do not become ready: what they say is added. */
  private async explained(release: ReleaseInputs, error: Error): Promise<Error> {
    const helm = await this.tool();
    const state = await helm.state(release);
    const { client } = await this.cluster();
    const pods = await explainNamespace(client, release.namespace);
    const told = new Refused([`helm release ${idOf(release)}: ${error.message}`, ...pods].join("\n"));
    if (state === undefined) return told;
    return new PartialFailure(idOf(release), { ...release, ...outputsOf(release, state) }, told);
  }

  private async uninstall(release: ReleaseId): Promise<void> {
    const helm = await this.tool();
    const wait = ["--wait", "--timeout", `${LONGEST_WAIT_SECONDS}s`];
    await helm.run([
      "uninstall",
      release.name,
      "--namespace",
      release.namespace,
      "--ignore-not-found",
      ...wait,
    ]);
  }

  private chartOf({ chart, version, repositoryOpts }: ReleaseInputs): FoundChart {
    const { repo } = repositoryOpts ?? {};
    const wanted = { chart, ...(version !== undefined && { version }), ...(repo !== undefined && { repo }) };
    return findChart(wanted, this.settings.charts, this.settings.root);
  }

  private record(release: ReleaseInputs): void {
    const { name, standIn } = this.chartOf(release);
    const line = { chart: name, version: release.version, standIn };
    fs.appendFileSync(path.join(this.settings.directory, CHARTS_FILE), `${JSON.stringify(line)}\n`);
  }

  private async tool(): Promise<Helm> {
    this.helm ??= this.cluster().then(({ endpoint }) => new Helm(this.settings, endpoint));
    return this.helm;
  }

  private async light(): Promise<LightReleases | undefined> {
    const cluster = await this.cluster();
    return (await cluster.isLight()) ? new LightReleases(cluster.client) : undefined;
  }
}

const UNKNOWN_OUTPUTS = { status: UNKNOWN, manifest: UNKNOWN, resourceNames: UNKNOWN };

function installFlags(release: ReleaseInputs): string[] {
  const seconds = Math.min(release.timeout ?? LONGEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS);
  return [
    ...["--namespace", release.namespace],
    ...(release.createNamespace ? ["--create-namespace"] : []),
    ...(release.skipCrds ? ["--skip-crds"] : []),
    ...(release.atomic ? ["--atomic"] : []),
    ...(release.waitForJobs ? ["--wait-for-jobs"] : []),
    ...(release.skipAwait ? [] : ["--wait", "--timeout", `${seconds}s`]),
  ];
}

function outputsOf(release: ReleaseInputs, state: ReleaseState): Properties {
  return {
    resourceNames: resourceNames(state.manifest),
    status: {
      name: release.name,
      namespace: release.namespace,
      chart: release.chart,
      version: release.version ?? "",
      appVersion: "",
      revision: state.revision,
      status: state.status,
    },
  };
}

/** The objects of a release by kind, e.g. `Deployment.apps/v1` → `monitoring/grafana`. */
function resourceNames(manifest: string): Record<string, string[]> {
  const names: Record<string, string[]> = {};
  for (const document of parseAllDocuments(manifest)) {
    const object = document.toJS() as KubeObject | null;
    if (object === null) continue;
    const kind = `${object.kind}.${object.apiVersion}`;
    const { name, namespace } = object.metadata;
    (names[kind] ??= []).push(namespace === undefined ? name : `${namespace}/${name}`);
  }
  return names;
}

function idOf({ name, namespace }: ReleaseId): string {
  return `${namespace}/${name}`;
}
