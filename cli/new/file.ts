import * as fs from "node:fs";
import * as path from "node:path";
import { type Document, isMap, isNode, isPair, parseDocument } from "yaml";
import { stackFile } from "../../stacks/config/file";
import { PROGRAM_DIRECTORY } from "../context";

import { scalarOf, tidyYaml } from "../expiry/stack-file";
import { setImages } from "./images";
import type { NewNetwork } from "./request";
import { settingsOf } from "./sizes";

/** What else goes into the file of a new network. */
export interface FileFacts {
  readonly created: Date;
  /** Peers' first port; undefined on this machine, where ports are given out by `up`. */
  readonly portsFrom: number | undefined;
}

const SCHEMA = path.join(PROGRAM_DIRECTORY, "stacks", "config", "stack.schema.json");

/**
 * The stack file of a new network: what differs from the defaults, with comments.
 * @throws TestnetError TN1006 for an image of what it does not run
 */
export function newStackFile(directory: string, network: NewNetwork, facts: FileFacts): string {
  const { from } = network;
  const document =
    from === undefined
      ? freshDocument(network)
      : parseDocument(fs.readFileSync(stackFile(directory, from), "utf8"));
  forgetHeader(document);
  // Of one stack and one machine only.
  for (const key of ["encryptionsalt", "encryptedkey", "secretsprovider"]) document.delete(key);
  for (const key of ["testnet:paused", "testnet:protect"]) document.deleteIn(["config", key]);
  place(document, network);
  origin(document, network, facts);
  setImages(document, network.images);
  document.commentBefore = header(directory, network);
  return tidyYaml(document.toString({ lineWidth: 0 }));
}

/** The comments above everything: they are about another stack. */
function forgetHeader({ contents }: Document): void {
  if (!isNode(contents)) return;
  contents.commentBefore = null;
  const [first] = isMap(contents) ? contents.items : [];
  if (isPair(first) && isNode(first.key)) first.key.commentBefore = null;
}

/** The name of an environment alone is set; what a kubeconfig says of itself is one mapping. */
function place(document: Document, { place: where, from }: NewNetwork): void {
  const key = ["config", "testnet:environment"];
  const given: unknown = document.getIn(key);
  if (typeof where === "string") document.setIn(key, where);
  else if (from === undefined || !isMap(given)) document.setIn(key, document.createNode(where));
  if (where === "local") document.deleteIn(["config", "pulumi:disable-default-providers"]);
}

function origin(document: Document, { owner, expires, place: where }: NewNetwork, facts: FileFacts): void {
  const { created, portsFrom } = facts;
  document.setIn(["config", "testnet:owner"], owner);
  document.setIn(["config", "testnet:created"], scalarOf(created.toISOString()));
  const network = (key: string) => ["config", "testnet:network", key];
  document.deleteIn(network("era"));
  document.deleteIn(network("ports"));
  if (expires !== undefined) {
    document.setIn(network("expires"), expires);
  }
  if (portsFrom !== undefined) {
    const ports = document.createNode({ from: portsFrom });
    if (isMap(ports)) ports.flow = true;
    const on = typeof where === "string" ? where : where.context;
    ports.comment = ` no other network of ${on} uses these`;
    document.setIn(network("ports"), ports);
  }
}

function freshDocument({ protocol, place: where, size }: NewNetwork): Document {
  const local = where === "local";
  const settings = protocol === undefined ? {} : { protocol, ...settingsOf(protocol, size, local) };
  const document = parseDocument("config:\n  placeholder: 0\n");
  document.deleteIn(["config", "placeholder"]);
  if (!local) {
    const none = document.createNode(["*"]);
    none.flow = true;
    document.setIn(["config", "pulumi:disable-default-providers"], none);
  }
  for (const key of ["environment", "owner", "created"]) document.setIn(["config", `testnet:${key}`], "");
  document.setIn(
    ["config", "testnet:network"],
    document.createNode(settings, { aliasDuplicateObjects: false }),
  );
  return document;
}

function header(directory: string, { name, protocol, size, from, place: where }: NewNetwork): string {
  const schema = path.relative(directory, SCHEMA).split(path.sep).join("/");
  const what =
    from === undefined ? `A ${size} network of ${protocol ?? ""}` : `A network with the settings of ${from}`;
  const on =
    where === "local" ? "on this machine" : `on ${typeof where === "string" ? where : where.context}`;
  return [
    ` yaml-language-server: $schema=${schema.startsWith(".") ? schema : `./${schema}`}`,
    ` ${what} ${on}. What is not here has its default.`,
    ` \`expires\` counts from \`testnet:created\`. More time: npx testnet extend ${name} 4 hours`,
  ].join("\n");
}
