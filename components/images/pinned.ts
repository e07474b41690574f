import { getRegistryImage } from "@pulumi/docker/getRegistryImage";
import type { Provider } from "@pulumi/docker/provider";
import { type Problem, TestnetError } from "../../errors/problem";
import { registryReader } from "./docker";
import { fullName, type ImageReference, parseReference, registryHost } from "./reference";

export interface PinnedImagesArgs {
  /** As they are written: `[host/]path:tag`, or with a digest already. Each is asked for once. */
  readonly references: readonly string[];
  /** Hosts of registries that answer only who has logged in. */
  readonly privateHosts: readonly string[];
  /** The user's own key that a reference stands in, for the words of an error; undefined for our defaults. */
  readonly writtenAt: (reference: string) => string | undefined;
}

/** Images by the reference they are written as: `name:tag@sha256:…`. */
export type PinnedImages = ReadonlyMap<string, string>;

/**
 * Asks registries which image a tag means now, all at the same time. What is deployed is readable and fixed: a tag that was
 * moved is a change of the next preview, and no restarted pod is another program. A reference with a digest stays as it
 * is, and where all have one nobody is asked.
 *
 * The machine that deploys must reach the registries by HTTPS; no Docker runs on it, and nothing is downloaded. Registries
 * with anonymous access need nothing else; for those of `privateHosts` see {@link registryReader}.
 *
 * Asked for with the types of indexes among those accepted, a registry gives the digest of the index where there is one:
 * the list of an image's platforms. Machines of amd64 and arm64 then each pull their own from the one reference.
 *
 * @throws TestnetError TN2021 with every image whose registry gives no digest
 */
export async function pinnedImages(name: string, args: PinnedImagesArgs): Promise<PinnedImages> {
  const wanted = [...new Set(args.references)];
  const open = wanted.filter((reference) => parseReference(reference)?.digest === undefined);
  if (open.length === 0) return new Map(wanted.map((reference) => [reference, reference]));
  const hosts = open.map((reference) => registryHost(reference));
  const reader = registryReader(
    name,
    args.privateHosts.filter((host) => hosts.includes(host)),
  );
  const asked = await Promise.all(open.map((reference) => ask(reference, reader)));
  const problems = asked.flatMap(({ reference, refusal }) =>
    refusal === undefined ? [] : [problemOf(reference, refusal, args.writtenAt(reference))],
  );
  if (problems.length > 0) throw new TestnetError(problems);
  const known = new Map(asked.map(({ reference, pinned }) => [reference, pinned]));
  return new Map(wanted.map((reference) => [reference, known.get(reference) ?? reference]));
}

/** What a registry said of an image. */
interface Asked {
  readonly reference: string;
  readonly pinned?: string;
  /** Why it gave no digest. */
  readonly refusal?: string;
}

async function ask(reference: string, provider: Provider): Promise<Asked> {
  const image = parseReference(reference);
  if (image === undefined) return { reference, refusal: "this names no image" };
  try {
    const { sha256Digest } = await getRegistryImage({ name: query(image) }, { provider });
    if (DIGEST.test(sha256Digest)) return { reference, pinned: `${reference}@${sha256Digest}` };
    return { reference, refusal: `the registry answers with ${JSON.stringify(sha256Digest)}` };
  } catch (error) {
    return { reference, refusal: lastWords(error) };
  }
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

function query({ name, tag = "latest" }: ImageReference): string {
  return `${fullName(name)}:${tag}`;
}

/** What the registry said, without what the engine and the provider say around it. */
function lastWords(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [, words = text] = / from registry: ([^]+)/.exec(text) ?? [];
  return words.replace(/\s+/g, " ").trim() || "it gave no reason";
}

function problemOf(reference: string, refusal: string, at: string | undefined): Problem {
  return {
    code: "TN2021",
    ...(at !== undefined && { at }),
    message: `no digest could be had of the image: ${refusal}`,
    given: reference,
  };
}
