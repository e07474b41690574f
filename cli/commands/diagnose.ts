import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { loadStackConfig, stackFile } from "../../stacks/config/file";
import { kindOf } from "../../stacks/kind";
import { requireLocal } from "../../stacks/placement";
import { version } from "../../package.json";
import type { CommandContext } from "../context";
import { Bundle } from "../diagnose/bundle";
import { scrubStackFile } from "../diagnose/scrub";
import { writeDiagnosis } from "../diagnose/write";
import { INTERRUPTED, untilInterrupted } from "../observe/interrupt";
import { countOf } from "../observe/options";
import { Footer } from "../ui/footer";

export interface DiagnoseOptions {
  /** Directory, or file that ends in .tar.gz. Default: STACK-diagnosis. */
  readonly output?: string;
  /** Lines of every log. */
  readonly lines: number;
}

/** Gathers all that helps to find out what is wrong with a network, in one place and without secrets. */
export async function run(context: CommandContext, options: DiagnoseOptions): Promise<number> {
  const { directory, stack, out } = context;
  const config = loadStackConfig(directory, stack);
  const found = kindOf(config);
  const lines = countOf("--lines", options.lines);
  const output = path.resolve(options.output ?? `${stack}-diagnosis`);
  const footer = new Footer(out);
  return untilInterrupted(async (signal) => {
    const bundle = new Bundle();
    bundle.json("versions.json", versions());
    bundle.text("stack.yaml", scrubStackFile(fs.readFileSync(stackFile(directory, stack), "utf8")));
    const gathering = { lines, signal, onProgress: (what: string) => footer.show(`  … ${what}`) };
    if (found.kind === "cluster network") {
      const { gatherClusters } = require("../diagnose/clusters") as typeof import("../diagnose/clusters");
      await gatherClusters(context, found, bundle, gathering);
    } else {
      requireLocal(config);
      const { gatherLocal } = require("../diagnose/local") as typeof import("../diagnose/local");
      await gatherLocal(context, bundle, gathering);
    }
    footer.clear();
    if (signal.aborted) return INTERRUPTED;
    const files = bundle.files();
    writeDiagnosis(output, files, new Date());
    const words = [
      `${files.length} files about ${stack} in ${output}`,
      ...(bundle.failures.length === 0
        ? []
        : [`Not to be had, see missing.json: ${bundle.failures.join(", ")}`]),
      "Secrets were taken out as far as they are known. Look through it before you send it to somebody.",
    ];
    const names = files.map(({ name }) => name);
    out.result(words.join("\n"), { ok: true, stack, output, files: names, missing: bundle.failures });
    return 0;
  });
}

function versions() {
  return {
    testnet: version,
    node: process.version,
    system: `${os.platform()} ${os.release()} ${os.arch()}`,
    at: new Date().toISOString(),
  };
}
