import { TestnetError } from "../../errors/problem";
import { type Bundle, MAX_BUNDLE_BYTES, decodeBundle, encodeBundle } from "../../keys/bundle";
import { derivedKeysOf, makeBundles, mnemonicsOf } from "../../keys/bundles";
import { isFileOf, publicNamesOf } from "../../keys/key-files";
import { type Keyring, lackingKeys } from "../../keys/keyring";
import { type BundleLayout, MNEMONIC_BUNDLE, groupsOf, isDerived, layoutOf } from "../../keys/layout";
import type { PublicKeys } from "../../keys/make";
import type { KeyRequest } from "../../protocols/plan";
import { inParallel } from "../observe/parallel";
import { Inventory } from "./inventory";
import type { KeyTargets } from "./targets";

/** How many secrets are written at once: clouds throttle. */
const AT_ONCE = 4;

/** How often a group of secrets is looked at again because somebody else wrote one of them. */
const ATTEMPTS = 4;

/** Told of each secret that was written. */
export type OnWritten = (name: string, place: string, how: "made" | "changed") => void;

/**
 * Brings secrets and keyring to where the plan wants them. What exists stays; what is interrupted goes on when it runs
 * again, because the secrets themselves tell what is there.
 */
export class KeySession {
  private readonly keys: PublicKeys;
  private readonly secrets: Record<string, Keyring["secrets"][string]>;
  private readonly layouts: readonly BundleLayout[];
  /** Keys to be replaced by others. */
  private readonly rotating: readonly KeyRequest[];
  /** Names of the secrets that held a key when this began, by the key's name. */
  private readonly holders: ReadonlyMap<string, readonly string[]>;
  private done = false;

  private constructor(
    private readonly targets: KeyTargets,
    private readonly before: Keyring,
    private readonly inventory: Inventory,
    private readonly onWritten: OnWritten,
  ) {
    this.layouts = layoutOf(targets.plan);
    this.rotating = targets.plan.keys.filter(({ name }) => before.rotating.includes(name));
    this.keys = { ...before.keys };
    this.secrets = { ...before.secrets };
    this.holders = holdersOf(before.secrets);
    for (const name of this.rotating.flatMap(publicNamesOf)) Reflect.deleteProperty(this.keys, name);
  }

  static async open(targets: KeyTargets, before: Keyring, onWritten: OnWritten): Promise<KeySession> {
    return new KeySession(targets, before, await Inventory.of(targets), onWritten);
  }

  /** The keyring as far as this got. */
  get keyring(): Keyring {
    const { version, protocol, rotating } = this.before;
    return { version, protocol, keys: this.keys, secrets: this.secrets, rotating: this.done ? [] : rotating };
  }

  /** @throws TestnetError, or what the signal gives as its reason */
  async run(signal?: AbortSignal): Promise<void> {
    const lacking = new Set(lackingKeys(this.targets.plan, this.before));
    const groups = groupsOf(this.layouts).filter((group) =>
      group.some((layout) => this.needsWork(layout, lacking)),
    );
    const [first, others] = [groups.filter(isMnemonic), groups.filter((group) => !isMnemonic(group))];
    for (const group of first) await this.make(group);
    await this.makeAll(others, signal);
    await this.derive(lacking);
    this.done = true;
  }

  private needsWork({ name, cluster, holds, keys }: BundleLayout, lacking: ReadonlySet<KeyRequest>): boolean {
    const recorded = this.secrets[name]?.holds ?? [];
    return (
      !this.inventory.isAt(name, this.homeOf(name, cluster)) ||
      !holds.every((reference) => recorded.includes(reference)) ||
      keys.some((key) => lacking.has(key)) ||
      (name === MNEMONIC_BUNDLE && this.rotating.some(isDerived))
    );
  }

  /** After a failure nothing new is begun, and what has begun is ended: the keyring must know of it. */
  private async makeAll(groups: readonly (readonly BundleLayout[])[], signal?: AbortSignal): Promise<void> {
    const failures: unknown[] = [];
    const make = async (group: readonly BundleLayout[]) => {
      if (failures.length > 0 || signal?.aborted === true) return;
      await this.make(group).catch((error: unknown) => failures.push(error));
    };
    await inParallel(groups, make, AT_ONCE);
    signal?.throwIfAborted();
    const ours = failures.filter((error) => error instanceof TestnetError);
    if (ours.length < failures.length) throw failures.find((error) => !(error instanceof TestnetError));
    if (ours.length > 0) {
      throw new TestnetError(
        ours.flatMap(({ problems }) => problems),
        { cause: ours[0] },
      );
    }
  }

