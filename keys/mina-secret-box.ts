import { randomBytes } from "node:crypto";

/**
 * Mina's file of a private key: JSON of an XSalsa20-Poly1305 box, whose key is made of a password by Argon2i. Binary parts
 * are Base58Check with a version byte of their own (mina: src/lib/secrets/secret_box.ml, base58_check/version_bytes.ml).
 */
interface SecretBox {
  readonly box_primitive: "xsalsa20poly1305";
  readonly pw_primitive: "argon2i";
  readonly nonce: string;
  readonly pwsalt: string;
  /** Memory in bytes, and passes over it. */
  readonly pwdiff: readonly [number, number];
  readonly ciphertext: string;
}

/** Version byte of the box's parts. */
const BOX_PART = 0x02;

/**
 * How hard a password is to guess: 64 KiB and 3 passes. Mina itself takes 128 MiB and 6, for words that people think of; ours
 * are 256 random bits, which nobody guesses. Mina reads the figures from the file, and libsodium takes 8 KiB and 3 passes at least.
 */
const DIFFICULTY = [64 * 1024, 3] as const;

/** The key does not open with this password, or the file is damaged: nobody can tell which. */
export class WrongPassword extends Error {
  override readonly name = "WrongPassword";

  constructor() {
    super("the password does not open this key, or its file is damaged");
  }
}

/** A fresh password: 256 random bits as hex. */
export function freshPassword(): string {
  return randomBytes(32).toString("hex");
}

/** Encrypts the content of a key file. */
export async function sealSecretBox(content: Uint8Array, password: string): Promise<string> {
  const nonce = randomBytes(24);
  const salt = randomBytes(16);
  const cipher = await cipherOf(password, salt, nonce, DIFFICULTY);
  const box: SecretBox = {
    box_primitive: "xsalsa20poly1305",
    pw_primitive: "argon2i",
    nonce: await encode(BOX_PART, nonce),
    pwsalt: await encode(BOX_PART, salt),
    pwdiff: DIFFICULTY,
    ciphertext: await encode(BOX_PART, cipher.encrypt(content)),
  };
  return JSON.stringify(box);
}

/**
 * Decrypts a key file, of Mina's own making too.
 * @throws WrongPassword
 */
export async function openSecretBox(file: string, password: string): Promise<Uint8Array> {
  const box = JSON.parse(file) as Record<keyof SecretBox, unknown>;
  if (box.box_primitive !== "xsalsa20poly1305" || box.pw_primitive !== "argon2i") {
    throw new Error("this is no key file of Mina");
  }
  const { nonce, pwsalt, pwdiff, ciphertext } = box as unknown as SecretBox;
  const cipher = await cipherOf(
    password,
    await decode(BOX_PART, pwsalt),
    await decode(BOX_PART, nonce),
    pwdiff,
  );
  const content = await decode(BOX_PART, ciphertext);
  try {
    return cipher.decrypt(content);
  } catch {
    throw new WrongPassword();
  }
}

async function cipherOf(
  password: string,
  salt: Uint8Array,
  nonce: Uint8Array,
  [memory, passes]: SecretBox["pwdiff"],
) {
  const [{ argon2i }, { xsalsa20poly1305 }] = await Promise.all([
    import("@noble/hashes/argon2.js"),
    import("@noble/ciphers/salsa.js"),
  ]);
  const key = argon2i(Buffer.from(password), salt, { t: passes, m: memory / 1024, p: 1, dkLen: 32 });
  return xsalsa20poly1305(key, nonce);
}

/** Base58Check of a version byte and content. */
export async function encode(version: number, content: Uint8Array): Promise<string> {
  return (await base58check()).encode(Buffer.concat([Uint8Array.of(version), content]));
}

/** The content again. @throws where checksum or version are others */
export async function decode(version: number, text: string): Promise<Uint8Array> {
  const bytes = (await base58check()).decode(text);
  if (bytes[0] !== version) throw new Error(`version byte ${version} is wanted, found ${bytes[0] ?? "none"}`);
  return bytes.subarray(1);
}

async function base58check() {
  const [{ createBase58check }, { sha256 }] = await Promise.all([
    import("@scure/base"),
    import("@noble/hashes/sha2.js"),
  ]);
  return createBase58check(sha256);
}
