import * as fs from "node:fs";
import * as path from "node:path";
import { type Problem, TestnetError } from "../../errors/problem";
import { parseStackFile, stackFile } from "../../stacks/config/file";

/** The `config` of a stack file, for the engine of a rehearsal. @throws TestnetError TN1013 where it holds what cannot be read */
export function rehearsalConfig(directory: string, stack: string): Record<string, unknown> {
  const file = stackFile(directory, stack);
  const config = parseStackFile(fs.readFileSync(file, "utf8"), path.basename(file));
  const encrypted = Object.entries(config).filter(([, value]) => isEncrypted(value));
  if (encrypted.length > 0) throw new TestnetError(encrypted.map(([key]) => cannotDecrypt(key)));
  return { ...(expiresUncounted(config) && { "testnet:created": new Date().toISOString() }), ...config };
}

/** Whether a network expires whose creation is not written down yet: a rehearsal makes it now. */
function expiresUncounted(config: Readonly<Record<string, unknown>>): boolean {
  const network = config["testnet:network"] as { readonly expires?: unknown } | undefined;
  const { expires } = network ?? {};
  return expires !== undefined && expires !== "never" && !("testnet:created" in config);
}

function isEncrypted(value: unknown): boolean {
  return typeof value === "object" && value !== null && "secure" in value;
}

function cannotDecrypt(key: string): Problem {
  const message = "a rehearsal has no key to the secrets of the real stack";
  return { code: "TN1013", at: key, message, allowed: "values in clear" };
}
