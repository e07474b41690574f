import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** A directory of its own for a test, removed by `dispose`. */
export function temporaryDirectory(): { readonly path: string; dispose(): void } {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "testnet-test-"));
  return { path: directory, dispose: () => fs.rmSync(directory, { recursive: true, force: true }) };
}
