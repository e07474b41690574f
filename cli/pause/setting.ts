import * as fs from "node:fs";
import { isMap, isScalar, parseDocument, type Scalar, type YAMLMap } from "yaml";
import { TestnetError } from "../../errors/problem";
import { loadStackConfig, stackFile } from "../../stacks/config/file";
import { type ClusterNetworkStack, kindOf } from "../../stacks/kind";

/** A setting of a stack file, by its path below `config`. */
export interface Setting {
  readonly path: readonly string[];
  /** Undefined takes the key away. */
  readonly value: boolean | number | undefined;
}

/**
 * Writes a setting of a network in clusters into its stack file, and reads the file again. The file is never there in part.
 * @throws TestnetError TN2046 where it cannot be written
 */
export function changeSetting(directory: string, stack: string, setting: Setting): ClusterNetworkStack {
  const file = stackFile(directory, stack);
  try {
    const draft = `${file}.${process.pid}`;
    fs.writeFileSync(draft, withSetting(fs.readFileSync(file, "utf8"), setting));
    fs.renameSync(draft, file);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new TestnetError({ code: "TN2046", at: file, message }, { cause: error });
  }
  const found = kindOf(loadStackConfig(directory, stack));
  if (found.kind === "cluster network") return found;
  throw new Error(`${stack} is a network in clusters no more`);
}

/** The text of a stack file with another value of one key; comments, order and layout stay. Pure. */
export function withSetting(text: string, { path, value }: Setting): string {
  const document = parseDocument(text);
  const where = ["config", ...path];
  const parent: unknown = document.getIn(where.slice(0, -1), true);
  const key = path.at(-1) ?? "";
  const found = isMap(parent) ? keyIn(parent, key) : undefined;
  const node: unknown = document.getIn(where, true);
  if (value !== undefined && isScalar(node) && node.range) {
    return text.slice(0, node.range[0]) + String(value) + text.slice(node.range[1]);
  }
  if (isMap(parent) && parent.flow !== true) {
    if (value === undefined) return found === undefined ? text : withoutLine(text, found);
    const first = firstKey(parent);
    if (first !== undefined) return withLine(text, first, `${key}: ${value}`);
  }
  if (value === undefined) document.deleteIn(where);
  else document.setIn(where, value);
  return document.toString({ lineWidth: 0 });
}

/** Where a key of a mapping begins. */
function keyIn({ items }: YAMLMap, key: string): number | undefined {
  const pair = items.find((one) => isScalar(one.key) && one.key.value === key);
  return (pair?.key as Scalar | undefined)?.range?.[0];
}

function firstKey({ items }: YAMLMap): number | undefined {
  const [first] = items;
  return isScalar(first?.key) ? first.key.range?.[0] : undefined;
}

/** A line before the one that begins there, as far to the right. */
function withLine(text: string, start: number, line: string): string {
  const indent = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  return `${text.slice(0, start)}${line}\n${indent}${text.slice(start)}`;
}

function withoutLine(text: string, start: number): string {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const end = text.indexOf("\n", start);
  return text.slice(0, from) + (end < 0 ? "" : text.slice(end + 1));
}
