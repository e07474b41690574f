import { Provider } from "@pulumi/kubernetes/provider";
import type * as pulumi from "@pulumi/pulumi";
import { clusterServices, cloudRegion } from "../components/clouds";
import {
  type ArtifactsFacts,
  BUNDLE_FILE,
  type ClusterServices,
  type ZoneFacts,
} from "../components/contracts";
import { hostsOf } from "../components/images/docker";
import type { ClusterTarget, SecretVolume } from "../components/kubernetes/network/args";
import type { KubeconfigEnvironment } from "./config/kubeconfig-environment";
import type { EnvironmentDocument } from "./environment-document";
import { environmentStack } from "./environment-reference";
import { fileAt } from "./file-at";
import { clusterNameOf, type Ground, groundOfDocument, groundOfKubeconfig } from "./ground";
import { HOME_REGIONS } from "./regions";

/** Where a network stands, with the ways in: an environment that is up, or a cluster that is there already. */
export interface Site {
  readonly ground: Ground;
  readonly owner: string;
  /** A cluster by its name, opened when it is first asked for. */
  cluster(name: string): SiteCluster;
  /** The public zone; undefined without one. */
  readonly zone: ProvidedBy<ZoneFacts> | undefined;
  /** Where files for the world are; undefined without. */
  readonly artifacts: ProvidedBy<ArtifactsFacts> | undefined;
  /** Name of the cluster with Grafana; undefined without. */
  readonly monitoring: string | undefined;
  /** Hosts of the environment's own registries, which let in who has logged in; undefined on a bare kubeconfig. */
  readonly registries: readonly string[] | undefined;
}

/** Something of a cloud, and what to make resources in it with. */
export interface ProvidedBy<T> {
  readonly facts: T;
  readonly provider: pulumi.ProviderResource;
}

export interface SiteCluster {
  readonly target: ClusterTarget;
  /** What the cloud does for it; undefined for a bare kubeconfig. */
  readonly cloud:
    { readonly services: ClusterServices; readonly provider: pulumi.ProviderResource } | undefined;
}

/**
 * The environment of a network, from the outputs of its stack.
 * @throws TestnetError TN2008 where that stack is not up or too old
 */
export async function siteOfStack(environment: string, network: string): Promise<Site> {
  const { document, kubeconfigs } = await environmentStack(environment);
  const providers = new CloudProviders();
  const clusters = new Map<string, SiteCluster>();
  const zone: ZoneFacts = { ...document.zone, domain: document.domain, project: document.zone.project };
  const { artifacts } = document;
  return {
    ground: groundOfDocument(document),
    owner: document.owner,
    zone: { facts: zone, provider: providers.home(document, zone) },
    artifacts: { facts: artifacts, provider: providers.home(document, zone) },
    monitoring: document.monitoring.cluster,
    registries: hostsOf(document.registries.flatMap(({ images }) => Object.values(images))),
    cluster(name) {
      const made = clusters.get(name) ?? openCluster(name, { document, kubeconfigs, providers, network });
      clusters.set(name, made);
      return made;
    },
  };
}

interface Opening {
  readonly document: EnvironmentDocument;
  readonly kubeconfigs: pulumi.Output<Record<string, string>>;
  readonly providers: CloudProviders;
  readonly network: string;
}

function openCluster(name: string, { document, kubeconfigs, providers, network }: Opening): SiteCluster {
  const facts = document.clusters.find((cluster) => cluster.name === name);
  if (facts === undefined) throw new Error(`the plan names a cluster ${name} that the environment has not`);
  const services = clusterServices(facts.facts);
  const kubeconfig = kubeconfigs.apply((all) => all[name] ?? "");
  return {
    target: {
      name,
      provider: new Provider(name, { kubeconfig, enableServerSideApply: true }),
      storageClass: facts.storageClass,
      monitored: true,
      secretVolume: (daemon) => cloudVolume(services, network, daemon),
    },
    cloud: {
      services,
      provider: providers.of(facts.cloud, facts.region, projectOf(facts.facts)),
    },
  };
}

function cloudVolume(services: ClusterServices, network: string, daemon: string): SecretVolume {
  const secret = services.daemonSecret(network, daemon);
  const { driver, spec } = services.secretFiles([{ secret, fileName: BUNDLE_FILE }]);
  return {
    secretName: secret.name,
    providerClass: spec,
    source: (secretProviderClass) => ({
      csi: { driver, readOnly: true, volumeAttributes: { secretProviderClass } },
    }),
  };
}

/** One provider for each account and region in use. */
class CloudProviders {
  private readonly made = new Map<string, pulumi.ProviderResource>();

  of(cloud: EnvironmentDocument["zone"]["cloud"], region: string, project: string | undefined) {
    const name = [cloud, project, region].filter((part) => part !== undefined).join("-");
    const provider = this.made.get(name) ?? cloudRegion(cloud, name, { region, project }).provider;
    this.made.set(name, provider);
    return provider;
  }

  /** For what an environment has once: where the environment made it (Regions.home). */
  home({ clusters }: EnvironmentDocument, { cloud, project }: ZoneFacts): pulumi.ProviderResource {
    const neighbour = clusters.find((one) => one.cloud === cloud && projectOf(one.facts) === project);
    return this.of(cloud, neighbour?.region ?? HOME_REGIONS[cloud], project);
  }
}

function projectOf(facts: EnvironmentDocument["clusters"][number]["facts"]): string | undefined {
  return "project" in facts ? facts.project : undefined;
}

/** A cluster that is there already. Nothing of it is looked up before the engine works. */
export function siteOfKubeconfig(
  environment: KubeconfigEnvironment,
  network: string,
  directory: string,
): Site {
  const { kubeconfig, context, owner, storageClass, monitored, keys } = environment;
  const name = clusterNameOf(context);
  const provider = new Provider(name, {
    kubeconfig: fileAt(directory, kubeconfig),
    context,
    enableServerSideApply: true,
  });
  const target: ClusterTarget = {
    name,
    provider,
    storageClass,
    monitored,
    bare: true,
    secretVolume: (daemon) => ({
      secretName: `${network}/${daemon}`,
      providerClass: undefined,
      source: () => ({ hostPath: { path: `${keys.nodePath}/${network}/${daemon}`, type: "Directory" } }),
    }),
  };
  return {
    ground: groundOfKubeconfig(environment),
    owner,
    zone: undefined,
    artifacts: undefined,
    monitoring: monitored ? name : undefined,
    registries: undefined,
    cluster: () => ({ target, cloud: undefined }),
  };
}
