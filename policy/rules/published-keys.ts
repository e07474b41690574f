import { createHash } from "node:crypto";
import published from "../published-keys.json";
import { type Findings, known, matching, resourceRule } from "../rule";

/**
 * Digests of keys, accounts and mnemonics that everybody has, by where they come from: the first half of the SHA-256 of
 * the text in lower case, without `0x`. Digests, so that this pack is no place to copy such a key from.
 */
const PUBLISHED: ReadonlyMap<string, string> = new Map(
  Object.entries(published).flatMap(([origin, digests]) =>
    digests.map((digest) => [digest, origin] as const),
  ),
);
const DIGEST_LENGTH = 24;

/** Shorter texts hold nothing that is looked for; longer ones are files, in which looking takes too long. */
const SHORTEST_TEXT = 16;
const LONGEST_TEXT = 1_000_000;

/** Passwords that come with published keys are a few words, alone in their text. */
const LONGEST_PASSWORD = 40;

/** 40 digits of an account, 64 of a private key, 96 of a validator's public key. */
const HEX = /(?<![0-9a-f])(?:0x)?([0-9a-f]{96}|[0-9a-f]{64}|[0-9a-f]{40})(?![0-9a-f])/gi;
const MNEMONIC = /\b[a-z]{3,8}(?: [a-z]{3,8}){11,23}\b/g;
const MNEMONIC_LENGTHS = [12, 15, 18, 21, 24];
const PRIVATE_KEYS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, "a private key in PEM"],
  [/(?<![1-9A-HJ-NP-Za-km-z])EK[1-9A-HJ-NP-Za-km-z]{50}(?![1-9A-HJ-NP-Za-km-z])/, "a private key of Mina"],
];

/** No key that others have, and no private key at all, is among the inputs of a resource: they end up in the state. */
export const noPublishedKeys = resourceRule(
  {
    name: "no-published-keys",
    description: "No published or private key is in the inputs of a resource.",
    enforcementLevel: "mandatory",
  },
  [matching(/./, ({ props }) => [...new Set(search(props, ""))])],
);

/** Findings name the place and what was found, never the value. */
function search(value: unknown, path: string): Findings {
  if (typeof value === "string") return keysIn(value).map((what) => `${path.slice(1)} holds ${what}`);
  if (typeof value !== "object" || value === null) return [];
  return Object.keys(value).flatMap((key) => [
    // A genesis names its accounts by keys of a mapping.
    ...keysIn(key).map((what) => `a key of ${path.slice(1)} is ${what}`),
    ...search(
      known(() => (value as Record<string, unknown>)[key]),
      Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`,
    ),
  ]);
}

function keysIn(text: string): string[] {
  if (text.length < SHORTEST_TEXT || text.length > LONGEST_TEXT) return [];
  const phrases = text.length <= LONGEST_PASSWORD && text.includes(" ") ? [text] : [];
  const digits = [...text.matchAll(HEX)].map(([, found = ""]) => found);
  const found = [...phrases, ...digits, ...mnemonicsIn(text)]
    .map((candidate) => PUBLISHED.get(digestOf(candidate)))
    .filter((origin) => origin !== undefined);
  const secret = PRIVATE_KEYS.filter(([pattern]) => pattern.test(text)).map(([, what]) => what);
  return [...new Set([...found, ...secret])];
}

/** Every run of words that may be a mnemonic, wherever in a longer run it begins. */
function mnemonicsIn(text: string): string[] {
  return [...text.matchAll(MNEMONIC)].flatMap(([run]) => {
    const words = run.split(" ");
    return MNEMONIC_LENGTHS.flatMap((length) =>
      Array.from({ length: Math.max(0, words.length - length + 1) }, (_, from) =>
        words.slice(from, from + length).join(" "),
      ),
    );
  });
}

function digestOf(text: string): string {
  return createHash("sha256").update(text.trim().toLowerCase()).digest("hex").slice(0, DIGEST_LENGTH);
}
