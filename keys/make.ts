import { randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { KeyRequest } from "../protocols/plan";
import { accountsOf } from "./accounts";
import { freshMnemonic, seedOf } from "./mnemonic";
import { enodeOf, enrOf, freshJwtSecret, freshNodeKey, peerIdOf } from "./node-identity";
import { keystoreFor, writePrysmWallet } from "./prysm-wallet";
import { exists, secretOr, writeSecret } from "./secret-files";
import { depositsOf, validatorKeysOf } from "./validators";

/** Public parts of keys by the reference that names them, e.g. `enode node-1-geth`. */
export type PublicKeys = Record<string, string>;

export interface KeyDirectories {
  /** Directory of private files, made 0700, files 0600. */
  readonly secrets: string;
  /** File of the public parts. */
  readonly publicKeys: string;
}

type ValidatorsRequest = Extract<KeyRequest, { kind: "validators" }>;

/**
 * Makes the keys that do not exist yet and returns the public parts of all. Existing keys never change, so it may be run
 * again at any time, also after it was interrupted.
 */
export async function makeKeys(
  requests: readonly KeyRequest[],
  directories: KeyDirectories,
): Promise<PublicKeys> {
  await fs.mkdir(directories.secrets, { recursive: true, mode: 0o700 });
  const simple = await Promise.all(
    requests
      .filter((request) => request.kind !== "validators")
      .map((request) => makeKey(request, directories.secrets)),
  );
  const publicKeys: PublicKeys = Object.assign({}, ...simple) as PublicKeys;
  const validators = requests.filter((request) => request.kind === "validators");
  if (validators.length > 0) {
    Object.assign(publicKeys, await makeValidators(validators, directories, publicKeys));
  }
  await writeSecret(directories.publicKeys, `${JSON.stringify(publicKeys, undefined, 2)}\n`);
  return publicKeys;
}

async function makeKey(
  request: Exclude<KeyRequest, ValidatorsRequest>,
  secrets: string,
): Promise<PublicKeys> {
  const { kind, name } = request;
  const file = path.join(secrets, name);
  switch (kind) {
    case "jwt":
      await secretOr(file, freshJwtSecret);
      return {};
    case "enode":
      return { [`enode ${name}`]: await enodeOf(await secretOr(file, freshNodeKey), request) };
    case "enr": {
      const key = await secretOr(file, freshNodeKey);
      return { [`enr ${name}`]: await enrOf(key, request), [`peer-id ${name}`]: await peerIdOf(key) };
    }
    case "accounts": {
      const mnemonic = await secretOr(mnemonicFile(secrets, name), freshMnemonic);
      const accounts = await accountsOf(mnemonic, request.count);
      const entries = accounts.map((account, index) => [`address ${name}/${index}`, account.address]);
      return Object.fromEntries(entries) as PublicKeys;
    }
    default:
      throw new Error(`no keys of the kind ${kind} are made on this machine`);
  }
}

/** The mnemonic of an `accounts` request. */
export function mnemonicFile(secrets: string, name: string): string {
  return path.join(secrets, `${name}-mnemonic`);
}

/** Wallets of all validator clients and the deposits of their keys, from one mnemonic of the network. */
async function makeValidators(
  requests: readonly ValidatorsRequest[],
  { secrets, publicKeys }: KeyDirectories,
  known: PublicKeys,
): Promise<PublicKeys> {
  const missing = await missingWallets(requests, secrets);
  const before = await readPublicKeys(publicKeys);
  if (missing.length === 0 && before?.["deposits"] !== undefined) return { deposits: before["deposits"] };

  const seed = await seedOf(await secretOr(mnemonicFile(secrets, "validators"), freshMnemonic));
  const password = await secretOr(path.join(secrets, "wallet-password"), () =>
    randomBytes(32).toString("hex"),
  );
  const keystore = await keystoreFor(password);
  const withdrawalAddress = Object.entries(known).find(([key]) => key.startsWith("address "))?.[1];
  if (withdrawalAddress === undefined) throw new Error("validators need an account to withdraw to");

  const deposits = [];
  for (const request of [...requests].sort((left, right) => left.from - right.from)) {
    const keys = await validatorKeysOf(seed, request.from, request.count);
    deposits.push(...(await depositsOf(keys, withdrawalAddress, request.genesisForkVersion)));
    await writeSecret(path.join(secrets, `${request.name}-password`), password);
    await writePrysmWallet(path.join(secrets, request.name), keys, keystore);
  }
  return { deposits: JSON.stringify(deposits) };
}

async function missingWallets(requests: readonly ValidatorsRequest[], secrets: string) {
  const present = await Promise.all(requests.map((request) => exists(path.join(secrets, request.name))));
  return requests.filter((_, index) => !present[index]);
}

async function readPublicKeys(file: string): Promise<PublicKeys | undefined> {
  if (!(await exists(file))) return undefined;
  return JSON.parse(await fs.readFile(file, "utf8")) as PublicKeys;
}
