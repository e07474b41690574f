/**
 * All private files of one pod: what lies in one secret of a secret manager, as JSON. Files have the names that references
 * of the plan give them; content that is no text stands as `base64:…`.
 */
export interface Bundle {
  readonly version: 1;
  readonly files: Readonly<Record<string, string>>;
}

/** How content that is no text begins. */
export const BINARY = "base64:";

/** What AWS Secrets Manager and GCP Secret Manager take at most: 64 KiB. */
export const MAX_BUNDLE_BYTES = 65_536;

/** The secret's value. Equal bundles have equal texts. */
export function encodeBundle({ files }: Bundle): string {
  return JSON.stringify({ version: 1, files: sortedByName(files) });
}

/** The bundle again; undefined where the text is none of this version. Never shows the text: it is a secret. */
export function decodeBundle(text: string): Bundle | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return isBundle(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A copy whose names are in order, the same on every machine. */
export function sortedByName<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  const entries = Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries);
}

function isBundle(value: unknown): value is Bundle {
  if (typeof value !== "object" || value === null) return false;
  const { version, files } = value as { version?: unknown; files?: unknown };
  if (version !== 1 || typeof files !== "object" || files === null) return false;
  return Object.values(files).every((content) => typeof content === "string");
}
