import type * as pulumi from "@pulumi/pulumi";
import { dnsRecord } from "../components/clouds";
import { type Identity } from "../components/component";
import { type LoadBalancerService, NAME_TTL_SECONDS } from "../components/contracts";
import { ClusterNetwork } from "../components/kubernetes/network/cluster-network";
import { NetworkMonitoring } from "../components/kubernetes/network/network-monitoring";
import { LocalProvider } from "../components/local/local-provider";
import { ChainFilesResource } from "../components/local/resources";
import { keyringFile, publicKeysOf, readKeyring, refuseMissingKeys } from "../keys/keyring";
import { type Entrance, entrancesOf, publicServices, publicUrl } from "../protocols/entrances";
import { planNetwork } from "../protocols/network";
import { pausedPlan } from "../protocols/paused";
import type { NetworkPlan } from "../protocols/plan";
import { podSecrets } from "../protocols/secrets";
import type { Places } from "./config/home";
import type { ClusterNetworkOutputs, EntranceOutput } from "./cluster-network-outputs";
import { networkCostOutput } from "./cost/network-bill";
import { clusterPlacement } from "./ground";
import { joinOutput } from "./join";
import { type ImageOf, networkImages } from "./images";
import type { ClusterNetworkStack } from "./kind";
import { lifetimeNow } from "./lifetime-now";
import { lifetimeTag } from "./lifetime";
import { type SharedFiles, shareFiles } from "./shared-files";
import { type Site, siteOfKubeconfig, siteOfStack } from "./site";

/**
 * A network in the clusters of an environment: chain files, addresses with names, open ports, rights to read keys,
 * and in each cluster the pods of its daemons. Clusters do not wait for one another.
 * @throws TestnetError with every problem of the plan; TN2008, TN2012, TN2021
 */
export async function buildClusterNetwork(
  { environment, network: settings, created, owner, protect, paused = false }: ClusterNetworkStack,
  { stack, home, directory }: Places & { readonly stack: string },
): Promise<ClusterNetworkOutputs> {
  const lifetime = lifetimeNow(settings.expires, created);
  const site =
    typeof environment === "string"
      ? await siteOfStack(environment, stack)
      : siteOfKubeconfig(environment, stack, directory);
  const wanted = planNetwork(settings, clusterPlacement(site.ground, stack, settings));
  const plan = paused ? pausedPlan(wanted) : wanted;
  const keyring = readKeyring(keyringFile(directory, stack));
  refuseMissingKeys(plan, keyring);
  const publicKeys = publicKeysOf(plan, keyring);
  const image = await networkImages(plan, settings, site);
  const identity: Identity = {
    stack,
    owner: owner ?? site.owner,
    expires: lifetimeTag(lifetime),
    protect: false,
  };
  const chain = new ChainFilesResource(
    `${stack}-chain`,
    { network: stack, era: plan.era, genesis: plan.genesis, publicKeys },
    { provider: new LocalProvider("machine", { home }) },
  );
  const files = shareFiles(stack, plan, chain, { identity, site });
  const made = new NetworkParts(plan, identity, site, publicKeys, chain.genesisTime, files, image);
  const standsOn = typeof environment === "string" ? environment : environment.context;
  const cost = networkCostOutput(plan, site.ground, { environment: standsOn, owner: identity.owner });
  const protection = { protect: protect ?? false };
  return { ...made.outputs(), ...protection, standsOn, owner: identity.owner, lifetime, paused, cost };
}

/** What an entrance is reached by. */
interface EntrancePlace {
  readonly entrance: Entrance;
  /** Undefined on a bare kubeconfig: pods of the cluster find it by its name. */
  readonly address: pulumi.Output<string> | undefined;
  readonly loadBalancer: LoadBalancerService | undefined;
  readonly host: string | undefined;
}

/** The parts of one network, made once. */
class NetworkParts {
  private readonly entrances: ReadonlyMap<string, EntrancePlace>;

  constructor(
    private readonly plan: NetworkPlan,
    private readonly identity: Identity,
    private readonly site: Site,
    private readonly publicKeys: Readonly<Record<string, string>>,
    private readonly genesisTime: pulumi.Output<number>,
    private readonly files: SharedFiles,
    private readonly image: ImageOf,
  ) {
    this.entrances = new Map(entrancesOf(plan).map((entrance) => [entrance.pod, this.place(entrance)]));
    const namespaces = new Map(this.clusterNames.map((name) => [name, this.standIn(name)] as const));
    for (const name of new Set([
      ...namespaces.keys(),
      ...(site.monitoring === undefined ? [] : [site.monitoring]),
    ])) {
      this.watch(name, namespaces.get(name));
    }
  }

  /** Clusters with a part of the network, in the order of the environment. */
  private get clusterNames(): string[] {
    const { daemons, clusters } = this.plan;
    const used = new Set([
      ...daemons.map(({ workload }) => workload?.cluster),
      ...(clusters?.services ?? []).map(({ cluster }) => cluster),
    ]);
    return this.site.ground.clusters.map(({ name }) => name).filter((name) => used.has(name));
  }

