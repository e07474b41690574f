import type { EIP2335Keystore } from "micro-key-producer/bls.js";
import type { ValidatorKey } from "./validators";

/** Clients that read a directory of EIP-2335 keystores and one of passwords. */
export type KeystoreFormat = "lighthouse" | "teku" | "nimbus" | "lodestar";

/** Where each client looks for the keystore, and for the password, of a public key (`KEY`, in hex). */
const LAYOUTS: Readonly<Record<KeystoreFormat, { readonly keystore: string; readonly password: string }>> = {
  lighthouse: { keystore: "0xKEY/voting-keystore.json", password: "0xKEY" },
  lodestar: { keystore: "0xKEY/voting-keystore.json", password: "0xKEY" },
  nimbus: { keystore: "0xKEY/keystore.json", password: "0xKEY" },
  teku: { keystore: "KEY.json", password: "KEY.txt" },
};

/**
 * The files of a validator client, by path: keystores below `keys/`, passwords below `secrets/`.
 * @param keys with their index in the mnemonic of the network, which tells the path of EIP-2334
 */
export function keystoreFiles(
  format: KeystoreFormat,
  keys: readonly (ValidatorKey & { readonly index: number })[],
  keystore: EIP2335Keystore<"pbkdf2">,
  password: string,
): Record<string, string> {
  const layout = LAYOUTS[format];
  const files: Record<string, string> = {};
  for (const { index, privateKey, publicKey } of keys) {
    const name = Buffer.from(publicKey).toString("hex");
    const path = `m/12381/3600/${index}/0/0`;
    files[`keys/${layout.keystore.replace("KEY", name)}`] = JSON.stringify(
      keystore.create(privateKey, path, "", publicKey),
    );
    files[`secrets/${layout.password.replace("KEY", name)}`] = password;
  }
  return files;
}

/** Public keys whose keystores of a format are among the files, as 0x hex. */
export function keysOfFiles(format: KeystoreFormat, files: readonly string[]): string[] {
  const pattern = new RegExp(
    `^keys/${LAYOUTS[format].keystore.replace(".", "\\.").replace("KEY", "([0-9a-f]{96})")}$`,
  );
  return files.flatMap((file) => {
    const key = pattern.exec(file)?.[1];
    return key === undefined ? [] : [`0x${key}`];
  });
}
