import { TestnetError } from "../../errors/problem";
import { parseReference } from "./reference";

/** An image somewhere else, by what it is and not by what it is called today. */
export interface ImageSource {
  /** With its registry, without tag. */
  readonly name: string;
  readonly tag: string | undefined;
  /** `sha256:…` */
  readonly digest: string;
}

const TAG = /^\w[\w.-]{0,127}$/;
const COMMIT = /^[0-9a-f]{7,64}$/;

/** Takes `name[:tag]@sha256:…` apart. @throws TN1024 where there is no digest */
export function parseSource(at: string, source: string): ImageSource {
  const { name, tag, digest } = parseReference(source) ?? {};
  if (name !== undefined && digest !== undefined) return { name, tag, digest };
  throw new TestnetError({
    code: "TN1024",
    at: `${at}.source`,
    message: "the image is not given by its digest",
    given: source,
    allowed: "name[:tag]@sha256: and 64 hex digits",
  });
}

/** The tag an image gets. @throws TN1006, or TN1024 where there is none */
export function tagOf(at: string, { tag: own }: ImageSource, given: string | undefined): string {
  const tag = given ?? own;
  if (tag === undefined) {
    throw new TestnetError({
      code: "TN1024",
      at: `${at}.source`,
      message: "the image has a digest but no tag",
      allowed: "name:tag@sha256:…, or a tag beside it",
    });
  }
  return matching(TAG, tag, `${at}.tag`, "up to 128 letters, digits, `_`, `.` and `-`");
}

/** The tag of an image that is built. @throws TN1006 */
export function commitOf(at: string, commit: string): string {
  return matching(COMMIT, commit, `${at}.commit`, "a commit: 7 to 64 hex digits");
}

function matching(pattern: RegExp, text: string, at: string, allowed: string): string {
  if (pattern.test(text)) return text;
  throw new TestnetError({
    code: "TN1006",
    at,
    message: "an image cannot be tagged so",
    given: text,
    allowed,
  });
}
