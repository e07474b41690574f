/** An image as people write it: `[host/]path[:tag][@sha256:…]`. */
export interface ImageReference {
  /** With its registry where one is named, without tag. */
  readonly name: string;
  readonly tag: string | undefined;
  /** `sha256:…` */
  readonly digest: string | undefined;
}

const REFERENCE =
  /^((?:[a-z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:(?:[._/]|__|-+)[a-z0-9]+)*)(?::(\w[\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/;

/** What Docker itself takes for Docker Hub. */
const HUB_NAMES = ["docker.io", "index.docker.io", "registry-1.docker.io"];

/** Where the API of Docker Hub is. At the name that everybody writes, docker.io, there is a web site. */
const HUB = "registry-1.docker.io";

/** Takes a reference apart; undefined where it is none. */
export function parseReference(text: string): ImageReference | undefined {
  const [, name, tag, digest] = REFERENCE.exec(text) ?? [];
  return name === undefined ? undefined : { name, tag, digest };
}

/** Host of the registry that serves an image, by Docker's rules: a first part without dot or port is no host. */
export function registryHost(name: string): string {
  const [first = "", ...rest] = name.split("/");
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  return isHost && !HUB_NAMES.includes(first) ? first : HUB;
}

/** The whole name of an image, its registry's real host first. Images of Docker Hub without an owner are those of `library`. */
export function fullName(name: string): string {
  const host = registryHost(name);
  if (host !== HUB) return name;
  const [first = "", ...rest] = name.split("/");
  const path = HUB_NAMES.includes(first) && rest.length > 0 ? rest : [first, ...rest];
  return [HUB, ...(path.length === 1 ? ["library"] : []), ...path].join("/");
}
