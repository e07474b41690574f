import { createHash } from "node:crypto";
import * as path from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { type Problem, TestnetError } from "../../errors/problem";
import type { JoinFile, JoinOutputs } from "./outputs";
import { joinReadme } from "./readme";

/** A file of a join bundle. */
export interface BundleFile {
  /** Relative to the bundle's directory, with forward slashes. */
  readonly path: string;
  readonly content: Buffer;
  /** 64 hex digits. */
  readonly sha256: string;
}

/** Name of the list of checksums, in the format of `sha256sum`. */
export const CHECKSUMS = "SHA256SUMS";
export const PEERS = "peers.txt";
export const README = "README.md";

const OURS: readonly string[] = [CHECKSUMS, PEERS, README];

/** No file of a chain is near this; what is larger is not what it says. */
const MOST_BYTES = 1024 ** 3;
const TIMEOUT_MS = 120_000;

/**
 * The whole bundle, every file checked against its checksum before anything is handed on.
 * @throws TestnetError with every problem at once: TN2019 for what does not match, TN2020 for what cannot be had
 */
export async function joinBundle(outputs: JoinOutputs): Promise<BundleFile[]> {
  const { files, peers } = outputs.join;
  const names = Object.keys(files).sort();
  const problems: Problem[] = names.filter((name) => !isInside(name)).map(outside);
  if (problems.length > 0) throw new TestnetError(problems);
  const fetched = await Promise.all(
    names.map(async (name) => {
      try {
        return [await bundleFile(name, files[name] as JoinFile)];
      } catch (error) {
        if (!(error instanceof TestnetError)) throw error;
        problems.push(...error.problems);
        return [];
      }
    }),
  );
  if (problems.length > 0) throw new TestnetError(problems);
  const chain = fetched.flat();
  const own = [
    named(PEERS, peers.map((peer) => `${peer}\n`).join("")),
    named(README, joinReadme(outputs, [PEERS, ...chain.map((file) => file.path)])),
  ];
  const all = [...chain, ...own];
  return [...all, named(CHECKSUMS, all.map((file) => `${file.sha256}  ${file.path}\n`).join(""))];
}

/** A name comes from outside: it must not lead out of the directory, nor hide a file of ours. */
function isInside(name: string): boolean {
  const parts = name.split("/");
  const isPlain = parts.every((part) => /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(part));
  return isPlain && path.posix.normalize(name) === name && !OURS.includes(name);
}

function outside(name: string): Problem {
  return {
    code: "TN2019",
    at: name,
    message: "a file of the bundle has a name that is not allowed",
    allowed: "letters, digits, dots, hyphens and underscores, in directories below the bundle",
  };
}

function named(name: string, text: string): BundleFile {
  const content = Buffer.from(text, "utf8");
  return { path: name, content, sha256: sha256Of(content) };
}

async function bundleFile(name: string, { sha256, gzip, url }: JoinFile): Promise<BundleFile> {
  const content = gzip === undefined ? await download(name, url) : await unpacked(name, gzip);
  const found = sha256Of(content);
  if (found === sha256) return { path: name, content, sha256 };
  throw new TestnetError({
    code: "TN2019",
    at: name,
    message: `the file is not the network's${gzip === undefined ? `, as it came from ${url ?? ""}` : ""}`,
    given: found,
    allowed: sha256,
  });
}

async function download(name: string, url: string | undefined): Promise<Buffer> {
  if (url === undefined) throw unavailable(name, "it is neither in the outputs nor published");
  let bytes: Buffer;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw unavailable(name, `${url} answers ${response.status}`);
    bytes = Buffer.from(await response.arrayBuffer());
  } catch (error) {
    if (error instanceof TestnetError) throw error;
    throw unavailable(name, `${url} does not answer: ${reasonOf(error)}`, error);
  }
  // What is no text is published as base64 of gzip.
  return url.endsWith(".gz.b64") ? unpacked(name, bytes.toString("utf8")) : bytes;
}

async function unpacked(name: string, base64: string): Promise<Buffer> {
  try {
    return await promisify(gunzip)(Buffer.from(base64, "base64"), { maxOutputLength: MOST_BYTES });
  } catch (error) {
    const message = "the file is damaged: it is no base64 of gzip";
    throw new TestnetError({ code: "TN2019", at: name, message }, { cause: error });
  }
}

function unavailable(name: string, message: string, cause?: unknown): TestnetError {
  return new TestnetError({ code: "TN2020", at: name, message }, { cause });
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}

function sha256Of(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
