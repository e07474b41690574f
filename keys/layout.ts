import type { KeyRequest, NetworkPlan } from "../protocols/plan";
import { podSecrets } from "../protocols/secrets";

/** What one secret of a network holds, and for whom. */
export interface BundleLayout {
  /** The pod, or what no pod is given: `network-mnemonic`, `key-NAME`. */
  readonly name: string;
  /** Cluster of the pod; undefined for what no pod is given. */
  readonly cluster: string | undefined;
  /** What the strings of the pod name, e.g. `node-1-jwt`, `producer-1-wallet/key`: a file, or all files below. */
  readonly holds: readonly string[];
  /** Keys these files are of. */
  readonly keys: readonly KeyRequest[];
}

/** The secret that all accounts and validators of a network come of. No pod is given it. */
export const MNEMONIC_BUNDLE = "network-mnemonic";

/** Name of the mnemonic of all validators of a network. */
export const VALIDATORS = "validators";

/**
 * The secrets of a network: one for each pod that refers to private files, and for each key that no pod is given one of its
 * own. Daemons that share a pod share its secret.
 */
export function layoutOf(plan: NetworkPlan): readonly BundleLayout[] {
  const requests = new Map(plan.keys.map((request) => [request.name, request]));
  const mounted = podSecrets(plan).map(({ pod, cluster, files }): BundleLayout => {
    const keys = [...new Set(files.map((reference) => requestOf(requests, reference)))];
    return { name: pod, cluster, holds: files, keys };
  });
  const given = new Set(mounted.flatMap(({ keys }) => keys));
  return [
    ...mnemonicLayout(plan.keys),
    ...mounted,
    ...plan.keys.filter((key) => !given.has(key)).flatMap(ungiven),
  ];
}

/** Names of the mnemonics of a network. */
export function mnemonicNames(keys: readonly KeyRequest[]): string[] {
  const accounts = keys.filter(({ kind }) => kind === "accounts").map(({ name }) => name);
  return keys.some(({ kind }) => kind === "validators") ? [...accounts, VALIDATORS] : accounts;
}

/** Whether a key comes of a mnemonic of the network. */
export function isDerived({ kind }: KeyRequest): boolean {
  return kind === "accounts" || kind === "validators";
}

/** Name of the file of a mnemonic. */
export function mnemonicFileName(name: string): string {
  return `${name}-mnemonic`;
}

/** The files that a reference names: the one of that name, or all below it. */
export function filesOf(reference: string, files: Readonly<Record<string, string>>): Record<string, string> {
  const named = Object.entries(files).filter(
    ([file]) => file === reference || file.startsWith(`${reference}/`),
  );
  return Object.fromEntries(named);
}

/** Bundles that share a key in groups: they are made together, so that all get the same one. */
export function groupsOf(layouts: readonly BundleLayout[]): readonly (readonly BundleLayout[])[] {
  const groups = new Map<string, BundleLayout[]>();
  const ofKey = new Map<string, BundleLayout[]>();
  for (const layout of layouts) {
    const shared = new Set(
      layout.keys.flatMap(({ name }) => ofKey.get(name) ?? []).map(({ name }) => groups.get(name)),
    );
    const group = [...[...shared].flatMap((members) => members ?? []), layout];
    group.forEach(({ name, keys }) => {
      groups.set(name, group);
      keys.forEach((key) => ofKey.set(key.name, group));
    });
  }
  return [...new Set(layouts.map(({ name }) => groups.get(name) ?? []))];
}

/** A reference starts with the name of its key; passwords and mnemonics stand beside it. */
function requestOf(requests: ReadonlyMap<string, KeyRequest>, reference: string): KeyRequest {
  const name = reference.split("/")[0] ?? reference;
  const request = requests.get(name) ?? requests.get(name.replace(/-(password|mnemonic)$/, ""));
  if (request === undefined) throw new Error(`no key of the plan makes the private file ${reference}`);
  return request;
}

function mnemonicLayout(keys: readonly KeyRequest[]): BundleLayout[] {
  const holds = mnemonicNames(keys).map(mnemonicFileName);
  return holds.length === 0 ? [] : [{ name: MNEMONIC_BUNDLE, cluster: undefined, holds, keys: [] }];
}

/** Accounts and validators need no secret of their own: they come of the mnemonic. */
function ungiven(key: KeyRequest): BundleLayout[] {
  if (isDerived(key)) return [];
  return [{ name: `key-${key.name}`, cluster: undefined, holds: [key.name], keys: [key] }];
}
