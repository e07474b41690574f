import { gunzipSync } from "node:zlib";
import type * as pulumi from "@pulumi/pulumi";
import { TestnetError } from "../errors/problem";
import { publish } from "../components/clouds";
import { type Identity, tagsOf } from "../components/component";
import type { SharedFile } from "../components/kubernetes/network/args";
import type { ChainFile, ChainFilesResource } from "../components/local/resources";
import type { Genesis, NetworkPlan } from "../protocols/plan";
import type { JoinFile } from "./cluster-network-outputs";
import type { Site } from "./site";

/** Above this, a file does not fit a ConfigMap with room for others: Kubernetes allows 1 MiB. */
const INLINE_BYTES = 768 * 1024;
const CONFIG_MAP_BYTES = 1024 * 1024;

/** Where a network's shared files are for its pods and for the world. */
export interface SharedFiles {
  readonly shared: readonly SharedFile[];
  readonly join: pulumi.Output<Readonly<Record<string, JoinFile>>>;
  /** Where the world finds them; undefined without a bucket. */
  readonly url: string | undefined;
}

/** Publishes what a network shares; small files come to pods by a ConfigMap, large ones from where they are published. */
export function shareFiles(
  name: string,
  plan: NetworkPlan,
  chain: ChainFilesResource,
  { identity, site, parent }: { identity: Identity; site: Site; parent?: pulumi.Resource },
): SharedFiles {
  const { artifacts } = site;
  const url = artifacts === undefined ? undefined : `${artifacts.facts.joinUrl}/${prefixOf(plan)}`;
  const fileOf = (path: string) => chain.files.apply((files) => requireFile(files, path));
  const paths = pathsOf(plan.genesis);
  if (artifacts !== undefined) {
    for (const { path, isText } of paths) {
      publish(
        `${name}-${path.replace(/[^a-z0-9]+/gi, "-")}`,
        artifacts.facts,
        {
          key: `${prefixOf(plan)}/${publishedName({ path, isText })}`,
          content: fileOf(path).apply(({ gzip }) => (isText ? plain(gzip) : gzip)),
          contentType: "text/plain",
        },
        tagsOf(identity),
        { provider: artifacts.provider, ...(parent !== undefined && { parent }) },
      );
    }
  }
  return {
    url,
    shared: paths.map(({ path, isLarge, isText }) => {
      const file = fileOf(path);
      return {
        path,
        sha256: file.sha256,
        source:
          isLarge && url !== undefined
            ? { kind: "download", url: `${url}/${publishedName({ path, isText })}` }
            : { kind: "inline", gzip: file.gzip.apply((gzip) => fitting(path, gzip)) },
      };
    }),
    join: chain.files.apply((files) =>
      Object.fromEntries(
        paths.map((each) => [each.path, joinFile(each, requireFile(files, each.path), url)]),
      ),
    ),
  };
}

/** A file of the chain by what is known of it before it is made. */
interface KnownFile {
  readonly path: string;
  /** Written by us as text; what tools produce may be anything. */
  readonly isText: boolean;
  /** Too large for a ConfigMap, or nobody knows before it is made: pods fetch it from the bucket where there is one. */
  readonly isLarge: boolean;
}

function pathsOf({ files, runs, published }: Genesis): KnownFile[] {
  const written = files.map(({ path, content }) => ({
    path,
    isText: true,
    isLarge: content.length > INLINE_BYTES,
  }));
  const produced = runs
    .flatMap(({ produces }) => produces)
    .filter((path) => !written.some((file) => file.path === path))
    .map((path) => ({ path, isText: false, isLarge: true }));
  const all = [...written, ...produced];
  return published === undefined ? all : all.filter(({ path }) => published.includes(path));
}

/** What is no text is published as base64 of gzip: the engine uploads texts. */
function publishedName({ path, isText }: { path: string; isText: boolean }): string {
  return isText ? path : `${path}.gz.b64`;
}

/** Every era has files of its own: pods of the old one may still read theirs. */
function prefixOf({ network, era }: NetworkPlan): string {
  return `${network}/era-${era}`;
}

function joinFile(known: KnownFile, { sha256, gzip }: ChainFile, url: string | undefined): JoinFile {
  return {
    sha256,
    gzip: known.isLarge && url !== undefined ? undefined : gzip,
    url: url === undefined ? undefined : `${url}/${publishedName(known)}`,
  };
}

/** Only of use where no bucket is: with one, what may be large is not put into the ConfigMap. */
function fitting(path: string, gzip: string): string {
  const bytes = Buffer.byteLength(gzip, "base64");
  if (bytes <= CONFIG_MAP_BYTES) return gzip;
  throw new TestnetError({
    code: "TN1007",
    at: path,
    message: "the file is too large for the ConfigMap that would bring it to the pods",
    given: `${bytes} bytes packed`,
    allowed: `up to ${CONFIG_MAP_BYTES} bytes; a smaller genesis, or an environment with a bucket`,
  });
}

function plain(gzip: string): string {
  return gunzipSync(Buffer.from(gzip, "base64")).toString("utf8");
}

function requireFile(files: Readonly<Record<string, ChainFile>>, path: string): ChainFile {
  const file = files[path];
  if (file === undefined) throw new Error(`the chain has no file ${path}`);
  return file;
}
