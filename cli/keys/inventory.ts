import { inParallel } from "../observe/parallel";
import type { KeyStore } from "./store";
import type { KeyTargets } from "./targets";

/** Which secrets of a network are where. */
export class Inventory {
  private names = new Map<string, Set<string>>();

  private constructor(
    private readonly targets: KeyTargets,
    private readonly stores: readonly KeyStore[],
  ) {}

  static async of(targets: KeyTargets): Promise<Inventory> {
    const byPlace = new Map(
      targets.clusters.map((name) => [targets.storeOf(name).place, targets.storeOf(name)]),
    );
    const inventory = new Inventory(targets, [...byPlace.values()]);
    await inventory.refresh();
    return inventory;
  }

  async refresh(): Promise<void> {
    const lists = await inParallel(
      this.stores,
      async (store) => [store.place, new Set(await store.list())] as const,
    );
    this.names = new Map(lists);
  }

  isAt(name: string, cluster: string): boolean {
    return this.names.get(this.targets.storeOf(cluster).place)?.has(name) ?? false;
  }

  add(name: string, cluster: string): void {
    this.names.get(this.targets.storeOf(cluster).place)?.add(name);
  }

  /** The value of a secret, from elsewhere where its own place has none: pods move. */
  async read(name: string, cluster: string): Promise<string | undefined> {
    const own = this.targets.storeOf(cluster);
    const others = this.stores.filter(({ place }) => place !== own.place);
    for (const store of [own, ...others]) {
      if (this.names.get(store.place)?.has(name) !== true) continue;
      const value = await store.read(name);
      if (value !== undefined) return value;
      this.names.get(store.place)?.delete(name); // made, and never given a value
    }
    return undefined;
  }

  /** Every secret there is, and where. */
  all(): { readonly name: string; readonly store: KeyStore }[] {
    return this.stores.flatMap((store) =>
      [...(this.names.get(store.place) ?? [])].map((name) => ({ name, store })),
    );
  }
}
