import { randomUUID } from "node:crypto";
import * as path from "node:path";
import type { EIP2335Keystore } from "micro-key-producer/bls.js";
import { writeSecret } from "./secret-files";
import type { ValidatorKey } from "./validators";

/**
 * Writes a Prysm wallet of kind "imported": what `validator accounts import` leaves behind. One EIP-2335 keystore holds
 * all keys as JSON; keymanageropts.json may be empty. The password protects copies of the wallet, not this machine.
 */
export async function writePrysmWallet(
  directory: string,
  keys: readonly ValidatorKey[],
  keystore: EIP2335Keystore<"pbkdf2">,
): Promise<void> {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  const accounts = JSON.stringify({
    private_keys: keys.map((key) => base64(key.privateKey)),
    public_keys: keys.map((key) => base64(key.publicKey)),
  });
  const { crypto } = keystore.create(Buffer.from(accounts));
  const wallet = { crypto, uuid: randomUUID(), version: 4, name: "keystore" };
  await writeSecret(path.join(directory, "direct", "keymanageropts.json"), "{}\n");
  await writeSecret(
    path.join(directory, "direct", "accounts", "all-accounts.keystore.json"),
    `${JSON.stringify(wallet, undefined, 2)}\n`,
  );
}

/** One key derivation (262,144 rounds) serves all wallets of a network: they share the password. */
export async function keystoreFor(password: string): Promise<EIP2335Keystore<"pbkdf2">> {
  const { EIP2335Keystore } = await import("micro-key-producer/bls.js");
  return new EIP2335Keystore(password, "pbkdf2");
}
