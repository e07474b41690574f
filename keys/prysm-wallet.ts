import { randomUUID } from "node:crypto";
import * as path from "node:path";
import type { EIP2335Keystore } from "micro-key-producer/bls.js";
import { writeSecret } from "./secret-files";
import type { ValidatorKey } from "./validators";

/** The file of a wallet that holds all its keys. */
export const PRYSM_KEYSTORE = "direct/accounts/all-accounts.keystore.json";

/**
 * Writes a Prysm wallet of kind "imported": what `validator accounts import` leaves behind. One EIP-2335 keystore holds
 * all keys as JSON; keymanageropts.json may be empty. The password protects copies of the wallet, not this machine.
 */
export async function writePrysmWallet(
  directory: string,
  keys: readonly ValidatorKey[],
  keystore: EIP2335Keystore<"pbkdf2">,
): Promise<void> {
  for (const [file, content] of Object.entries(prysmWalletFiles(keys, keystore))) {
    await writeSecret(path.join(directory, file), content);
  }
}

/** The wallet's files by path. */
export function prysmWalletFiles(
  keys: readonly ValidatorKey[],
  keystore: EIP2335Keystore<"pbkdf2">,
): Record<string, string> {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  const accounts = JSON.stringify({
    private_keys: keys.map((key) => base64(key.privateKey)),
    public_keys: keys.map((key) => base64(key.publicKey)),
  });
  const { crypto } = keystore.create(Buffer.from(accounts));
  const wallet = { crypto, uuid: randomUUID(), version: 4, name: "keystore" };
  return {
    "direct/keymanageropts.json": "{}\n",
    [PRYSM_KEYSTORE]: `${JSON.stringify(wallet, undefined, 2)}\n`,
  };
}

/** Public keys in a wallet's file PRYSM_KEYSTORE, as 0x hex. @throws where the password is another */
export async function prysmWalletKeys(keystore: string, password: string): Promise<string[]> {
  const { decryptEIP2335Keystore } = await import("micro-key-producer/bls.js");
  const wallet = JSON.parse(keystore) as Parameters<typeof decryptEIP2335Keystore>[0];
  const text = Buffer.from(decryptEIP2335Keystore(wallet, password)).toString("utf8");
  const { public_keys: keys } = JSON.parse(text) as { public_keys: string[] };
  return keys.map((key) => `0x${Buffer.from(key, "base64").toString("hex")}`);
}

/** One key derivation (262,144 rounds) serves all wallets of a network: they share the password. */
export async function keystoreFor(password: string): Promise<EIP2335Keystore<"pbkdf2">> {
  const { EIP2335Keystore } = await import("micro-key-producer/bls.js");
  return new EIP2335Keystore(password, "pbkdf2");
}
