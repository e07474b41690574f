import * as fs from "node:fs";
import * as path from "node:path";
import { TestnetError } from "../../errors/problem";
import { type BundleFile, CHECKSUMS } from "./bundle";

/**
 * Writes a bundle. An older bundle there is replaced; anything else is left alone. The checksums come last, so that a
 * directory that has them is whole.
 * @throws TestnetError TN1014 where the directory holds something else, TN2020 where it cannot be written
 */
export function writeBundle(directory: string, files: readonly BundleFile[]): void {
  const present = entriesOf(directory);
  if (present.length > 0 && !present.includes(CHECKSUMS)) {
    throw new TestnetError({
      code: "TN1014",
      at: "--output",
      message: "the directory holds something else than a join bundle",
      given: directory,
      allowed: "a new directory, an empty one, or that of an older bundle",
    });
  }
  try {
    fs.rmSync(path.join(directory, CHECKSUMS), { force: true });
    const last = files.filter((file) => file.path === CHECKSUMS);
    for (const file of [...files.filter((one) => one.path !== CHECKSUMS), ...last]) {
      const target = path.join(directory, file.path);
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.writeFileSync(target, file.content);
    }
  } catch (error) {
    throw unwritable(directory, error);
  }
}

function entriesOf(directory: string): string[] {
  try {
    return fs.readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw unwritable(directory, error);
  }
}

function unwritable(directory: string, cause: unknown): TestnetError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const remedy = "Name a directory you may write with `--output`.";
  return new TestnetError({ code: "TN2020", at: directory, message, remedy }, { cause });
}
