import { isMap, isPair, isScalar, isSeq, parseDocument, Scalar } from "yaml";

/** What stands in the place of what nobody may read. */
export const REMOVED = "[removed]";

/** Keys whose values are taken for secrets, whatever they hold. Keys of clusters, pods and volumes are none. */
const SECRET_KEY =
  /(passw(or)?d|passphrase|secret|token|mnemonic|private|credential|api[-_]?key|access[-_]?key|webhook|jwt|salt|auth)/i;

/** Texts that look like a secret wherever they stand. */
const SECRET_TEXTS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, REMOVED],
  // user:password@host
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@:]+:[^\s/@]+@/gi, `$1${REMOVED}@`],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/g, `$1 ${REMOVED}`],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/g, REMOVED],
  [/\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*/g, REMOVED],
  // "password": "…", --password=…, jwt-secret: …
  [
    /((?:passw(?:or)?d|passphrase|mnemonic|private[-_ ]?key|secret[-_ ]?key|jwt[-_ ]?secret|api[-_ ]?key|access[-_ ]?token)["']?\s*[=:]\s*)("[^"\n]*"|'[^'\n]*'|[^\s,;}"']+)/gi,
    `$1${REMOVED}`,
  ],
];

/** Shorter texts are words, and would tear holes into everything. */
const SHORTEST_SECRET = 8;

/**
 * A text without secrets: those that are known, wherever they stand, and what looks like one. Pure.
 * @param known values that must not be found, e.g. tokens of this machine
 */
export function scrub(text: string, known: readonly string[]): string {
  const long = known.filter((one) => one.length >= SHORTEST_SECRET).sort((a, b) => b.length - a.length);
  const without = long.reduce((left, secret) => left.split(secret).join(REMOVED), text);
  return SECRET_TEXTS.reduce((left, [pattern, instead]) => left.replace(pattern, instead), without);
}

/** A stack file without encrypted values and without the values of keys that tell of a secret. Comments stay. Pure. */
export function scrubStackFile(text: string): string {
  const document = parseDocument(text);
  const mistakes = document.errors.length;
  if (mistakes > 0) return `# The file is no YAML and is left out: ${mistakes} errors\n`;
  hide(document.contents);
  return document.toString({ lineWidth: 0 });
}

function hide(node: unknown): void {
  if (isSeq(node)) node.items.forEach(hide);
  if (!isMap(node)) return;
  for (const pair of node.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : "";
    const isEncrypted = key === "secure";
    // A mapping under such a name is looked through: `secrets: { driver: … }` tells nothing by itself.
    const isSecretValue =
      SECRET_KEY.test(key.split(":").at(-1) ?? key) && !isMap(pair.value) && !isSeq(pair.value);
    if (isPair(pair) && (isEncrypted || isSecretValue)) pair.value = new Scalar(REMOVED);
    else hide(pair.value);
  }
}
