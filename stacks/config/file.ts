import * as fs from "node:fs";
import * as path from "node:path";
import { parseDocument } from "yaml";
import { TestnetError } from "../../errors/problem";
import { parseStackConfig, type RawStackConfig } from "./load";
import { NAMESPACE, type StackConfig, stackName } from "./schema";

/** Stacks that have a `Pulumi.<stack>.yaml` in the folder of the program, sorted. */
export function stacksIn(directory: string): string[] {
  if (!fs.existsSync(directory)) return [];
  return fs
    .readdirSync(directory)
    .map((file) => /^Pulumi\.([^.]+)\.yaml$/.exec(file)?.[1])
    .filter((name): name is string => name !== undefined)
    .sort();
}

export function stackFile(directory: string, stack: string): string {
  return path.join(directory, `Pulumi.${stack}.yaml`);
}

/**
 * Reads and checks a stack's configuration without the engine.
 * @throws TestnetError TN1001 (no file), TN1002 (not YAML), TN1003 to TN1006 (contents), TN1012 (stack name).
 */
export function loadStackConfig(directory: string, stack: string): StackConfig {
  const raw = readStackFile(directory, stack);
  return parseStackConfig({
    environment: raw[`${NAMESPACE}:environment`],
    network: raw[`${NAMESPACE}:network`],
    ...strayKeys(raw),
  });
}

/** Keys of our namespace that nothing reads: misspelt ones must not be ignored. */
function strayKeys(config: Record<string, unknown>): RawStackConfig {
  const ours = Object.entries(config).filter(([key]) => key.startsWith(`${NAMESPACE}:`));
  return Object.fromEntries(ours.map(([key, value]) => [key.slice(NAMESPACE.length + 1), value]));
}

/** @throws TestnetError TN1012 where a text cannot name a stack. */
export function requireStackName(stack: string): void {
  if (stackName.safeParse(stack).success) return;
  throw new TestnetError({
    code: "TN1012",
    message: "this cannot be the name of a stack",
    given: stack,
    allowed: "up to 40 lower-case letters, digits and single hyphens, starting with a letter",
  });
}

function readStackFile(directory: string, stack: string): Record<string, unknown> {
  requireStackName(stack);
  const file = stackFile(directory, stack);
  if (!fs.existsSync(file)) {
    throw new TestnetError({
      code: "TN1001",
      message: `there is no Pulumi.${stack}.yaml in ${directory}`,
      given: stack,
      allowed: stacksIn(directory).join(", ") || "(no stack file yet)",
    });
  }
  return parseStackFile(fs.readFileSync(file, "utf8"), path.basename(file));
}

/** The `config` mapping of a stack file. Exported for tests. */
export function parseStackFile(text: string, fileName: string): Record<string, unknown> {
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    throw new TestnetError(
      document.errors.map((error) => ({
        code: "TN1002" as const,
        at: error.linePos === undefined ? fileName : `${fileName}:${error.linePos[0].line}`,
        message: error.message.split("\n")[0] ?? error.code,
      })),
    );
  }
  const content: unknown = document.toJS();
  const config = isRecord(content) ? (content["config"] ?? {}) : content;
  if (!isRecord(content) || !isRecord(config)) {
    throw new TestnetError({
      code: "TN1005",
      at: fileName,
      message: "a stack file is a mapping with the key `config`",
      given: content,
      allowed: "config: { testnet:environment: …, testnet:network: … }",
    });
  }
  return config;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
