import { TestnetError } from "../errors/problem";
import type { KeyRequest, NetworkPlan } from "../protocols/plan";
import { accountsOf } from "./accounts";
import { type Bundle, encodeBundle } from "./bundle";
import {
  type MadeKey,
  type Mnemonics,
  type SecretFiles,
  heldFiles,
  holdsRange,
  isFileOf,
  makeKey,
  publicNamesOf,
  publicPartsOf,
  rangeOf,
} from "./key-files";
import {
  type BundleLayout,
  MNEMONIC_BUNDLE,
  VALIDATORS,
  filesOf,
  isDerived,
  layoutOf,
  mnemonicFileName,
  mnemonicNames,
} from "./layout";
import type { PublicKeys } from "./make";
import { freshMnemonic, seedOf } from "./mnemonic";
import { depositsOf, validatorKeysOf } from "./validators";

/** What exists already. */
export interface KnownKeys {
  readonly bundles: ReadonlyMap<string, Bundle>;
  readonly publicKeys: PublicKeys;
}

/** What is new: bundles that are to be written, whole, and the public parts of all keys looked at. */
export interface MadeBundles {
  readonly bundles: ReadonlyMap<string, Bundle>;
  readonly publicKeys: PublicKeys;
}

const NOTHING: KnownKeys = { bundles: new Map(), publicKeys: {} };

/**
 * Makes the keys of a network that do not exist yet, and the bundles of its pods. Keys that exist never change, and a key
 * of two pods is the same in both. Writes nothing.
 * @param only bundles by name; the others are left alone, and deposits are not made
 * @throws TestnetError TN2015 where the private part of a known key is in no bundle
 */
export async function makeBundles(
  plan: NetworkPlan,
  known: KnownKeys = NOTHING,
  only?: ReadonlySet<string>,
): Promise<MadeBundles> {
  const layouts = layoutOf(plan).filter(({ name }) => only?.has(name) ?? true);
  const derived = layouts.some(({ name, keys }) => name === MNEMONIC_BUNDLE || keys.some(isDerived));
  const mnemonics = derived ? await mnemonicsOf(plan, known) : {};
  const publicKeys: PublicKeys = {};
  const files: Record<string, string> = {};
  for (const [name, words] of Object.entries(mnemonics)) files[mnemonicFileName(name)] = words;
  for (const request of new Set(layouts.flatMap(({ keys }) => keys))) {
    const key = await keyOf(request, known, mnemonics);
    Object.assign(files, key.files);
    Object.assign(publicKeys, key.publicKeys);
  }
  if (only === undefined) Object.assign(publicKeys, await derivedKeysOf(plan, mnemonics));
  return { bundles: changedBundles(layouts, files, known), publicKeys };
}

/** Public parts of what comes of the mnemonics alone: addresses, and the deposits of all validators in their order. */
export async function derivedKeysOf(plan: NetworkPlan, mnemonics: Mnemonics): Promise<PublicKeys> {
  const publicKeys: PublicKeys = {};
  for (const request of plan.keys.filter(({ kind }) => kind === "accounts")) {
    Object.assign(publicKeys, await publicPartsOf(request, {}, mnemonics));
  }
  const validators = plan.keys.filter((request) => request.kind === "validators");
  if (validators.length === 0) return publicKeys;
  const seed = await seedOf(mnemonics[VALIDATORS] ?? "");
  const withdrawal = await withdrawalAddress(plan, mnemonics);
  const deposits = [];
  for (const { from, count, genesisForkVersion } of [...validators].sort((a, b) => a.from - b.from)) {
    deposits.push(
      ...(await depositsOf(await validatorKeysOf(seed, from, count), withdrawal, genesisForkVersion)),
    );
  }
  return { ...publicKeys, deposits: JSON.stringify(deposits) };
}

/**
 * The mnemonics of a network: those of its bundle, fresh ones where nothing is known of their keys.
 * @throws TestnetError TN2015 where keys of a lost mnemonic are known
 */
