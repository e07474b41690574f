import * as fs from "node:fs";
import * as path from "node:path";
import { format } from "prettier";
import { SDKS } from "./sdks";
import { shapesFromSdk } from "./shapes-from-sdk";

/** Writes the shapes of the SDKs' types again: after a model was added, or an SDK changed its version. */
async function main(): Promise<void> {
  for (const { cloud, sdk, types } of SDKS) {
    const file = path.join(__dirname, "..", cloud, "shapes.json");
    const text = JSON.stringify(shapesFromSdk(sdk, types));
    fs.writeFileSync(file, await format(text, { parser: "json", printWidth: 110 }));
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
