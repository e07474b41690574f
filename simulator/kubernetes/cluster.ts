import { Refused } from "../../plugin/provider";
import { isMissing, KubeClient, type KubeEndpoint, type KubeObject } from "../kube/client";
import { groupPath } from "../kube/kinds";

interface Discovered {
  readonly light?: boolean;
  readonly resources: readonly { name: string; kind: string; namespaced: boolean }[];
}

/** The cluster a provider is configured for, and where its kinds stand. */
export class Cluster {
  readonly client: KubeClient;
  private readonly groups = new Map<string, Discovered>();

  constructor(readonly endpoint: KubeEndpoint) {
    this.client = new KubeClient(endpoint);
  }

  /** Whether it only keeps objects: nothing becomes ready there, and charts are not installed. */
  async isLight(): Promise<boolean> {
    return (await this.discover("v1"))?.light === true;
  }

  /**
   * Path of an object.
   * @throws Refused in the API server's words when the kind is not known
   */
  async pathOf(object: KubeObject): Promise<string> {
    const path = await this.findPath(object);
    if (path !== undefined) return path;
    throw new Refused(`no matches for kind "${object.kind}" in version "${object.apiVersion}"`);
  }

  /** Path of an object, or undefined when its kind is not known: then there is no such object either. */
  async findPath({ apiVersion, kind, metadata }: KubeObject): Promise<string | undefined> {
    const discovered = await this.discover(apiVersion);
    const known = discovered?.resources.find((one) => one.kind === kind && !one.name.includes("/"));
    if (known === undefined) return undefined;
    const place = known.namespaced ? `/namespaces/${metadata.namespace ?? "default"}` : "";
    return `${groupPath(apiVersion)}${place}/${known.name}/${metadata.name}`;
  }

  /** The kinds of an apiVersion. Asked again as long as it is not there: add-ons bring kinds of their own. */
  private async discover(apiVersion: string): Promise<Discovered | undefined> {
    const known = this.groups.get(apiVersion);
    if (known !== undefined) return known;
    try {
      const found = await this.client.get<Discovered>(groupPath(apiVersion));
      this.groups.set(apiVersion, found);
      return found;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }
}
