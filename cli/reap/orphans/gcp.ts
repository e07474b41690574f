import { STACK_TAG } from "../../list/state";
import { networkOfRecord, recordResource } from "./aws-records";
import { type CloudInventory, inventoryRefused, type TaggedResource } from "./inventory";

export interface GcpInventoryOptions {
  readonly project: string;
  /** Public zones of environments in this project: name and domain. */
  readonly zones: readonly { readonly id: string; readonly domain: string }[];
  /** A fresh access token; default: that of the application default credentials. */
  readonly token?: () => Promise<string>;
  /** In place of `fetch`, for tests. */
  readonly ask?: typeof fetch;
}

const COMPUTE = "https://compute.googleapis.com/compute/v1";
const SECRETS = "https://secretmanager.googleapis.com/v1";
const DNS = "https://dns.googleapis.com/dns/v1";
const SCOPE = "https://www.googleapis.com/auth/cloud-platform";

/** What Compute Engine lists over all regions at once. */
const COMPUTE_KINDS = [
  ["forwardingRules", "forwarding rule"],
  ["addresses", "address"],
  ["disks", "disk"],
] as const;

interface ComputeResource {
  readonly selfLink: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly creationTimestamp?: string;
}

interface Page {
  readonly nextPageToken?: string;
  readonly items?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly secrets?: readonly {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly createTime?: string;
  }[];
  readonly rrsets?: readonly { readonly name: string; readonly type: string }[];
}

/** Labelled resources of one project, all regions: forwarding rules, addresses, disks, secrets, and names of entrances. */
export class GcpInventory implements CloudInventory {
  readonly place: string;

  constructor(private readonly options: GcpInventoryOptions) {
    this.place = `GCP ${options.project}`;
  }

  async list(): Promise<TaggedResource[]> {
    const compute = await Promise.all(
      COMPUTE_KINDS.map(([collection, kind]) => this.computeResources(collection, kind)),
    );
    const records = await Promise.all(this.options.zones.map((zone) => this.records(zone)));
    return [...compute.flat(), ...(await this.secrets()), ...records.flat()];
  }

  async delete({ id, kind, deletable }: TaggedResource): Promise<void> {
    if (!deletable) throw new Error(`the ${kind} ${id} is left to people`);
    const { status, words } = await this.call("DELETE", id);
    if (status < 300 || status === 404) return;
    throw inventoryRefused(this.place, `delete the ${kind} ${id}`, words);
  }

  private async computeResources(collection: string, kind: string): Promise<TaggedResource[]> {
    const url = `${COMPUTE}/projects/${this.options.project}/aggregated/${collection}`;
    const pages = await this.pages(url, { filter: `labels.${STACK_TAG}:*`, maxResults: "500" });
    const all = pages
      .flatMap(({ items = {} }) => Object.entries(items))
      .flatMap(([scope, found]) =>
        ((found[collection] ?? []) as readonly ComputeResource[]).map((one) => ({ scope, ...one })),
      );
    return all.flatMap(({ scope, selfLink, labels = {}, creationTimestamp }): TaggedResource[] => {
      if (labels[STACK_TAG] === undefined || !selfLink.startsWith("https://")) return [];
      const created = creationTimestamp === undefined ? undefined : new Date(creationTimestamp).toISOString();
      const region = scope.slice(scope.lastIndexOf("/") + 1);
      return [{ cloud: "gcp", region, kind, id: selfLink, tags: labels, created, deletable: true }];
    });
  }

  private async secrets(): Promise<TaggedResource[]> {
    const url = `${SECRETS}/projects/${this.options.project}/secrets`;
    const pages = await this.pages(url, { filter: `labels.${STACK_TAG}:*`, pageSize: "1000" });
    return pages
      .flatMap(({ secrets = [] }) => secrets)
      .flatMap(({ name, labels = {}, createTime }): TaggedResource[] => {
        if (labels[STACK_TAG] === undefined) return [];
        const id = `${SECRETS}/${name}`;
        return [
          {
            cloud: "gcp",
            region: "global",
            kind: "secret",
            id,
            tags: labels,
            created: createTime,
            deletable: true,
          },
        ];
      });
  }

  private async records(zone: { readonly id: string; readonly domain: string }): Promise<TaggedResource[]> {
    const pages = await this.pages(`${this.zoneUrl(zone.id)}/rrsets`, {});
    return pages
      .flatMap(({ rrsets = [] }) => rrsets)
      .flatMap(({ name, type }) => {
        const network = type === "A" ? networkOfRecord(name, zone.domain) : undefined;
        return network === undefined ? [] : [recordResource("gcp", name, network)];
      });
  }

  private zoneUrl(id: string): string {
    const name = id.slice(id.lastIndexOf("/") + 1);
    return `${DNS}/projects/${this.options.project}/managedZones/${name}`;
  }

  private async pages(url: string, query: Readonly<Record<string, string>>): Promise<Page[]> {
    const pages: Page[] = [];
    let pageToken = "";
    do {
      const parameters = new URLSearchParams({ ...query, ...(pageToken !== "" && { pageToken }) });
      const { status, words } = await this.call("GET", `${url}?${parameters.toString()}`);
      if (status !== 200) throw inventoryRefused(this.place, `list ${new URL(url).pathname}`, words);
      const page = JSON.parse(words) as Page;
      pages.push(page);
      pageToken = page.nextPageToken ?? "";
    } while (pageToken !== "");
    return pages;
  }

  private async call(method: string, url: string): Promise<{ status: number; words: string }> {
    const { token = defaultToken, ask = fetch } = this.options;
    try {
      const headers = { authorization: `Bearer ${await token()}` };
      const answer = await ask(url, { method, headers });
      return { status: answer.status, words: await answer.text() };
    } catch (error) {
      throw inventoryRefused(this.place, `answer ${method} ${new URL(url).host}`, error);
    }
  }
}

async function defaultToken(): Promise<string> {
  const { GoogleAuth } = await import("google-auth-library");
  const token = await new GoogleAuth({ scopes: SCOPE }).getAccessToken();
  if (typeof token !== "string") throw new Error("no credentials of GCP give a token");
  return token;
}
