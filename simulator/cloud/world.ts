import { createHash } from "node:crypto";
import type { Properties } from "../../plugin/provider";
import type { Clusters } from "../clusters/contract";
import type { Clock } from "./clock";
import type { Faults } from "./faults";
import type { Cloud, Look, Made, Model, Quota, Seen } from "./model";
import { valuesAt, withValueAt } from "./paths";
import type { CloudRecord, Site } from "./record";
import { emptyValue, isOptional, shapeOf } from "./shapes";
import { SecretValues } from "./secret-values";
import type { Store } from "./store";

/** Everything one rehearsal's clouds share, and how models see what is in it. */
export class World {
  readonly secrets = new SecretValues();

  constructor(
    readonly clouds: Readonly<Record<string, Cloud>>,
    readonly store: Store,
    readonly clock: Clock,
    readonly faults: Faults,
    readonly clusters: Clusters,
    /** Limits other than the clouds' defaults, by quota id; `*` stands for all others. */
    readonly quotas: Readonly<Record<string, number>>,
  ) {}

  limitOf(quota: Quota): number {
    return this.quotas[quota.id] ?? this.quotas["*"] ?? quota.limit;
  }

  cloudOf(record: CloudRecord): Cloud {
    const cloud = this.clouds[record.cloud];
    if (cloud === undefined) throw new Error(`no simulated cloud ${record.cloud}`);
    return cloud;
  }

  modelOf(record: CloudRecord): Model {
    const model = this.cloudOf(record).models[record.type];
    if (model === undefined) throw new Error(`${record.cloud} has no model of ${record.type}`);
    return model;
  }

  /** A record as its model sees it. */
  made(record: CloudRecord): Made {
    const { uid, id, site, inputs, createdAt, revision, facts } = record;
    const name = record.urn.split("::").slice(3).join("::");
    return {
      inputs: { ...this.modelOf(record).defaults, ...inputs },
      id,
      site,
      name,
      createdAt,
      revision,
      facts,
      hex: (label, length) => hex(`${uid}/${label}`, length),
      look: this.look(record.cloud, site),
    };
  }

  /** What the provider returns for a record. */
  attributes(record: CloudRecord): Properties {
    const cloud = this.cloudOf(record);
    const shape = cloud.shapes.resources[record.type];
    if (shape === undefined) throw new Error(`no shape of ${record.type}`);
    const made = this.made(record);
    const computed: Properties = {
      ...cloud.commonOutputs(made, shape),
      ...this.modelOf(record).outputs?.(made),
    };
    const all: Properties = { ...made.inputs, ...computed };
    for (const [name, property] of Object.entries(shape.outputs)) {
      if (!isOptional(property)) all[name] ??= emptyValue(shapeOf(property));
    }
    delete all["__defaults"];
    return Object.entries(record.drift).reduce(
      (drifted, [path, value]) => withValueAt(drifted, path, value),
      all,
    );
  }

  seen(record: CloudRecord): Seen {
    return { ...this.made(record), attributes: record.attributes, record };
  }

  /** Whether what is at one site sees what is at the other. */
  isNear(cloud: string, one: Site, other: Site): boolean {
    const apart = this.clouds[cloud]?.regionsApart === true && one.region !== other.region;
    return one.account === other.account && (!apart || [one.region, other.region].includes("global"));
  }

  look(cloud: string, site: Site): Look {
    const here = (type: string) =>
      this.store
        .ofType(type)
        .filter((record) => record.cloud === cloud && this.isNear(cloud, record.site, site));
    return {
      all: (type) => here(type).map((record) => this.seen(record)),
      one: (type, value, by = "id") => {
        const found = here(type).find((record) => holds(record, by, value));
        return found && this.seen(found);
      },
      abroad: (other, type) =>
        this.store
          .ofType(type)
          .filter((record) => record.cloud === other)
          .map((record) => this.seen(record)),
    };
  }
}

/** Whether an attribute of a record is this value. */
export function holds(record: CloudRecord, attribute: string, value: unknown): boolean {
  if (attribute === "id") return record.id === value;
  return valuesAt(record.attributes, attribute).some((placed) => placed.value === value);
}

function hex(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}
