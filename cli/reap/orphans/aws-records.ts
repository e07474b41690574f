import type { ListResourceRecordSetsResponse } from "@aws-sdk/client-route-53";
import { STACK_TAG } from "../../list/state";
import { type CloudInventory, inventoryRefused, type TaggedResource } from "./inventory";

/** A public zone of an environment. */
export interface ZoneOfEnvironment {
  readonly id: string;
  readonly domain: string;
}

/** The network that the name of a seed or a service is of: `label.network.domain`; undefined for every other name. Pure. */
export function networkOfRecord(name: string, domain: string): string | undefined {
  const plain = name.replace(/\.$/, "");
  if (!plain.endsWith(`.${domain}`)) return undefined;
  const labels = plain.slice(0, -domain.length - 1).split(".");
  return labels.length === 2 ? labels[1] : undefined;
}

/** Records take no tags, and somebody may have written one by hand: they are told, and left to people. */
export function recordResource(cloud: string, name: string, network: string): TaggedResource {
  return {
    cloud,
    region: "global",
    kind: "DNS record",
    id: name,
    tags: { [STACK_TAG]: network },
    created: undefined,
    deletable: false,
  };
}

/** Names of seeds and services in the zone of an environment. */
export class Route53Records implements CloudInventory {
  readonly place: string;

  constructor(
    private readonly zone: ZoneOfEnvironment,
    private readonly settings: { readonly region: string; readonly endpoint?: string },
  ) {
    this.place = `Route 53 ${zone.domain}`;
  }

  async list(): Promise<TaggedResource[]> {
    const { Route53Client, ListResourceRecordSetsCommand } = await import("@aws-sdk/client-route-53");
    const client = new Route53Client(this.settings);
    const found: TaggedResource[] = [];
    let next: Pick<ListResourceRecordSetsResponse, "NextRecordName" | "NextRecordType"> | undefined;
    try {
      do {
        const page: ListResourceRecordSetsResponse = await client.send(
          new ListResourceRecordSetsCommand({
            HostedZoneId: this.zone.id,
            ...(next !== undefined && {
              StartRecordName: next.NextRecordName,
              StartRecordType: next.NextRecordType,
            }),
          }),
        );
        for (const { Name = "", Type } of page.ResourceRecordSets ?? []) {
          const network = Type === "A" ? networkOfRecord(Name, this.zone.domain) : undefined;
          if (network !== undefined) found.push(recordResource("aws", Name, network));
        }
        next = page.IsTruncated === true ? page : undefined;
      } while (next !== undefined);
    } catch (error) {
      throw inventoryRefused(this.place, "list its records", error, "route53:ListResourceRecordSets");
    }
    return found;
  }

  delete({ id }: TaggedResource): Promise<void> {
    return Promise.reject(new Error(`the record ${id} has no tag: it is left to people`));
  }
}
