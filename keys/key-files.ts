import { createHash } from "node:crypto";
import type { KeyRequest } from "../protocols/plan";
import { references } from "../protocols/references";
import { accountsOf } from "./accounts";
import { BINARY } from "./bundle";
import { VALIDATORS, mnemonicFileName } from "./layout";
import type { PublicKeys } from "./make";
import {
  freshItnKey,
  freshMinaLibp2p,
  freshMinaWallet,
  itnPublicKeyOf,
  minaPeerIdOf,
  minaPublicKeyOf,
} from "./mina-keys";
import { freshPassword } from "./mina-secret-box";
import { seedOf } from "./mnemonic";
import { enrOf, freshJwtSecret, freshNodeKey, nodeIdOf, peerIdOf } from "./node-identity";
import { PRYSM_KEYSTORE, keystoreFor, prysmWalletFiles, prysmWalletKeys } from "./prysm-wallet";
import { keysOfFiles, keystoreFiles } from "./validator-keystores";
import { validatorKeysOf } from "./validators";

/** Private files of a key by the names references use. */
export type SecretFiles = Readonly<Record<string, string>>;

/** The mnemonics of a network by name: those of its accounts, and `validators`. */
export type Mnemonics = Readonly<Record<string, string>>;

export type ValidatorsRequest = Extract<KeyRequest, { kind: "validators" }>;
type NodeKeyRequest = Extract<KeyRequest, { kind: "enode" | "enr" }>;

/** A key: its private files, and its public parts by the reference that names them. */
export interface MadeKey {
  readonly files: SecretFiles;
  readonly publicKeys: PublicKeys;
}

/** Makes a key. Accounts and validators come of the mnemonics. */
export async function makeKey(request: KeyRequest, mnemonics: Mnemonics): Promise<MadeKey> {
  const { kind, name } = request;
  switch (kind) {
    case "mina-wallet": {
      const { publicKey, ...locked } = await freshMinaWallet();
      return { files: lockedFiles(name, locked), publicKeys: { [`public-key ${name}`]: publicKey } };
    }
    case "mina-libp2p": {
      const { peerId, ...locked } = await freshMinaLibp2p();
      return { files: lockedFiles(name, locked), publicKeys: { [`peer-id ${name}`]: peerId } };
    }
    default: {
      const files = await freshFiles(request, mnemonics);
      return { files, publicKeys: await publicPartsOf(request, files, mnemonics) };
    }
  }
}

async function freshFiles(
  request: Exclude<KeyRequest, { kind: "mina-wallet" | "mina-libp2p" }>,
  mnemonics: Mnemonics,
): Promise<SecretFiles> {
  const { kind, name } = request;
  switch (kind) {
    case "jwt":
      return { [name]: freshJwtSecret() };
    case "enode":
    case "enr":
      return nodeKeyFile(request, await freshNodeKey());
    case "accounts":
      return accountFiles(name, request.count, mnemonicOf(mnemonics, name));
    case "mina-itn":
      return { [`${name}/key`]: freshItnKey() };
    case "validators":
      return validatorFiles(request, mnemonicOf(mnemonics, VALIDATORS));
  }
}

/** Those of the files that are of a key; undefined where they are not whole. */
export function heldFiles(request: KeyRequest, files: SecretFiles): SecretFiles | undefined {
  const own = Object.entries(files).filter(([file]) => isFileOf(request, file));
  const held = Object.fromEntries(own);
  return isWhole(request, held) ? held : undefined;
}

/** Whether a private file is of a key. */
export function isFileOf({ name }: KeyRequest, file: string): boolean {
  return file === name || file.startsWith(`${name}/`) || file === `${name}-password`;
}

function isWhole(request: KeyRequest, files: SecretFiles): boolean {
  const { kind, name } = request;
  const has = (...names: string[]) => names.every((file) => file in files);
  switch (kind) {
    case "jwt":
      return has(name);
    case "enode":
    case "enr":
      return nodeKeyIn(request, files) !== undefined;
    case "mina-wallet":
    case "mina-libp2p":
      return has(`${name}/key`, `${name}/password`);
    case "mina-itn":
      return has(`${name}/key`);
    case "accounts":
      return false; // they come of their mnemonic each time
    case "validators":
      return has(`${name}-password`) && walletKeys(request, files).length > 0;
  }
}

/** Names of the keystores of a wallet of the format that is asked for; a wallet of Prysm has one for all its keys. */
function walletKeys({ name, format }: ValidatorsRequest, files: SecretFiles): string[] {
  const prefix = `${name}/`;
  const below = Object.keys(files)
    .filter((file) => file.startsWith(prefix))
    .map((file) => file.slice(prefix.length));
  return format === "prysm" ? below.filter((file) => file === PRYSM_KEYSTORE) : keysOfFiles(format, below);
}

/** Whether a wallet that exists holds the keys that are asked for, and no others. */
export async function holdsRange(
  request: ValidatorsRequest,
  files: SecretFiles,
  mnemonics: Mnemonics,
): Promise<boolean> {
  const seed = await seedOf(mnemonicOf(mnemonics, VALIDATORS));
  const wanted = (await validatorKeysOf(seed, request.from, request.count)).map(({ publicKey }) =>
    hexOf(publicKey),
  );
  const { name, format } = request;
  const password = files[`${name}-password`] ?? "";
  const held =
    format === "prysm"
      ? await prysmWalletKeys(files[`${name}/${PRYSM_KEYSTORE}`] ?? "", password)
      : walletKeys(request, files);
  return [...held].sort().join() === [...wanted].sort().join();
}

