import * as fs from "node:fs";
import * as path from "node:path";
import { lock } from "proper-lockfile";
import { TestnetError } from "../../errors/problem";
import { type Keyring, emptyKeyring, lackingKeys, readKeyring, writeKeyring } from "../../keys/keyring";
import { type BundleLayout, MNEMONIC_BUNDLE, isDerived, layoutOf } from "../../keys/layout";
import { movedValidators } from "../../keys/bundles";
import { rangeOf } from "../../keys/key-files";
import type { KeyRequest, NetworkPlan } from "../../protocols/plan";
import { references } from "../../protocols/references";
import { Inventory } from "./inventory";
import { KeySession, type OnWritten } from "./session";
import type { KeyTargets } from "./targets";

/** Where a network's keys are worked at, and who is told. */
export interface KeyWork {
  readonly targets: KeyTargets;
  /** File of the keyring. */
  readonly file: string;
  readonly onWritten: OnWritten;
  readonly signal?: AbortSignal;
}

/**
 * Makes the keys that a network lacks, writes them to the secret managers, and their public parts to the keyring. May be
 * run again at any time: what is there stays, and what was interrupted goes on.
 * @throws TestnetError TN2003, TN2014, TN2015, TN2016
 */
export function createKeys(work: KeyWork): Promise<Keyring> {
  return withKeyring(work, (keyring) => {
    refuseMoved(work.targets.plan, keyring);
    return keyring;
  });
}

/**
 * Replaces the keys of a pod by others; those it shares are replaced in the other pods, too.
 * @param force also where the genesis of the network names the key
 * @throws TestnetError TN1015 for an unknown pod, TN2016 without `force`
 */
export async function rotateKeys(work: KeyWork, pod: string, force: boolean): Promise<Keyring> {
  const { plan } = work.targets;
  const keys = keysToRotate(plan, pod);
  const bound = keys.filter((key) => isInGenesis(plan, key));
  if (bound.length > 0 && !force) {
    throw new TestnetError({
      code: "TN2016",
      at: pod,
      message: `the genesis of ${plan.network} names ${bound.map(({ name }) => name).join(", ")}`,
    });
  }
  return withKeyring(work, (keyring) => ({
    ...keyring,
    rotating: [...new Set([...keyring.rotating, ...keys.map(({ name }) => name)])],
  }));
}

/** The keys that are replaced with those of a pod: accounts and validators all come of one secret, so it is all or none. */
export function keysToRotate(plan: NetworkPlan, pod: string): readonly KeyRequest[] {
  const layouts = layoutOf(plan);
  const layout = layouts.find(({ name }) => name === pod);
  if (layout === undefined) {
    throw new TestnetError({
      code: "TN1015",
      at: pod,
      message: `the network has no secret of that name`,
      allowed: layouts.map(({ name }) => name).join(", "),
    });
  }
  const derived = pod === MNEMONIC_BUNDLE || layout.keys.some(isDerived);
  return [...new Set([...layout.keys, ...(derived ? plan.keys.filter(isDerived) : [])])];
}

/** Whether the chain's first state holds a public part of the key. */
export function isInGenesis({ genesis }: NetworkPlan, { kind, name }: KeyRequest): boolean {
  return genesis.files
    .flatMap(({ content }) => references(content))
    .some((reference) => {
      if (reference.kind === "deposits") return kind === "validators";
      if (reference.kind === "public-key") return reference.name === name;
      return reference.kind === "address" && reference.name.startsWith(`${name}/`);
    });
}

/** A secret of a network, as it is and as it should be. */
export interface SecretState {
  readonly name: string;
  /** Where it is, or will be. */
  readonly place: string;
  readonly keys: readonly string[];
  /**
   * - `ready`: in the secret manager and in the keyring
   * - `lacking`: `keys create` makes it, or a key in it
   * - `unused`: the network has no such pod any more
   */
  readonly state: "ready" | "lacking" | "unused";
}

/** All secrets of a network: those its plan wants, and those that are there besides. Reads no value. */
export async function listKeys({ targets, file }: Pick<KeyWork, "targets" | "file">): Promise<SecretState[]> {
  const keyring = readKeyring(file);
  const inventory = await Inventory.of(targets);
  const lacking = new Set(lackingKeys(targets.plan, keyring));
  const homes = homesOf(targets, keyring);
  const wanted = homes.map(({ layout, cluster }): SecretState => {
    const ready = inventory.isAt(layout.name, cluster) && !layout.keys.some((key) => lacking.has(key));
    return {
      name: layout.name,
      place: targets.storeOf(cluster).place,
      keys: keysOf(layout),
      state: ready ? "ready" : "lacking",
    };
  });
  const unused = strays(targets, inventory, homes).map(({ name, store }): SecretState => ({
    name,
    place: store.place,
    keys: [],
    state: "unused",
  }));
  return [...wanted, ...unused];
}

