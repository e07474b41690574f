import { STACK_TAG } from "../../list/state";
import { type CloudInventory, inventoryRefused, type TaggedResource } from "./inventory";

export interface AwsInventoryOptions {
  readonly region: string;
  /** Another address than the cloud's, for tests. */
  readonly endpoint?: string;
  /** How often a call that was throttled is made. Default 6. */
  readonly attempts?: number;
}

/** A kind of resource that is deleted on its own, by the start of the part of its ARN behind the account. */
interface Kind {
  readonly kind: string;
  readonly service: string;
  readonly prefix: string;
  readonly remove: (inventory: AwsInventory, arn: string, id: string) => Promise<void>;
}

const KINDS: readonly Kind[] = [
  {
    ...{ kind: "load balancer", service: "elasticloadbalancing", prefix: "loadbalancer/" },
    remove: (inventory, arn) => inventory.deleteLoadBalancer(arn),
  },
  {
    ...{ kind: "target group", service: "elasticloadbalancing", prefix: "targetgroup/" },
    remove: (inventory, arn) => inventory.deleteTargetGroup(arn),
  },
  {
    ...{ kind: "address", service: "ec2", prefix: "elastic-ip/" },
    remove: (inventory, _, id) => inventory.releaseAddress(id),
  },
  {
    ...{ kind: "disk", service: "ec2", prefix: "volume/" },
    remove: (inventory, _, id) => inventory.deleteVolume(id),
  },
  {
    ...{ kind: "secret", service: "secretsmanager", prefix: "secret:" },
    remove: (inventory, arn) => inventory.deleteSecret(arn),
  },
];

/** Errors by which AWS says that there is nothing (any more). */
const GONE = /NotFound|NoSuch/;

/**
 * Tagged resources of one region, by the Resource Groups Tagging API, which knows every kind that takes tags but those of
 * IAM. What has no entry in the table above is listed and left to people.
 */
export class AwsInventory implements CloudInventory {
  readonly place: string;

  constructor(private readonly options: AwsInventoryOptions) {
    this.place = `AWS ${options.region}`;
  }

  async list(): Promise<TaggedResource[]> {
    const { ResourceGroupsTaggingAPIClient, paginateGetResources } =
      await import("@aws-sdk/client-resource-groups-tagging-api");
    const client = new ResourceGroupsTaggingAPIClient(this.settings);
    const found: TaggedResource[] = [];
    try {
      const pages = paginateGetResources({ client, pageSize: 100 }, { TagFilters: [{ Key: STACK_TAG }] });
      for await (const { ResourceTagMappingList = [] } of pages) {
        for (const { ResourceARN: arn, Tags = [] } of ResourceTagMappingList) {
          const tags = Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
          if (arn !== undefined && tags[STACK_TAG] !== undefined) found.push(this.resource(arn, tags));
        }
      }
    } catch (error) {
      throw inventoryRefused(this.place, "list tagged resources", error, "tag:GetResources");
    } finally {
      client.destroy();
    }
    return this.withAges(found);
  }

  async delete({ id, kind }: TaggedResource): Promise<void> {
    const { service, resource } = partsOf(id);
    const known = KINDS.find((one) => one.service === service && resource.startsWith(one.prefix));
    if (known === undefined) throw new Error(`a ${kind} is not deleted by this command`);
    try {
      await known.remove(this, id, resource.slice(known.prefix.length));
    } catch (error) {
      if (error instanceof Error && GONE.test(error.name)) return;
      throw inventoryRefused(this.place, `delete the ${kind} ${id}`, error);
    }
  }

  async deleteLoadBalancer(arn: string): Promise<void> {
    const sdk = await import("@aws-sdk/client-elastic-load-balancing-v2");
    const client = new sdk.ElasticLoadBalancingV2Client(this.settings);
    await client.send(new sdk.DeleteLoadBalancerCommand({ LoadBalancerArn: arn }));
  }

  async deleteTargetGroup(arn: string): Promise<void> {
    const sdk = await import("@aws-sdk/client-elastic-load-balancing-v2");
    const client = new sdk.ElasticLoadBalancingV2Client(this.settings);
    await client.send(new sdk.DeleteTargetGroupCommand({ TargetGroupArn: arn }));
  }

  async releaseAddress(allocation: string): Promise<void> {
    const sdk = await import("@aws-sdk/client-ec2");
    await new sdk.EC2Client(this.settings).send(new sdk.ReleaseAddressCommand({ AllocationId: allocation }));
  }

  async deleteVolume(volume: string): Promise<void> {
    const sdk = await import("@aws-sdk/client-ec2");
    await new sdk.EC2Client(this.settings).send(new sdk.DeleteVolumeCommand({ VolumeId: volume }));
  }

  async deleteSecret(arn: string): Promise<void> {
    const sdk = await import("@aws-sdk/client-secrets-manager");
    const client = new sdk.SecretsManagerClient(this.settings);
    await client.send(new sdk.DeleteSecretCommand({ SecretId: arn, ForceDeleteWithoutRecovery: true }));
  }

  /** The ages of secrets: keys are made before the stack they are for. */
  private async withAges(resources: readonly TaggedResource[]): Promise<TaggedResource[]> {
    if (!resources.some(({ kind }) => kind === "secret")) return [...resources];
    const sdk = await import("@aws-sdk/client-secrets-manager");
    const client = new sdk.SecretsManagerClient(this.settings);
    const ages = new Map<string, string>();
    try {
      const pages = sdk.paginateListSecrets(
        { client, pageSize: 100 },
        { Filters: [{ Key: "tag-key", Values: [STACK_TAG] }] },
      );
      for await (const { SecretList = [] } of pages) {
        for (const { ARN, CreatedDate } of SecretList) {
          if (ARN !== undefined && CreatedDate !== undefined) ages.set(ARN, CreatedDate.toISOString());
        }
      }
    } catch (error) {
      throw inventoryRefused(this.place, "list its secrets", error, "secretsmanager:ListSecrets");
    }
    return resources.map((resource) => ({ ...resource, created: ages.get(resource.id) }));
  }

  private resource(arn: string, tags: Readonly<Record<string, string>>): TaggedResource {
    const { service, resource } = partsOf(arn);
    const known = KINDS.find((one) => one.service === service && resource.startsWith(one.prefix));
    return {
      cloud: "aws",
      region: this.options.region,
      kind: known?.kind ?? `${service} ${resource.split(/[/:]/)[0] ?? ""}`,
      id: arn,
      tags,
      created: undefined,
      deletable: known !== undefined,
    };
  }

  private get settings() {
    const { region, endpoint, attempts = 6 } = this.options;
    return { region, maxAttempts: attempts, ...(endpoint !== undefined && { endpoint }) };
  }
}

/** `arn:partition:service:region:account:resource`; the resource may hold colons. */
export function partsOf(arn: string): { readonly service: string; readonly resource: string } {
  const [, , service = "", , , ...resource] = arn.split(":");
  return { service, resource: resource.join(":") };
}
