import { createHash } from "node:crypto";
import { CloudError, type Look, type Made } from "../cloud/model";
import { BUILT, PULLED, TAG } from "./types";

/** What the simulated machine's Docker has: images by name. Nothing is built: digests are made up where none is given. */

export function text(inputs: Made["inputs"], name: string): string {
  const value = inputs[name];
  return typeof value === "string" ? value : "";
}

/** The digest a name ends in; else the same one for one name and revision, as a registry's is for one content. */
export function digestOf(name: string, { revision }: Pick<Made, "revision">): string {
  const [, given] = /@(sha256:[0-9a-f]{64})$/.exec(name) ?? [];
  return given ?? `sha256:${createHash("sha256").update(`${name} ${revision}`).digest("hex")}`;
}

/** The digest of what an image of this machine is called. @throws CloudError where there is none */
export function localDigest(name: string, look: Look): string {
  const digest = find(name, look);
  if (digest !== undefined) return digest;
  throw new CloudError("NotFound", `Error response from daemon: No such image: ${name}`, 404);
}

function find(name: string, look: Look): string | undefined {
  for (const [type, property] of [
    [PULLED, "name"],
    [BUILT, "imageName"],
  ] as const) {
    const image = look.all(type).find(({ inputs }) => inputs[property] === name);
    if (image !== undefined) return digestOf(name, image);
  }
  const tag = look.all(TAG).find(({ inputs }) => inputs["targetImage"] === name);
  return tag && find(text(tag.inputs, "sourceImage"), look);
}
