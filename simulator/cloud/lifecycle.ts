import { randomUUID } from "node:crypto";
import { areEqual } from "../../plugin/difference";
import { Cancelled, PartialFailure, Refused, type Properties } from "../../plugin/provider";
import { admit, admitDelete, keepName, partsOf } from "./admission";
import { CloudError, type Cloud, type Model } from "./model";
import type { CloudOperation, CloudRecord, Site } from "./record";
import type { World } from "./world";

/** What the engine asked for. */
export interface Wish {
  readonly type: string;
  readonly urn: string;
  readonly name: string;
  readonly site: Site;
  readonly inputs: Properties;
  readonly signal: AbortSignal;
}

/** Makes, changes and removes resources of one cloud: the same way for all types. */
export class Lifecycle {
  constructor(
    private readonly world: World,
    private readonly cloud: Cloud,
  ) {}

  async create(wish: Wish): Promise<CloudRecord> {
    const model = this.model(wish.type);
    const operation = this.begin("create", wish, wish.site, "");
    return this.guard("creating", model, wish.name, operation, async () => {
      const lost = this.lost(wish);
      if (lost !== undefined && sameButName(model, lost.inputs, wish.inputs)) {
        await this.world.clock.wait(1, wish.signal);
        return { record: this.claim(lost), result: "recovered" as const };
      }
      if (lost !== undefined) await this.erase(lost);
      const fault = this.strike("create", wish);
      const record = this.put(wish, model);
      const made = this.finish(record, model);
      await this.waitFor(made, model.seconds.create, record, wish, fault);
      return { record: await made };
    });
  }

  async update(record: CloudRecord, wish: Wish): Promise<CloudRecord> {
    const model = this.model(wish.type);
    const operation = this.begin("update", wish, record.site, record.id);
    return this.guard("updating", model, record.id, operation, async () => {
      this.strike("update", wish);
      const changed = {
        ...record,
        inputs: wish.inputs,
        drift: {},
        claimed: true,
        revision: record.revision + 1,
      };
      admit(this.world, changed, record);
      const updated = this.finish(changed, model);
      await this.waitFor(updated, model.seconds.update ?? 2, record, wish, undefined);
      return { record: await updated };
    });
  }

  async delete(record: CloudRecord, wish: Wish): Promise<void> {
    const model = this.model(wish.type);
    const operation = this.begin("delete", wish, record.site, record.id);
    await this.guard("deleting", model, record.id, operation, async () => {
      this.strike("delete", wish);
      admitDelete(this.world, record);
      const seconds = model.seconds.delete ?? 2;
      await Promise.all([this.erase(record), this.world.clock.wait(seconds, wish.signal)]);
      keepName(this.world, record);
      return { record };
    });
  }

  /** The engine has shown that it knows the resource. */
  claim(record: CloudRecord): CloudRecord {
    if (record.claimed) return record;
    const claimed = { ...record, claimed: true };
    this.world.store.put(claimed);
    return claimed;
  }

  model(type: string): Model {
    const model = this.cloud.models[type];
    if (model !== undefined) return model;
    throw new Refused(
      `the simulated ${this.cloud.name} has no model of ${type}; add one in simulator/${this.cloud.name}`,
    );
  }

  /** Looks at everything and writes it down in one step: nobody comes between. */
  private put(wish: Wish, model: Model): CloudRecord {
    const { type, urn, site, inputs } = wish;
    const record: CloudRecord = {
      ...{ uid: randomUUID(), cloud: this.cloud.name, type, id: "", urn, site, inputs },
      ...{ attributes: {}, drift: {}, facts: {}, phase: "creating", claimed: false, revision: 0 },
      createdAt: Math.round(this.world.clock.now),
    };
    const named = { ...record, id: model.id(this.world.made(record)) };
    admit(this.world, named);
    return this.store(named);
  }

  private store(record: CloudRecord): CloudRecord {
    const whole = { ...record, attributes: this.world.attributes(record) };
    this.world.store.put(whole);
    return whole;
  }