  /** Makes a group of secrets, taking over what others have made meanwhile. */
  private async make(group: readonly BundleLayout[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.tryToMake(group);
        return;
      } catch (error) {
        if (attempt === ATTEMPTS || !isTaken(error)) throw error;
        await this.inventory.refresh();
      }
    }
  }

  private async tryToMake(group: readonly BundleLayout[]): Promise<void> {
    const known = await this.knownBundles(group);
    const names = new Set(group.map(({ name }) => name));
    const made = await makeBundles(this.targets.plan, { bundles: known, publicKeys: this.keys }, names);
    for (const { name, cluster, holds } of group) {
      const home = this.homeOf(name, cluster);
      const moved = this.inventory.isAt(name, home) ? undefined : known.get(name);
      const bundle = made.bundles.get(name) ?? moved;
      if (bundle !== undefined) await this.write(name, home, bundle);
      const before = this.secrets[name]?.holds ?? [];
      this.secrets[name] = { cluster: home, holds: [...new Set([...before, ...holds])].sort() };
    }
    Object.assign(this.keys, made.publicKeys);
  }

  private async write(name: string, cluster: string, bundle: Bundle): Promise<void> {
    const store = this.targets.storeOf(cluster);
    const value = encodeBundle(bundle);
    if (Buffer.byteLength(value) > MAX_BUNDLE_BYTES) throw tooLarge(name, value);
    const exists = this.inventory.isAt(name, cluster);
    if (exists) await store.replace(name, value);
    else await store.put(name, value);
    this.inventory.add(name, cluster);
    this.onWritten(name, store.place, exists ? "changed" : "made");
  }

  /** The secrets of a group as they are, without the keys that are to be replaced, and the mnemonics. */
  private async knownBundles(group: readonly BundleLayout[]): Promise<Map<string, Bundle>> {
    const derived = group.some(({ keys }) => keys.some(isDerived));
    const wanted = group.map(({ name, cluster }) => ({ name, cluster }));
    if (derived) wanted.push({ name: MNEMONIC_BUNDLE, cluster: undefined });
    for (const name of this.formerHolders(group)) wanted.push({ name, cluster: undefined });
    const known = new Map<string, Bundle>();
    for (const { name, cluster } of wanted) {
      const text = await this.inventory.read(name, this.homeOf(name, cluster));
      if (text !== undefined) known.set(name, this.withoutRotating(name, text, derived));
    }
    return known;
  }

  /** Other secrets that held a key of the group: those of pods that are no more, or of none. */
  private formerHolders(group: readonly BundleLayout[]): string[] {
    const inGroup = new Set(group.map(({ name }) => name));
    const holders = group
      .flatMap(({ keys }) => keys)
      .filter((key) => !isDerived(key))
      .flatMap(({ name }) => this.holders.get(name) ?? []);
    return [...new Set(holders)].filter((name) => !inGroup.has(name));
  }

  private withoutRotating(name: string, text: string, mnemonicIsNew: boolean): Bundle {
    const bundle = decodeBundle(text);
    if (bundle === undefined) {
      throw new TestnetError({
        code: "TN2015",
        at: name,
        message: "its secret is no bundle of this version",
      });
    }
    if (name === MNEMONIC_BUNDLE) {
      // Once it was written in this run it is the new one.
      const old = this.rotating.some(isDerived) && !mnemonicIsNew;
      return old ? { version: 1, files: {} } : bundle;
    }
    const kept = Object.entries(bundle.files).filter(
      ([file]) => !this.rotating.some((request) => isFileOf(request, file)),
    );
    return { version: 1, files: Object.fromEntries(kept) };
  }

  /** What comes of the mnemonics alone, where some of it is not known. */
  private async derive(lacking: ReadonlySet<KeyRequest>): Promise<void> {
    const { plan } = this.targets;
    const validators = plan.keys.some(({ kind }) => kind === "validators");
    const complete = !validators || "deposits" in this.keys;
    if (complete && ![...lacking].some(isDerived)) return;
    const mnemonic = this.layouts.find(({ name }) => name === MNEMONIC_BUNDLE);
    if (mnemonic === undefined) return;
    const text = await this.inventory.read(MNEMONIC_BUNDLE, this.homeOf(MNEMONIC_BUNDLE, undefined));
    const bundle = text === undefined ? undefined : decodeBundle(text);
    const bundles = new Map(bundle === undefined ? [] : [[MNEMONIC_BUNDLE, bundle]]);
    const mnemonics = await mnemonicsOf(plan, { bundles, publicKeys: this.keys });
    Object.assign(this.keys, await derivedKeysOf(plan, mnemonics));
  }

  /** Cluster whose secret manager keeps a secret. What no pod is given stays where it was first put. */
  private homeOf(name: string, cluster: string | undefined): string {
    const home = cluster ?? this.secrets[name]?.cluster ?? this.targets.clusters[0];
    if (home === undefined) throw new Error("the environment has no cluster");
    return home;
  }
}

function holdersOf(secrets: Keyring["secrets"]): Map<string, string[]> {
  const holders = new Map<string, string[]>();
  for (const [secret, { holds }] of Object.entries(secrets)) {
    for (const key of new Set(holds.map((reference) => reference.split("/")[0] ?? reference))) {
      holders.set(key, [...(holders.get(key) ?? []), secret]);
    }
  }
  return holders;
}

function isMnemonic(group: readonly BundleLayout[]): boolean {
  return group.some(({ name }) => name === MNEMONIC_BUNDLE);
}

function isTaken(error: unknown): boolean {
  return error instanceof TestnetError && error.problems.some(({ code }) => code === "TN2013");
}

function tooLarge(name: string, value: string): TestnetError {
  return new TestnetError({
    code: "TN2014",
    at: name,
    message: "its private files are more than a secret manager takes",
    given: `${Buffer.byteLength(value)} bytes`,
    allowed: `${MAX_BUNDLE_BYTES} bytes`,
    remedy: "Spread the validators over more nodes: about 70 fit into one, or 250 with Prysm.",
  });
}
