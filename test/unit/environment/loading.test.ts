import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as path from "node:path";

const ROOT = path.resolve(__dirname, "../../..");

/** Packages of a kind that are loaded once a module of ours is, in a process of its own. */
function loadedBy(module: string): string[] {
  const script = `require(${JSON.stringify(path.join(ROOT, module))});
    process.stdout.write(JSON.stringify(Object.keys(require.cache)));`;
  const stdout = execFileSync(process.execPath, ["--require", "tsx/cjs", "-e", script], {
    cwd: ROOT,
    encoding: "utf8",
  });
  const files = JSON.parse(stdout) as string[];
  return [
    ...new Set(files.flatMap((file) => /@pulumi\/(aws|gcp|kubernetes|docker)\//.exec(file)?.[1] ?? [])),
  ];
}

describe("what is loaded", function () {
  this.timeout(60_000);

  it("for a network on this machine: no SDK of a cloud", () => {
    for (const module of ["stacks/program", "stacks/network", "stacks/config/file", "stacks/cost/cost"]) {
      assert.deepEqual(loadedBy(module), [], module);
    }
  });

  it("for an environment: no SDK of a cloud before one is picked", () => {
    assert.deepEqual(loadedBy("stacks/environment"), ["kubernetes"]);
  });
});