  /** What is done beside writing it down. The simulated time stands still: a cloud has its own machines. */
  private async finish(record: CloudRecord, model: Model): Promise<CloudRecord> {
    if (model.afterPut === undefined) return this.store({ ...record, phase: "active" });
    const release = this.world.clock.hold();
    try {
      const facts = await model.afterPut(this.world.made(record), this.world.clusters);
      // Things may have happened to it while the cluster was starting.
      const claimed = this.world.store.get(record.uid)?.claimed ?? record.claimed;
      return this.store({ ...record, claimed, facts: { ...record.facts, ...facts }, phase: "active" });
    } catch (error) {
      if (record.phase === "creating") this.world.store.remove(record.uid);
      throw error;
    } finally {
      release();
    }
  }

  /** The resource exists from here on: whoever stops waiting for it must not forget it. */
  private async waitFor(
    made: Promise<CloudRecord>,
    seconds: number,
    record: CloudRecord,
    { signal }: Wish,
    fault: "timeout" | undefined,
  ): Promise<void> {
    try {
      const [waited] = await Promise.allSettled([this.world.clock.wait(seconds, signal), made]);
      if (waited.status === "rejected") throw waited.reason;
      if (fault === "timeout") {
        throw new CloudError("Timeout", "timeout while waiting for state to become ready");
      }
    } catch (error) {
      const kept = this.world.store.get(record.uid);
      if (kept === undefined || !(error instanceof Error)) throw error;
      throw new PartialFailure(kept.id, kept.attributes, error);
    }
  }

  private async erase(record: CloudRecord): Promise<void> {
    const model = this.model(record.type);
    const made = this.world.made(record);
    for (const part of partsOf(this.world, record)) await this.erase(part);
    this.world.store.remove(record.uid);
    if (model.afterDelete === undefined) return;
    const release = this.world.clock.hold();
    try {
      await model.afterDelete(made, this.world.clusters);
    } finally {
      release();
    }
  }

  /** What an earlier create call for the same resource made, when its answer never reached the engine's state. */
  private lost({ urn, type, site }: Wish): CloudRecord | undefined {
    const same = (record: CloudRecord) => record.urn === urn && record.site.account === site.account;
    return this.world.store.ofType(type).find((record) => same(record) && !record.claimed);
  }

  private strike(kind: CloudOperation["operation"], { type, urn }: Wish): "timeout" | undefined {
    const fault = this.world.faults.strike(kind, type, urn);
    if (fault === "refuse") throw this.cloud.outage;
    return fault;
  }

  private begin(kind: CloudOperation["operation"], wish: Wish, site: Site, id: string): CloudOperation {
    const { type, urn, name } = wish;
    const { region } = site;
    const startedAt = this.world.clock.now;
    return this.world.store.begin({
      operation: kind,
      ...{ cloud: this.cloud.name, type, urn, name, id, region, startedAt },
    });
  }

  /** Writes the end of an operation down, and says errors as the provider would. */
  private async guard(
    verb: string,
    model: Model,
    name: string,
    operation: CloudOperation,
    work: () => Promise<{ record: CloudRecord; result?: "recovered" }>,
  ): Promise<CloudRecord> {
    const end = (ended: Partial<CloudOperation>) =>
      this.world.store.end(operation, { ...ended, endedAt: this.world.clock.now });
    const toWords = (error: unknown) =>
      error instanceof CloudError ? new Refused(this.cloud.say(verb, model, name, error)) : error;
    try {
      const { record, result = "ok" } = await work();
      end({ id: record.id, result });
      return record;
    } catch (error) {
      const partial = error instanceof PartialFailure ? error : undefined;
      const cause = toWords(partial?.cause ?? error);
      const message = cause instanceof Error ? cause.message : String(cause);
      end({ result: cause instanceof Cancelled ? "interrupted" : "failed", error: message });
      if (partial === undefined || !(cause instanceof Error)) throw cause;
      throw new PartialFailure(partial.id, partial.outputs, cause);
    }
  }
}

/** Names that were made up differ from run to run. */
function sameButName(model: Model, left: Properties, right: Properties): boolean {
  const nameless = (inputs: Properties) => {
    const { __defaults, [model.autoname?.property ?? "__defaults"]: name, ...rest } = inputs;
    return { ...rest, name: Array.isArray(__defaults) && __defaults.length > 0 ? undefined : name };
  };
  return areEqual(nameless(left), nameless(right));
}
