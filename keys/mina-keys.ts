import { randomBytes } from "node:crypto";
import { decode, encode, freshPassword, openSecretBox, sealSecretBox } from "./mina-secret-box";

/** A key file of Mina and the password that opens it. */
export interface LockedKey {
  readonly key: string;
  readonly password: string;
}

/** Version byte of a private key in Base58Check (`EK…`); what follows it is also what a key file holds. */
const PRIVATE_KEY = 0x5a;

/** Protobuf of an Ed25519 key in libp2p: type 1, then 64 bytes (seed and public key) or 32. */
const LIBP2P_PRIVATE = Uint8Array.of(0x08, 0x01, 0x12, 0x40);
const LIBP2P_PUBLIC = Uint8Array.of(0x08, 0x01, 0x12, 0x20);
/** Identity multihash of the 36 bytes of a public key. */
const PEER_ID = Uint8Array.of(0x00, 0x24);

/** A fresh key pair that owns an account, produces blocks or takes fees. */
export async function freshMinaWallet(): Promise<LockedKey & { readonly publicKey: string }> {
  const { privateKey, publicKey } = (await signer()).genKeys();
  return { ...(await lock(await decode(PRIVATE_KEY, privateKey))), publicKey };
}

/** Public key (`B62…`) of a wallet's key file. @throws WrongPassword */
export async function minaPublicKeyOf({ key, password }: LockedKey): Promise<string> {
  const content = await openSecretBox(key, password);
  return (await signer()).derivePublicKey(await encode(PRIVATE_KEY, content));
}

/** A fresh libp2p identity, in the text form that `mina libp2p generate-keypair` encrypts. */
export async function freshMinaLibp2p(): Promise<LockedKey & { readonly peerId: string }> {
  const { ed25519 } = await import("@noble/curves/ed25519.js");
  const seed = randomBytes(32);
  const publicKey = ed25519.getPublicKey(seed);
  const peerId = await ed25519PeerId(publicKey);
  const parts = [
    Buffer.concat([LIBP2P_PRIVATE, seed, publicKey]).toString("base64"),
    Buffer.concat([LIBP2P_PUBLIC, publicKey]).toString("base64"),
    peerId,
  ];
  return { ...(await lock(Buffer.from(parts.join(",")))), peerId };
}

/** Peer id (`12D3Koo…`) of a libp2p key file. @throws WrongPassword */
export async function minaPeerIdOf({ key, password }: LockedKey): Promise<string> {
  const text = Buffer.from(await openSecretBox(key, password)).toString("utf8");
  const peerId = text.split(",")[2];
  if (peerId === undefined) throw new Error("this is no libp2p key of Mina");
  return peerId;
}

/** The libp2p id of an Ed25519 public key, base58. */
export async function ed25519PeerId(publicKey: Uint8Array): Promise<string> {
  const { base58 } = await import("@scure/base");
  return base58.encode(Buffer.concat([PEER_ID, LIBP2P_PUBLIC, publicKey]));
}

/**
 * A fresh key that signs requests to the ITN GraphQL: the 32-byte seed as base64, as Mina's orchestrator of such tests
 * reads it.
 */
export function freshItnKey(): string {
  return randomBytes(32).toString("base64");
}

/** Public part of an ITN key as the daemon's `--itn-keys` takes it: base64. */
export async function itnPublicKeyOf(key: string): Promise<string> {
  const { ed25519 } = await import("@noble/curves/ed25519.js");
  return Buffer.from(ed25519.getPublicKey(Buffer.from(key, "base64"))).toString("base64");
}

async function lock(content: Uint8Array): Promise<LockedKey> {
  const password = freshPassword();
  return { key: await sealSecretBox(content, password), password };
}

async function signer() {
  const { default: Client } = await import("mina-signer");
  // Keys are the same on every network; only signatures differ.
  return new Client({ network: "testnet" });
}
