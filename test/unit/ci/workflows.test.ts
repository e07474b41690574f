import * as assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { resolveProgram } from "../../../tools/resolve";
import { temporaryDirectory } from "../../support/temporary";
import { commandLinesIn, readCommandLine } from "./command-lines";

const PROJECT = path.resolve(__dirname, "../../..");
const GITHUB = path.join(PROJECT, ".github");
const NAMES = fs.readdirSync(path.join(GITHUB, "workflows")).sort();

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

interface Job {
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly uses?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

function text(name: string): string {
  return fs.readFileSync(path.join(GITHUB, "workflows", name), "utf8");
}

function workflow(name: string): Workflow {
  return parse(text(name)) as Workflow;
}

/** All files that GitHub reads: workflows and the action that they share. */
const FILES = [...NAMES.map((name) => `workflows/${name}`), "actions/setup/action.yml"];

describe("the workflows", function () {
  this.timeout(120_000);
  let actionlint = "";
  before(async () => {
    actionlint = (await resolveProgram("actionlint")).path;
  });

  // Not what other tools say of the scripts in them: these may be there or not.
  const lint = (...files: string[]) =>
    spawnSync(actionlint, ["-shellcheck=", "-pyflakes=", "-no-color", ...files], {
      cwd: PROJECT,
      encoding: "utf8",
    });

  it("are those that the documentation tells of", () => {
    assert.deepEqual(NAMES, [
      "check.yml",
      "image.yml",
      "network.yml",
      "preview-comment.yml",
      "preview.yml",
      "reap.yml",
      "release.yml",
    ]);
  });

  for (const name of NAMES) {
    it(`${name} is one that actionlint finds nothing wrong with`, () => {
      const { status, stdout } = lint(path.join(GITHUB, "workflows", name));
      assert.equal(status, 0, stdout);
    });

    it(`${name} gives no job more than it asks for, and none all the time in the world`, () => {
      const { permissions, concurrency, jobs } = workflow(name);
      assert.deepEqual(permissions, {}, "what a job may do stands in the job");
      assert.ok(concurrency !== undefined);
      for (const [job, { permissions: own, "timeout-minutes": minutes, uses }] of Object.entries(jobs)) {
        assert.ok(own !== undefined, job);
        assert.ok(uses !== undefined || (minutes !== undefined && minutes <= 180), job);
      }
    });
  }

  it("and what actionlint refuses is refused here, too", () => {
    const directory = temporaryDirectory();
    const broken = path.join(directory.path, "broken.yml");
    for (const [from, to] of [
      ["runs-on: ubuntu-latest", "run-on: ubuntu-latest"],
      ["needs: stacks", "needs: stakcs"],
      ["${{ matrix.stack }}", "${{ matrix.stakc }}"],
      ["id-token: write", "id-tokens: write"],
    ] as const) {
      assert.ok(text("preview.yml").includes(from), from);
      fs.writeFileSync(broken, text("preview.yml").replace(from, to));
      assert.notEqual(lint(broken).status, 0, to);
    }
    directory.dispose();
  });

  it("take actions of others by commit, with the version beside it", () => {
    for (const file of FILES) {
      const uses = fs.readFileSync(path.join(GITHUB, file), "utf8").match(/^.*\buses: .*$/gm) ?? [];
      for (const line of uses.filter((each) => !each.includes("uses: ./"))) {
        assert.match(line, /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, file);
      }
    }
  });

  it("put nothing of an event into a script as text: it goes through variables", () => {
    for (const file of FILES) {
      const steps = stepsOf(parse(fs.readFileSync(path.join(GITHUB, file), "utf8")));
      for (const { run } of steps) assert.doesNotMatch(run ?? "", /\$\{\{/, `${file}: ${run}`);
    }
  });

  it("give strangers' pull requests neither secrets nor identities nor anything to write to", () => {
    for (const name of NAMES) {
      const { on, jobs } = workflow(name);
      assert.ok(!("pull_request_target" in on), name);
      if (!("pull_request" in on)) continue;
      for (const [job, definition] of Object.entries(jobs)) {
        const strong = Object.values(definition.permissions ?? {}).includes("write");
        const secret = JSON.stringify(definition).includes("secrets.");
        if (!strong && !secret) continue;
        assert.ok(guarded(jobs, job), `${name}: ${job} must run for branches of this repository only`);
      }
    }
  });

  it("call the CLI as it is", () => {
    const scripts = fs
      .readdirSync(path.join(GITHUB, "scripts"))
      .filter((name) => name.endsWith(".sh"))
      .map((name) => `scripts/${name}`);
    let seen = 0;
    for (const file of [...FILES, ...scripts]) {
      for (const line of commandLinesIn(fs.readFileSync(path.join(GITHUB, file), "utf8"))) {
        assert.deepEqual(readCommandLine(line).problems, [], `${file}: ${line}`);
        seen++;
      }
    }
    assert.ok(seen >= 8, String(seen));
  });

  it("check a change by what a newcomer types", () => {
    const { steps = [] } = workflow("check.yml").jobs["test"] ?? {};
    assert.ok(steps.some(({ run }) => run === ".ci/run"));
    assert.match(text("check.yml"), /node: \["22", "24"\]/);
  });

  it("have scripts that a shell can read", () => {
    for (const name of fs.readdirSync(path.join(GITHUB, "scripts"))) {
      if (!name.endsWith(".sh")) continue;
      const file = path.join(GITHUB, "scripts", name);
      execFileSync("bash", ["-n", file]);
      assert.ok((fs.statSync(file).mode & 0o111) !== 0, `${name} may be run`);
    }
  });
});

describe("the image", () => {
  const dockerfile = fs.readFileSync(path.join(PROJECT, "Dockerfile"), "utf8");

  it("copies what is there, and leaves out nothing that the program reads", () => {
    for (const [, from = ""] of dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)) {
      for (const source of from.split(" ")) assert.ok(fs.existsSync(path.join(PROJECT, source)), source);
    }
    const left = fs.readFileSync(path.join(PROJECT, ".dockerignore"), "utf8").split("\n");
    for (const folder of ["charts", "cli", "components", "errors", "keys", "protocols", "stacks", "tools"]) {
      assert.ok(!left.includes(folder), folder);
    }
  });

  it("runs as a user without rights", () => {
    assert.match(dockerfile, /^USER node$/m);
  });
});

function stepsOf(content: unknown): Step[] {
  if (Array.isArray(content)) return content.flatMap(stepsOf);
  if (typeof content !== "object" || content === null) return [];
  return [...("run" in content ? [content as Step] : []), ...Object.values(content).flatMap(stepsOf)];
}

/** Whether a job, or one that it waits for, asks where the pull request comes from. */
function guarded(jobs: Workflow["jobs"], name: string): boolean {
  const { if: condition = "", needs = [] } = jobs[name] ?? {};
  if (condition.includes("head.repo.full_name == github.repository")) return true;
  return (typeof needs === "string" ? [needs] : needs).some((other) => guarded(jobs, other));
}
