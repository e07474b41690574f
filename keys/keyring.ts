import * as fs from "node:fs";
import * as path from "node:path";
import { TestnetError } from "../errors/problem";
import type { KeyRequest, NetworkPlan, Protocol } from "../protocols/plan";
import { knownParts } from "./bundles";
import { sortedByName } from "./bundle";
import { layoutOf } from "./layout";
import type { PublicKeys } from "./make";
import { enodeAt } from "./node-identity";

/** What is public of a network's keys. Its file belongs into the repository: all who deploy need it, and nothing in it is secret. */
export interface Keyring {
  readonly version: 1;
  readonly protocol: Protocol;
  /** Public parts by the reference that names them, e.g. `peer-id seed-1-libp2p`. */
  readonly keys: PublicKeys;
  /** The secrets that hold the private parts, by name. */
  readonly secrets: Readonly<Record<string, SecretRecord>>;
  /** Names of keys whose rotation has begun and not ended: `keys create` ends it. */
  readonly rotating: readonly string[];
}

/** Where a secret is, and the names of what it holds. */
export interface SecretRecord {
  readonly cluster: string;
  readonly holds: readonly string[];
}

/** The keyring of a stack, in the folder of the stack files. */
export function keyringFile(directory: string, stack: string): string {
  return path.join(directory, "keyrings", `${stack}.json`);
}

/** A keyring that knows nothing. */
export function emptyKeyring(protocol: Protocol): Keyring {
  return { version: 1, protocol, keys: {}, secrets: {}, rotating: [] };
}

/** The keyring of a file; undefined without one. @throws TestnetError TN2015 where it is none */
export function readKeyring(file: string): Keyring | undefined {
  if (!fs.existsSync(file)) return undefined;
  const keyring = parse(fs.readFileSync(file, "utf8"));
  if (keyring !== undefined) return keyring;
  throw new TestnetError({
    code: "TN2015",
    at: file,
    message: "this is no keyring of this version",
    remedy:
      "Take the file back from version control, or remove it: `testnet keys create` reads the public parts again.",
  });
}

/** Writes a keyring whole or not at all, in an order that is the same on every machine. */
export function writeKeyring(file: string, keyring: Keyring): void {
  const { version, protocol, keys, secrets, rotating } = keyring;
  const text = JSON.stringify(
    {
      version,
      protocol,
      ...(rotating.length > 0 && { rotating: [...rotating].sort() }),
      secrets: sortedByName(secrets),
      keys: sortedByName(keys),
    },
    undefined,
    2,
  );
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  fs.writeFileSync(draft, `${text}\n`);
  fs.renameSync(draft, file);
}

/** Names of the public parts that a plan needs and a keyring lacks, e.g. `peer-id seed-4-libp2p`. */
export function missingKeys(plan: NetworkPlan, keyring: Keyring | undefined): string[] {
  return lackingKeys(plan, keyring).map(({ kind, name }) => `${kind} ${name}`);
}

/** The keys of a plan that a keyring does not know, or knows with another range of validators. */
export function lackingKeys(plan: NetworkPlan, keyring: Keyring | undefined): KeyRequest[] {
  const { keys = {}, secrets = {}, rotating = [] } = keyring ?? {};
  const incomplete = new Set(
    layoutOf(plan)
      .filter(({ name, holds }) => !holds.every((reference) => secrets[name]?.holds.includes(reference)))
      .flatMap((layout) => layout.keys),
  );
  return plan.keys.filter(
    (request) =>
      incomplete.has(request) || rotating.includes(request.name) || knownParts(request, keys) === undefined,
  );
}

/**
 * Refuses a plan whose keys are not all made.
 * @throws TestnetError TN2012
 */
export function refuseMissingKeys(
  plan: NetworkPlan,
  keyring: Keyring | undefined,
): asserts keyring is Keyring {
  const missing = missingKeys(plan, keyring);
  if (missing.length === 0 && keyring !== undefined) return;
  const shown = missing.slice(0, 5).join(", ");
  const more = missing.length > 5 ? ` and ${missing.length - 5} more` : "";
  throw new TestnetError({
    code: "TN2012",
    at: `keyrings/${plan.network}.json`,
    message:
      keyring === undefined
        ? `there is no keyring, and the network needs ${missing.length} keys`
        : `the keyring lacks ${shown}${more}`,
    remedy: `Run \`testnet keys create ${plan.network}\`, then commit the keyring.`,
  });
}

/** Public parts by reference as a plan's strings want them: those of the keyring, and the enodes that follow from them. */
export function publicKeysOf(plan: NetworkPlan, keyring: Keyring): PublicKeys {
  const enodes = plan.keys.flatMap((request) => {
    const nodeId = keyring.keys[`node-id ${request.name}`];
    if (request.kind !== "enode" || nodeId === undefined) return [];
    return [[`enode ${request.name}`, enodeAt(nodeId, request)]];
  });
  return { ...keyring.keys, ...(Object.fromEntries(enodes) as PublicKeys) };
}

function parse(text: string): Keyring | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { version, protocol, keys, secrets, rotating = [] } = value as Partial<Keyring>;
  const sound =
    version === 1 && typeof protocol === "string" && typeof keys === "object" && typeof secrets === "object";
  return sound ? { version, protocol, keys, secrets, rotating } : undefined;
}
