import type { KeyTargets } from "../../../cli/keys/targets";
import { type KeyStore, alreadyExists } from "../../../cli/keys/store";
import { type Bundle, decodeBundle } from "../../../keys/bundle";
import type { NetworkPlan } from "../../../protocols/plan";

/** A secret manager in memory that counts what is done to it, and fails when told. */
export class MemoryStore implements KeyStore {
  readonly values = new Map<string, string>();
  readonly log: string[] = [];
  /** Called before each call; may throw. */
  before: (call: string) => void = () => undefined;

  constructor(readonly place: string) {}

  async has(name: string): Promise<boolean> {
    return (await this.list()).includes(name);
  }

  async list(): Promise<string[]> {
    await this.note("list");
    return [...this.values.keys()].sort();
  }

  async read(name: string): Promise<string | undefined> {
    await this.note(`read ${name}`);
    return this.values.get(name);
  }

  async put(name: string, value: string): Promise<void> {
    await this.note(`put ${name}`);
    if (this.values.has(name)) throw alreadyExists(this.place, name);
    this.values.set(name, value);
  }

  async replace(name: string, value: string): Promise<void> {
    await this.note(`replace ${name}`);
    if (!this.values.has(name)) throw new Error(`there is no ${name} to replace`);
    this.values.set(name, value);
  }

  async delete(name: string): Promise<void> {
    await this.note(`delete ${name}`);
    this.values.delete(name);
  }

  files(name: string): Bundle["files"] {
    return decodeBundle(this.values.get(name) ?? "")?.files ?? {};
  }

  /** Calls that change something. */
  get writes(): string[] {
    return this.log.filter((call) => /^(put|replace|delete)/.test(call));
  }

  /** As a real one, it answers later: others get their turn. */
  private async note(call: string): Promise<void> {
    this.log.push(call);
    this.before(call);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Two clouds, one cluster in each. */
export function memoryTargets(plan: NetworkPlan, stores = twoStores()) {
  const targets: KeyTargets = {
    plan,
    clusters: ["use1", "euw4"],
    storeOf: (cluster) => stores[cluster as "use1" | "euw4"],
  };
  return { targets, stores };
}

export function twoStores(): { use1: MemoryStore; euw4: MemoryStore } {
  return { use1: new MemoryStore("Secrets of America"), euw4: new MemoryStore("Secrets of Europe") };
}
