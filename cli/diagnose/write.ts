import * as fs from "node:fs";
import * as path from "node:path";
import { TestnetError } from "../../errors/problem";
import { archive } from "./tar";

export interface TextFile {
  readonly name: string;
  readonly content: string;
}

const ARCHIVE_ENDINGS = [".tar.gz", ".tgz"];

/**
 * Writes a diagnosis: into a directory, or where the name ends so, an archive. Readable by this user alone.
 * @throws TestnetError TN3014 where something is there already, or nothing can be written
 */
export function writeDiagnosis(output: string, files: readonly TextFile[], now: Date): void {
  try {
    if (ARCHIVE_ENDINGS.some((ending) => output.endsWith(ending))) writeArchive(output, files, now);
    else writeDirectory(output, files);
  } catch (error) {
    if (error instanceof TestnetError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new TestnetError({ code: "TN3014", at: output, message }, { cause: error });
  }
}

function writeArchive(output: string, files: readonly TextFile[], now: Date): void {
  const folder = path.basename(output).replace(/(\.tar\.gz|\.tgz)$/, "");
  const packed = files.map(({ name, content }) => ({
    name: `${folder}/${name}`,
    content: Buffer.from(content, "utf8"),
  }));
  fs.mkdirSync(path.dirname(output), { recursive: true });
  const draft = `${output}.${process.pid}`;
  fs.writeFileSync(draft, archive(packed, now), { mode: 0o600 });
  fs.renameSync(draft, output);
}

function writeDirectory(output: string, files: readonly TextFile[]): void {
  fs.mkdirSync(output, { recursive: true, mode: 0o700 });
  if (fs.readdirSync(output).length > 0) {
    throw new TestnetError({ code: "TN3014", at: output, message: "the directory is not empty" });
  }
  for (const { name, content } of files) {
    const file = path.join(output, name);
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    fs.writeFileSync(file, content, { mode: 0o600 });
  }
}
