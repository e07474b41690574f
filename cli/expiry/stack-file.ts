import * as fs from "node:fs";
import { isMap, isPair, isScalar, parseDocument, Scalar, stringify, type YAMLMap } from "yaml";
import { stackFile } from "../../stacks/config/file";
import type { NetworkOrigin } from "../../stacks/kind";

/** Changes texts of a stack file by their path below `config`, and nothing else of it. The file is never there in part. */
export function editStackFile(
  directory: string,
  stack: string,
  changes: readonly (readonly [path: readonly string[], value: string])[],
): void {
  const file = stackFile(directory, stack);
  const before = fs.readFileSync(file, "utf8");
  const after = changes.reduce((text, [path, value]) => withText(text, ["config", ...path], value), before);
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, after);
  fs.renameSync(draft, file);
}

/**
 * A YAML text with another value at a path; comments, order and layout stay. A key that is not there comes first in its
 * mapping. Pure.
 */
export function withText(text: string, path: readonly string[], value: string): string {
  const document = parseDocument(text);
  const node = document.getIn(path, true);
  const written = scalarText(value);
  if (isScalar(node) && node.range) return text.slice(0, node.range[0]) + written + text.slice(node.range[1]);
  const parent: unknown = document.getIn(path.slice(0, -1), true);
  const key = path.at(-1) ?? "";
  const start = isMap(parent) && parent.flow !== true ? startOf(parent) : undefined;
  if (start === undefined) {
    document.setIn(path, scalarOf(value));
    return tidyYaml(document.toString({ lineWidth: 0 }));
  }
  const indent = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  return `${text.slice(0, start)}${key}: ${written}\n${indent}${text.slice(start)}`;
}

/** Where the first key of a block begins. */
function startOf({ items }: YAMLMap): number | undefined {
  const [first] = items;
  const key: unknown = isPair(first) ? first.key : undefined;
  return isScalar(key) ? key.range?.[0] : undefined;
}

/** The engine takes a bare moment for a time and writes it in its own way: it is quoted. */
export function scalarOf(value: string): Scalar {
  const scalar = new Scalar(value);
  if (/^\d{4}-\d{2}-/.test(value)) scalar.type = "QUOTE_DOUBLE";
  return scalar;
}

function scalarText(value: string): string {
  return stringify(scalarOf(value)).trim();
}

/** Lists on one line without blanks inside their brackets, as the stack files of this repository are written. Pure. */
export function tidyYaml(text: string): string {
  const lines = text.split("\n").map((line) => {
    if (!/\[ | \]/.test(line)) return line;
    // Quoted texts and comments stay as they are.
    const parts = line.match(/"(?:[^"\\]|\\.)*"|'[^']*'|\s#.*$|[^"'#]+|./g) ?? [];
    return parts
      .map((part) => (/^["']|^\s#/.test(part) ? part : part.replace(/\[ +/g, "[").replace(/ +\]/g, "]")))
      .join("");
  });
  return lines.join("\n");
}

/** Writes down the creation of a network that expires, once. Tells whether it was written now. */
export function writeCreation(
  directory: string,
  stack: string,
  { created, network }: NetworkOrigin & { readonly network: { readonly expires: string } },
  now: Date,
): boolean {
  if (created !== undefined || network.expires === "never") return false;
  editStackFile(directory, stack, [[["testnet:created"], now.toISOString()]]);
  return true;
}