function hexOf(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString("hex")}`;
}

/** The public parts of a key, by the reference that names them. What has none has a fingerprint, which tells of a new key. */
export async function publicPartsOf(
  request: KeyRequest,
  files: SecretFiles,
  mnemonics: Mnemonics,
): Promise<PublicKeys> {
  const { kind, name } = request;
  const file = (path: string): string => files[path] ?? "";
  const locked = { key: file(`${name}/key`), password: file(`${name}/password`) };
  switch (kind) {
    case "jwt":
      return { [`jwt ${name}`]: fingerprint(file(name)) };
    case "enode":
      return { [`node-id ${name}`]: await nodeIdOf(nodeKeyIn(request, files) ?? "") };
    case "enr": {
      const key = nodeKeyIn(request, files) ?? "";
      return { [`peer-id ${name}`]: await peerIdOf(key), ...(await signedRecord(request, key)) };
    }
    case "accounts": {
      const accounts = await accountsOf(mnemonicOf(mnemonics, name), request.count);
      const entries = accounts.map(({ address }, index) => [`address ${name}/${index}`, address]);
      return Object.fromEntries(entries) as PublicKeys;
    }
    case "mina-wallet":
      return { [`public-key ${name}`]: await minaPublicKeyOf(locked) };
    case "mina-libp2p":
      return { [`peer-id ${name}`]: await minaPeerIdOf(locked) };
    case "mina-itn":
      return { [`public-key ${name}`]: await itnPublicKeyOf(locked.key) };
    case "validators":
      return { [`validators ${name}`]: await fingerprintOfRange(request, mnemonicOf(mnemonics, VALIDATORS)) };
  }
}

/** Names of the public parts of a key. */
export function publicNamesOf(request: KeyRequest): string[] {
  const { kind, name } = request;
  switch (kind) {
    case "jwt":
    case "validators":
      return [`${kind} ${name}`];
    case "enode":
      return [`node-id ${name}`];
    case "enr":
      return isReference(request.host) ? [`peer-id ${name}`] : [`peer-id ${name}`, `enr ${name}`];
    case "accounts":
      return Array.from({ length: request.count }, (_, index) => `address ${name}/${index}`);
    case "mina-libp2p":
      return [`peer-id ${name}`];
    case "mina-wallet":
    case "mina-itn":
      return [`public-key ${name}`];
  }
}

/** A record is signed over the address, so none can be made where that is not known yet. */
async function signedRecord(request: Extract<KeyRequest, { kind: "enr" }>, key: string): Promise<PublicKeys> {
  return isReference(request.host) ? {} : { [`enr ${request.name}`]: await enrOf(key, request) };
}

/** A node key as its client reads it: hex in the file NAME, or 32 bytes in the file NAME/key. */
function nodeKeyFile({ name, format }: NodeKeyRequest, key: string): SecretFiles {
  if (format !== "raw") return { [name]: key };
  return { [`${name}/key`]: `${BINARY}${Buffer.from(key, "hex").toString("base64")}` };
}

/** The node key again, as hex. */
function nodeKeyIn({ name, format }: NodeKeyRequest, files: SecretFiles): string | undefined {
  if (format !== "raw") return files[name];
  const content = files[`${name}/key`];
  return content === undefined
    ? undefined
    : Buffer.from(content.slice(BINARY.length), "base64").toString("hex");
}

function isReference(host: string): boolean {
  return references(host).length > 0;
}

function lockedFiles(name: string, { key, password }: { key: string; password: string }): SecretFiles {
  return { [`${name}/key`]: key, [`${name}/password`]: password };
}

async function accountFiles(name: string, count: number, mnemonic: string): Promise<SecretFiles> {
  const accounts = await accountsOf(mnemonic, count);
  return {
    [mnemonicFileName(name)]: mnemonic,
    ...Object.fromEntries(accounts.map(({ privateKey }, index) => [`${name}/${index}`, privateKey])),
  };
}

async function validatorFiles(request: ValidatorsRequest, mnemonic: string): Promise<SecretFiles> {
  const { name, format, from, count } = request;
  const password = freshPassword();
  const keystore = await keystoreFor(password);
  const keys = (await validatorKeysOf(await seedOf(mnemonic), from, count)).map((key, step) => ({
    ...key,
    index: from + step,
  }));
  const files =
    format === "prysm" ? prysmWalletFiles(keys, keystore) : keystoreFiles(format, keys, keystore, password);
  const below = Object.entries(files).map(([file, content]) => [`${name}/${file}`, content]);
  return { ...(Object.fromEntries(below) as SecretFiles), [`${name}-password`]: password };
}

/** Which keys of the mnemonic a wallet has, e.g. `0+64:` and a fingerprint of them. */
async function fingerprintOfRange(request: ValidatorsRequest, mnemonic: string): Promise<string> {
  const keys = await validatorKeysOf(await seedOf(mnemonic), request.from, request.count);
  return `${rangeOf(request)}${fingerprint(Buffer.concat(keys.map(({ publicKey }) => publicKey)))}`;
}

/** How the public part of a wallet begins. */
export function rangeOf({ from, count }: ValidatorsRequest): string {
  return `${from}+${count}:`;
}

/** Of 256 random bits or of what is public: nothing can be found out from it. */
function fingerprint(content: string | Uint8Array): string {
  return createHash("sha256").update("testnet key ").update(content).digest("hex").slice(0, 16);
}

function mnemonicOf(mnemonics: Mnemonics, name: string): string {
  const mnemonic = mnemonics[name];
  if (mnemonic === undefined) throw new Error(`no mnemonic ${name}`);
  return mnemonic;
}