export async function mnemonicsOf(plan: NetworkPlan, known: KnownKeys): Promise<Mnemonics> {
  const held = known.bundles.get(MNEMONIC_BUNDLE)?.files ?? {};
  const mnemonics: Record<string, string> = {};
  for (const name of mnemonicNames(plan.keys)) {
    const words = held[mnemonicFileName(name)];
    const prefix = name === VALIDATORS ? "validators " : `address ${name}/`;
    const lost = words === undefined && Object.keys(known.publicKeys).some((key) => key.startsWith(prefix));
    if (lost) throw lostKey(MNEMONIC_BUNDLE, mnemonicFileName(name));
    mnemonics[name] = words ?? (await freshMnemonic());
  }
  return mnemonics;
}

/** A key as it is in the bundles that are known, or a fresh one. */
async function keyOf(request: KeyRequest, known: KnownKeys, mnemonics: Mnemonics): Promise<MadeKey> {
  const held = [...known.bundles.values()]
    .map(({ files }) => heldFiles(request, files))
    .find((files) => files !== undefined);
  const publicKeys = knownParts(request, known.publicKeys);
  if (held === undefined && publicKeys !== undefined && !isDerived(request)) {
    throw lostKey(request.name, request.name);
  }
  if (publicKeys === undefined && request.kind === "validators") {
    const moved = `validators ${request.name}` in known.publicKeys;
    const same = held === undefined || (await holdsRange(request, held, mnemonics));
    if (moved || !same) throw movedValidators(request.name);
  }
  if (held === undefined) return makeKey(request, mnemonics);
  return { files: held, publicKeys: publicKeys ?? (await publicPartsOf(request, held, mnemonics)) };
}

/** Public parts that are known already; undefined where one lacks, or is that of other keys. */
export function knownParts(request: KeyRequest, publicKeys: PublicKeys): PublicKeys | undefined {
  const parts: PublicKeys = {};
  for (const name of publicNamesOf(request)) {
    const part = publicKeys[name];
    if (part === undefined) return undefined;
    if (request.kind === "validators" && !part.startsWith(rangeOf(request))) return undefined;
    parts[name] = part;
  }
  return parts;
}

/** Files are added to a bundle, never taken from it, but for wallets of validators: those come of the mnemonic. */
function changedBundles(
  layouts: readonly BundleLayout[],
  files: SecretFiles,
  known: KnownKeys,
): Map<string, Bundle> {
  const changed = new Map<string, Bundle>();
  for (const { name, holds, keys } of layouts) {
    const before = known.bundles.get(name);
    const wallets = keys.filter(({ kind }) => kind === "validators");
    const kept = Object.entries(before?.files ?? {}).filter(
      ([file]) => !wallets.some((wallet) => isFileOf(wallet, file)),
    );
    const wanted = holds.map((reference) => {
      const found = filesOf(reference, files);
      if (Object.keys(found).length === 0) throw new Error(`${name} wants ${reference}, which no key makes`);
      return found;
    });
    const bundle: Bundle = {
      version: 1,
      files: Object.assign({}, Object.fromEntries(kept), ...wanted) as SecretFiles,
    };
    if (before === undefined || encodeBundle(before) !== encodeBundle(bundle)) changed.set(name, bundle);
  }
  return changed;
}

async function withdrawalAddress(plan: NetworkPlan, mnemonics: Mnemonics): Promise<string> {
  const accounts = plan.keys.find(({ kind }) => kind === "accounts");
  const mnemonic = mnemonics[accounts?.name ?? ""];
  const [account] = mnemonic === undefined ? [] : await accountsOf(mnemonic, 1);
  if (account === undefined) throw new Error("validators need an account to withdraw to");
  return account.address;
}

function lostKey(at: string, name: string): TestnetError {
  return new TestnetError({
    code: "TN2015",
    at,
    message: `the keyring knows ${name}, but its private part is in no secret manager of the network`,
  });
}

/** Two clients with one validator key are slashed: a range never moves while the chain may run. */
export function movedValidators(at: string): TestnetError {
  return new TestnetError({
    code: "TN2016",
    at,
    message: "its validators are others than those its secret was made for",
    remedy: `Set the counts of validators back. On a fresh chain: \`testnet keys rotate STACK ${MNEMONIC_BUNDLE} --force\` makes all validators anew.`,
  });
}