  /** From one value, the port of the pod: the address it is reserved for, what leads there, its name. */
  private place(entrance: Entrance): EntrancePlace {
    const { pod, cluster, ports } = entrance;
    const { cloud } = this.site.cluster(cluster);
    const none = { address: undefined, loadBalancer: undefined, host: undefined };
    if (cloud === undefined) return { entrance, ...none };
    const { identity } = this;
    const options = { providers: [cloud.provider] };
    const address = cloud.services.reserveAddress(`${cluster}-${pod}`, { identity }, options);
    const { loadBalancer } = cloud.services.exposeAddress(
      `${cluster}-${pod}-way`,
      { identity, address, ports },
      options,
    );
    return { entrance, address: address.address, loadBalancer, host: this.name(entrance, address.address) };
  }

  private name({ pod, label }: Entrance, address: pulumi.Output<string>): string | undefined {
    const { zone } = this.site;
    if (zone === undefined) return undefined;
    const { network } = this.plan;
    dnsRecord(
      `${pod}-name`,
      zone.facts,
      { label: `${label}.${network}`, type: "A", values: [address], ttlSeconds: NAME_TTL_SECONDS },
      { provider: zone.provider },
    );
    return `${label}.${network}.${zone.facts.domain}`;
  }

  /** Gives back the network's namespace there. */
  private standIn(name: string): pulumi.Output<string> {
    const { plan, identity, publicKeys, genesisTime, files, image } = this;
    const { target } = this.site.cluster(name);
    this.openPorts(name);
    const granted = this.grantSecrets(name);
    const { namespace } = new ClusterNetwork(
      `${plan.network}-${name}`,
      {
        identity,
        plan,
        cluster: target,
        publicKeys,
        genesisTime,
        shared: files.shared,
        addresses: this.addresses,
        loadBalancers: this.loadBalancers(name),
        after: (pod) => granted.get(pod) ?? [],
        image,
      },
      { providers: [target.provider] },
    );
    return namespace;
  }

  /** Where the network has pods, and where the alerts and dashboards of all clusters are. */
  private watch(name: string, namespace: pulumi.Output<string> | undefined): void {
    const { plan, identity, genesisTime, site } = this;
    const { target } = site.cluster(name);
    if (!target.monitored) return;
    new NetworkMonitoring(
      `${plan.network}-${name}-monitoring`,
      { identity, plan, cluster: target, namespace, central: site.monitoring === name, genesisTime },
      { providers: [target.provider] },
    );
  }

  /** The network's range and nothing else, on the machines of daemons. */
  private openPorts(name: string): void {
    const { cloud } = this.site.cluster(name);
    const range = this.plan.clusters?.peerPorts;
    if (cloud === undefined || range === undefined) return;
    cloud.services.openPeerPorts(
      `${name}-ports`,
      { identity: this.identity, ...range },
      { providers: [cloud.provider] },
    );
  }

  private grantSecrets(name: string): ReadonlyMap<string, readonly pulumi.Resource[]> {
    const { cloud } = this.site.cluster(name);
    const daemons = podSecrets(this.plan).flatMap(({ pod, cluster }) => (cluster === name ? [pod] : []));
    if (cloud === undefined || daemons.length === 0) return new Map();
    const { granted } = cloud.services.grantDaemonSecrets(
      `${name}-keys`,
      { identity: this.identity, network: this.plan.network, daemons },
      { providers: [cloud.provider] },
    );
    return granted;
  }

  /** Reserved addresses by pod. */
  private get addresses(): Record<string, pulumi.Output<string>> {
    const known = [...this.entrances].flatMap(([pod, { address }]) =>
      address === undefined ? [] : [[pod, address] as const],
    );
    return Object.fromEntries(known);
  }

  private loadBalancers(cluster: string): Record<string, LoadBalancerService> {
    const balanced = [...this.entrances].flatMap(([pod, { entrance, loadBalancer }]) =>
      entrance.cluster !== cluster || loadBalancer === undefined ? [] : [[pod, loadBalancer] as const],
    );
    return Object.fromEntries(balanced);
  }

  /** What is told of the entrance of a pod. */
  private told(pod: string): EntranceOutput[] {
    const place = this.entrances.get(pod);
    if (place === undefined) return [];
    const { entrance, address, host } = place;
    const ports = entrance.ports.map(({ number, transports }) => ({ number, transports }));
    return [{ name: pod, cluster: entrance.cluster, host, address, ports }];
  }

  outputs(): Omit<ClusterNetworkOutputs, "standsOn" | "owner" | "lifetime" | "protect" | "paused" | "cost"> {
    const { plan, publicKeys, genesisTime, files } = this;
    const { protocol, network, era, daemons, clusters } = plan;
    return {
      version: 1,
      protocol,
      network,
      era,
      genesisTime,
      peerPorts: clusters?.peerPorts ?? { from: 0, to: 0 },
      seeds: (clusters?.seeds ?? []).flatMap(({ daemon }) => this.told(daemon)),
      publicServices: (clusters === undefined ? [] : publicServices(clusters)).flatMap((service) =>
        this.told(service.pod).map((told) => ({
          ...told,
          title: service.door.title,
          url: told.host === undefined ? undefined : publicUrl(told.host, service),
        })),
      ),
      daemons: daemons.flatMap(({ name, role, workload }) => {
        if (workload === undefined) return [];
        const { cluster, pool, replicas, pod } = workload;
        return [{ name, cluster, pool, role, replicas, host: `${pod}.${network}.svc.cluster.local` }];
      }),
      join: joinOutput(plan, { publicKeys, genesisTime, addresses: this.addresses }, files.join, files.url),
    };
  }
}
