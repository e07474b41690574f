import { ConfigMap, Namespace } from "@pulumi/kubernetes/core/v1";
import { Release } from "@pulumi/kubernetes/helm/v3";
import * as pulumi from "@pulumi/pulumi";
import { TestnetComponent } from "../../component";
import { shortHash } from "../../naming";
import type { ClusterNetworkArgs, SharedFile } from "./args";
import { LateTexts } from "./late-texts";
import { type NetworkRelease, networkReleases } from "./releases";
import type { BundleValues, DaemonValues, SharedFileValues } from "./values";

/**
 * The chart, relative to the program's directory: that is what the engine's provider takes it to be, and so the state holds
 * no path of one machine.
 */
export const DAEMON_CHART = "./charts/daemon";

/** Seconds the pods of a release may take: new machines, images of some GiB, volumes, and a client's first start. */
const TIMEOUT_SECONDS = 1800;

/**
 * A network in one cluster: its namespace, its shared files and a Helm release for each pool. The releases do not wait for
 * one another, and nothing waits for a seed to be ready.
 *
 * @example new ClusterNetwork("alice-use1", { identity, plan, cluster, publicKeys, genesisTime, … });
 */
export class ClusterNetwork extends TestnetComponent {
  /** The network's namespace, known when it exists. */
  readonly namespace: pulumi.Output<string>;
  /** Releases by their name in Helm. */
  readonly releases: ReadonlyMap<string, Release>;

  constructor(
    name: string,
    private readonly args: ClusterNetworkArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("testnet:kubernetes:ClusterNetwork", name, args.identity, opts);
    const { plan } = args;
    const late = new LateTexts();
    const releases = networkReleases(plan, args.cluster.name, this.releaseContext(late));
    const namespace = new Namespace(
      name,
      { metadata: { name: plan.network, labels: { ...this.tags, ...POD_SECURITY } } },
      this.child(),
    );
    this.namespace = namespace.metadata.name;
    const files = this.sharedFiles(name);
    this.releases = new Map(
      releases.map((release) => [release.name, this.release(name, release, late, files)]),
    );
    this.registerOutputs({});
  }

  private releaseContext(late: LateTexts): Parameters<typeof networkReleases>[2] {
    const { args, tags } = this;
    const { plan, cluster } = args;
    const images = memoized((reference) => late.token(args.image(reference)));
    return {
      bare: cluster.bare === true,
      publicKeys: args.publicKeys,
      genesisTime: late.token(pulumi.output(args.genesisTime).apply(String)),
      genesisIso: late.token(pulumi.output(args.genesisTime).apply(isoTime)),
      addresses: mapValues(args.addresses, (address) => late.token(address)),
      seeds: new Set(plan.clusters?.seeds.map(({ daemon }) => daemon)),
      image: images,
      bundle: (pod) => this.bundle(pod, late),
      loadBalancers: mapValues(args.loadBalancers, ({ annotations, loadBalancerIP, loadBalancerClass }) => ({
        annotations: mapValues(annotations, (value) => late.token(value)),
        loadBalancerIP: late.token(loadBalancerIP),
        ...(loadBalancerClass !== undefined && { loadBalancerClass }),
      })),
      labels: tags,
      storageClass: cluster.storageClass,
      shared: this.sharedValues(late),
    };
  }

  private bundle(pod: string, late: LateTexts): BundleValues {
    const { providerClass, source, secretName } = this.args.cluster.secretVolume(pod);
    return {
      name: secretName ?? pod,
      ...(providerClass !== undefined && {
        providerClass: {
          provider: providerClass.provider,
          parameters: mapValues(providerClass.parameters, (value) => late.token(value)),
        },
      }),
      volume: { ...source(pod) },
    };
  }

  private sharedValues(late: LateTexts): DaemonValues["shared"] {
    const files = this.args.shared.map((file): SharedFileValues => ({
      path: file.path,
      sha256: late.token(file.sha256),
      ...(file.source.kind === "inline" ? { key: keyOf(file) } : { url: late.token(file.source.url) }),
    }));
    return { ...(this.inline.length > 0 && { configMap: this.configMapName }), files };
  }

  private get inline(): { file: SharedFile; gzip: pulumi.Input<string> }[] {
    return this.args.shared.flatMap((file) =>
      file.source.kind === "inline" ? [{ file, gzip: file.source.gzip }] : [],
    );
  }

  /** Of its era: while pods of the old one end, they keep what they read. */
  private get configMapName(): string {
    return `shared-e${this.args.plan.era}`;
  }

  private sharedFiles(name: string): ConfigMap | undefined {
    if (this.inline.length === 0) return undefined;
    return new ConfigMap(
      `${name}-shared`,
      {
        metadata: { name: this.configMapName, namespace: this.namespace, labels: this.tags },
        binaryData: Object.fromEntries(this.inline.map(({ file, gzip }) => [keyOf(file), gzip])),
      },
      this.child(),
    );
  }

  private release(
    name: string,
    release: NetworkRelease,
    late: LateTexts,
    files: ConfigMap | undefined,
  ): Release {
    const { pods } = release.values;
    return new Release(
      `${name}-${release.name}`,
      {
        chart: DAEMON_CHART,
        name: release.name,
        namespace: this.namespace,
        values: late.fill(release.values) as Record<string, unknown>,
        timeout: TIMEOUT_SECONDS,
        // A paused daemon's volume is bound when it first runs: nothing would become ready.
        skipAwait: pods.some(({ replicas }) => replicas === 0),
      },
      this.child({
        dependsOn: [
          ...(files === undefined ? [] : [files]),
          ...pods.flatMap((pod) => [...this.args.after(pod.name)]),
        ],
      }),
    );
  }
}

/**
 * Peers reach a daemon on a port of its machine (hostPort), which all levels but `privileged` forbid. What else the pods do
 * differently from `restricted` is told to whoever applies them.
 */
const POD_SECURITY = {
  "pod-security.kubernetes.io/enforce": "privileged",
  "pod-security.kubernetes.io/warn": "restricted",
  "pod-security.kubernetes.io/audit": "restricted",
} as const;

/** A key of a ConfigMap holds no slash. */
function keyOf({ path }: SharedFile): string {
  return `${shortHash(path)}-${
    path
      .split("/")
      .at(-1)
      ?.replace(/[^A-Za-z0-9._-]/g, "-") ?? ""
  }.gz`;
}

function isoTime(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().replace(".000Z", "Z");
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function memoized(of: (key: string) => string): (key: string) => string {
  const known = new Map<string, string>();
  return (key) => {
    const value = known.get(key) ?? of(key);
    known.set(key, value);
    return value;
  };
}
