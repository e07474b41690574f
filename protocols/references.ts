/**
 * References stand in plan strings for what only the target knows when a daemon starts, so that a plan needs no keys,
 * no paths and no clock, and a changed key changes no plan:
 *
 * - `{{data}}`          the daemon's own data directory
 * - `{{shared}}`        the network's directory of shared files (genesis and the like)
 * - `{{secret NAME}}`   path of a private file of the network, readable by its owner only
 * - `{{enode NAME}}`, `{{enr NAME}}`, `{{peer-id NAME}}`, `{{address NAME/INDEX}}`   public parts of keys
 * - `{{deposits}}`      JSON list of the deposits of all validators of the network, in the order of their keys
 * - `{{genesis-time}}`, `{{genesis-iso}}`  the chain's first slot, as Unix seconds and as `2026-11-21T12:00:00Z`
 * - `{{secret-value NAME}}`  in `env` only: the content of that file
 * - `{{public-key NAME}}`   public part of a key of Mina
 * - `{{external-ip}}`   in clusters: the address that peers reach the daemon at
 * - `{{seed-ip NAME}}`  in clusters: the reserved address of a seed
 *
 * A daemon is given the private files that its strings name, and no others. A key NAME of several files has them below
 * it (`NAME/key`), so what a reference names up to its first slash is the name of a KeyRequest.
 */
export type Reference = { readonly kind: PlainKind } | { readonly kind: NamedKind; readonly name: string };

type PlainKind = "data" | "shared" | "deposits" | "genesis-time" | "genesis-iso" | "external-ip";
type NamedKind =
  "secret" | "secret-value" | "enode" | "enr" | "peer-id" | "public-key" | "address" | "seed-ip";

const PATTERN = /\{\{([a-z-]+)(?: ([^}\s]+))?\}\}/g;
const PLAIN = new Set<string>([
  "data",
  "shared",
  "deposits",
  "genesis-time",
  "genesis-iso",
  "external-ip",
] satisfies PlainKind[]);
const NAMED = new Set<string>([
  "secret",
  "secret-value",
  "enode",
  "enr",
  "peer-id",
  "public-key",
  "address",
  "seed-ip",
] satisfies NamedKind[]);

/** Constructors, so that no plan writes the braces by hand. */
export const ref = {
  data: "{{data}}",
  shared: "{{shared}}",
  deposits: "{{deposits}}",
  genesisTime: "{{genesis-time}}",
  genesisIso: "{{genesis-iso}}",
  externalIp: "{{external-ip}}",
  secret: (name: string) => `{{secret ${name}}}`,
  enode: (name: string) => `{{enode ${name}}}`,
  enr: (name: string) => `{{enr ${name}}}`,
  secretValue: (name: string) => `{{secret-value ${name}}}`,
  publicKey: (name: string) => `{{public-key ${name}}}`,
  seedIp: (name: string) => `{{seed-ip ${name}}}`,
  peerId: (name: string) => `{{peer-id ${name}}}`,
  address: (name: string, index: number) => `{{address ${name}/${index}}}`,
} as const;

/** Replaces every reference of a text. Throws on a malformed one: it would otherwise reach a client's command line. */
export function resolve(text: string, lookup: (reference: Reference) => string): string {
  return text.replace(PATTERN, (whole, kind: string, name: string | undefined) => {
    const reference = parse(kind, name);
    if (reference === undefined) throw new Error(`malformed reference ${whole}`);
    return lookup(reference);
  });
}

/** All references of a text, in order. */
export function references(text: string): Reference[] {
  const found: Reference[] = [];
  resolve(text, (reference) => {
    found.push(reference);
    return "";
  });
  return found;
}

function parse(kind: string, name: string | undefined): Reference | undefined {
  if (PLAIN.has(kind) && name === undefined) return { kind } as Reference;
  if (NAMED.has(kind) && name !== undefined) return { kind, name } as Reference;
  return undefined;
}
