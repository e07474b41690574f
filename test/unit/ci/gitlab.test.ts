import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { spawnSync } from "node:child_process";
import { parse } from "yaml";
import { readCommandLine, commandLinesIn } from "./command-lines";

const PROJECT = path.resolve(__dirname, "../../..");

interface Job {
  readonly stage?: string;
  readonly script?: readonly string[];
  readonly extends?: string;
  readonly needs?: readonly { readonly job: string }[];
}

describe("the pipeline for GitLab in docs/ci.md", () => {
  const page = fs.readFileSync(path.join(PROJECT, "docs/ci.md"), "utf8");
  const [, text = ""] = /^```yaml\n(stages:[\s\S]*?)^```$/m.exec(page) ?? [];
  const { stages, ...pipeline } = parse(text) as { readonly stages: readonly string[] } & Readonly<
    Record<string, unknown>
  >;
  const jobs = Object.entries(pipeline)
    .map(([name, content]) => [name, content as Job] as const)
    .filter(([, { script }]) => script !== undefined);

  it("has the jobs that the workflows have, each in a stage, needing jobs that are there", () => {
    const names = jobs.map(([name]) => name);
    assert.deepEqual(names, ["check", "preview", "comment", "network", "network-down", "reap"]);
    for (const [name, { stage, needs = [], extends: base }] of jobs) {
      assert.ok(stages.includes(stage ?? ""), name);
      for (const { job } of needs) assert.ok(names.includes(job), job);
      assert.ok(base === undefined || base in pipeline, name);
    }
  });

  it("runs commands that the CLI takes, in scripts that a shell can read", () => {
    let seen = 0;
    for (const [name, { script = [] }] of jobs) {
      for (const step of script) {
        assert.equal(spawnSync("bash", ["-n"], { input: step }).status, 0, `${name}: ${step}`);
        for (const line of commandLinesIn(step)) {
          assert.deepEqual(readCommandLine(line).problems, [], line);
          seen++;
        }
      }
    }
    assert.equal(seen, 10);
  });

  it("gives the token that writes notes to no job that runs with rights in a cloud", () => {
    for (const [name, { script = [], extends: base }] of jobs) {
      if (base === ".cloud") assert.ok(!script.join("\n").includes("NOTES_TOKEN"), name);
    }
  });
});
