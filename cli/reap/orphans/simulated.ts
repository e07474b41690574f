import type { CloudClient } from "../../../simulator/cloud/client";
import type { CloudResource } from "../../../simulator/cloud/protocol";
import { STACK_TAG } from "../../list/state";
import type { CloudInventory, TaggedResource } from "./inventory";

/** Kinds that the real inventories delete. */
const KINDS: readonly (readonly [type: RegExp, kind: string])[] = [
  [/\/loadBalancer:LoadBalancer$/, "load balancer"],
  [/\/targetGroup:TargetGroup$/, "target group"],
  [/\/(eip:Eip|address:Address)$/, "address"],
  [/\/(volume:Volume|disk:Disk)$/, "disk"],
  [/\/secret:Secret$/, "secret"],
];

/** Tagged resources of all simulated clouds. */
export class SimulatedInventory implements CloudInventory {
  readonly place = "the simulated clouds";

  constructor(private readonly clouds: CloudClient) {}

  async list(): Promise<TaggedResource[]> {
    return (await this.clouds.ask("resources")).flatMap((resource): TaggedResource[] => {
      const tags = tagsOf(resource);
      if (tags[STACK_TAG] === undefined) return [];
      const kind = KINDS.find(([type]) => type.test(resource.type))?.[1];
      return [
        {
          cloud: resource.cloud,
          region: resource.site.region,
          kind: kind ?? resource.type,
          id: resource.urn,
          tags,
          // Simulated clouds have a clock of their own.
          created: new Date(0).toISOString(),
          deletable: kind !== undefined,
        },
      ];
    });
  }

  async delete({ id }: TaggedResource): Promise<void> {
    const there = (await this.clouds.ask("resources")).some(({ urn }) => urn === id);
    if (there) await this.clouds.ask("lose", { urn: id });
  }
}

function tagsOf({ attributes }: CloudResource): Readonly<Record<string, string>> {
  const tags = attributes["tags"] ?? attributes["labels"];
  return typeof tags === "object" && tags !== null ? (tags as Record<string, string>) : {};
}
