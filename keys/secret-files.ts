import * as fs from "node:fs/promises";
import * as path from "node:path";

/** Writes a file only its owner may read, whole or not at all. */
export async function writeSecret(file: string, content: string | Uint8Array): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.tmp`;
  await fs.writeFile(draft, content, { mode: 0o600 });
  await fs.rename(draft, file);
}

/** The file's text; made by `make` first where it does not exist. An existing secret never changes. */
export async function secretOr(file: string, make: () => string | Promise<string>): Promise<string> {
  try {
    return await fs.readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const secret = await make();
  await writeSecret(file, secret);
  return secret;
}

export async function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}