function keysOf({ holds, keys }: BundleLayout): readonly string[] {
  return keys.length === 0 ? holds : keys.map(({ name }) => name);
}

/** A secret that the plan wants, and the cluster whose secret manager keeps it. */
interface Home {
  readonly layout: BundleLayout;
  readonly cluster: string;
}

function homesOf({ plan, clusters }: KeyTargets, keyring: Keyring | undefined): Home[] {
  return layoutOf(plan).map((layout) => ({
    layout,
    cluster: layout.cluster ?? keyring?.secrets[layout.name]?.cluster ?? clusters[0] ?? "",
  }));
}

/** Secrets that nobody wants, and copies that were left where a pod moved away: those only while the pod's own is there. */
function strays({ storeOf }: KeyTargets, inventory: Inventory, homes: readonly Home[]) {
  const wanted = new Map(homes.map(({ layout, cluster }) => [layout.name, cluster]));
  return inventory.all().filter(({ name, store }) => {
    const cluster = wanted.get(name);
    if (cluster === undefined) return true;
    return storeOf(cluster).place !== store.place && inventory.isAt(name, cluster);
  });
}

/**
 * Deletes secrets of a network for good, and what the keyring tells of them.
 * @param unusedOnly leaves what the plan wants
 * @returns names of what was deleted
 */
export async function deleteKeys(work: KeyWork, unusedOnly: boolean): Promise<string[]> {
  const { targets, file } = work;
  return locked(file, async () => {
    const inventory = await Inventory.of(targets);
    const homes = homesOf(targets, readKeyring(file));
    const doomed = unusedOnly ? strays(targets, inventory, homes) : inventory.all();
    for (const { name, store } of doomed) {
      work.signal?.throwIfAborted();
      await store.delete(name);
    }
    if (!unusedOnly) fs.rmSync(file, { force: true });
    else forget(work, new Set(homes.map(({ layout }) => layout.name)));
    return doomed.map(({ name }) => name);
  });
}

/** Public parts that no key of the plan has go with the secrets that held them. */
function forget({ file, targets }: KeyWork, wanted: ReadonlySet<string>): void {
  const keyring = readKeyring(file);
  if (keyring === undefined) return;
  const requested = new Set(targets.plan.keys.map(({ name }) => name));
  const isWanted = (part: string) => {
    const name = part.split(" ")[1]?.split("/")[0];
    return name === undefined || requested.has(name);
  };
  const keys = Object.entries(keyring.keys).filter(([part]) => isWanted(part));
  const secrets = Object.entries(keyring.secrets).filter(([name]) => wanted.has(name));
  writeKeyring(file, {
    ...keyring,
    keys: Object.fromEntries(keys),
    secrets: Object.fromEntries(secrets),
  });
}

/** Runs a session and keeps what it got, however it ends. */
async function withKeyring(
  { targets, file, onWritten, signal }: KeyWork,
  start: (keyring: Keyring) => Keyring,
): Promise<Keyring> {
  const { protocol } = targets.plan;
  return locked(file, async () => {
    const keyring = start(readKeyring(file) ?? emptyKeyring(protocol));
    if (keyring.protocol !== protocol) throw otherProtocol(file, keyring, protocol);
    // From here on the network lacks the keys that are to be replaced, whatever happens to this process.
    if (keyring.rotating.length > 0) writeKeyring(file, keyring);
    const session = await KeySession.open(targets, keyring, onWritten);
    try {
      await session.run(signal);
    } finally {
      writeKeyring(file, session.keyring);
    }
    return session.keyring;
  });
}

/** Ranges that moved are found before anything is written. A rotation of all validators moves them on purpose. */
function refuseMoved(plan: NetworkPlan, { keys, rotating }: Keyring): void {
  const moved = plan.keys.filter((request) => {
    if (request.kind !== "validators" || rotating.includes(request.name)) return false;
    return keys[`validators ${request.name}`]?.startsWith(rangeOf(request)) === false;
  });
  if (moved.length > 0) throw movedValidators(moved.map(({ name }) => name).join(", "));
}

async function locked<T>(file: string, work: () => Promise<T>): Promise<T> {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  let release: () => Promise<void>;
  try {
    release = await lock(file, {
      realpath: false,
      retries: { retries: 20, minTimeout: 100, maxTimeout: 1000 },
    });
  } catch (cause) {
    throw new TestnetError(
      { code: "TN2003", at: file, message: "another run works at the keys of this network" },
      { cause },
    );
  }
  try {
    return await work();
  } finally {
    await release();
  }
}

function otherProtocol(file: string, { protocol }: Keyring, wanted: string): TestnetError {
  return new TestnetError({
    code: "TN2015",
    at: file,
    message: "the keyring is that of a network of another protocol",
    given: protocol,
    allowed: wanted,
    remedy: "Name the stack otherwise, or delete its keys first: `testnet keys delete`.",
  });
}
