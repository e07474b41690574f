import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { notAsked } from "../../../cli/clusters/judge";
import type { ClusterReport } from "../../../cli/clusters/verify";
import { temporaryDirectory } from "../../support/temporary";
import { RECORDS } from "./records";

const PROJECT = path.resolve(__dirname, "../../..");
const SCRIPTS = path.join(PROJECT, ".github/scripts");
const HEAD = "4d1ce0c9a8b7c6d5e4f30123456789abcdef0123";

/**
 * Stands in for `gh api`: comments are files, one of JSON each. Filters by jq as gh does, so the filters of the scripts are run.
 */
const GH = `#!/usr/bin/env bash
set -euo pipefail
echo "$*" >> "$WORLD/calls"
method=GET filter=. body=""
shift
while [[ $# -gt 0 ]]; do
  case $1 in
    --method) method=$2; shift ;;
    --jq) filter=$2; shift ;;
    --field) body=\${2#body=@}; shift ;;
    --paginate) ;;
    *) address=$1 ;;
  esac
  shift
done
case "$method $address" in
  "GET repos/o/r/issues/7/comments"*) cat "$WORLD"/comments/*.json | jq --slurp . | jq --raw-output "$filter" ;;
  "GET repos/o/r/pulls/7") echo '{"head": {"sha": "${HEAD}"}}' | jq --raw-output "$filter" ;;
  "POST repos/o/r/issues/7/comments") cp "$body" "$WORLD/posted"; echo '{"html_url": "new"}' | jq --raw-output "$filter" ;;
  "PATCH repos/o/r/issues/comments/"*) cp "$body" "$WORLD/edited-\${address##*/}"; echo '{"html_url": "old"}' | jq --raw-output "$filter" ;;
  *) echo "unexpected: $method $address" >&2; exit 1 ;;
esac
`;

describe("the scripts of the workflows", function () {
  this.timeout(60_000);
  let world = "";
  let directory: ReturnType<typeof temporaryDirectory>;

  beforeEach(() => {
    directory = temporaryDirectory();
    world = directory.path;
    fs.mkdirSync(path.join(world, "bin"));
    fs.mkdirSync(path.join(world, "comments"));
    fs.writeFileSync(path.join(world, "bin/gh"), GH, { mode: 0o755 });
    comment(1, "github-actions[bot]", "hello");
  });
  afterEach(() => directory.dispose());

  function comment(id: number, login: string, body: string): void {
    fs.writeFileSync(
      path.join(world, "comments", `${id}.json`),
      JSON.stringify({ id, user: { login }, body }),
    );
  }

  function run(script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const variables = {
      ...process.env,
      PATH: `${path.join(world, "bin")}:${process.env["PATH"]}`,
      WORLD: world,
      GITHUB_REPOSITORY: "o/r",
      HEAD_SHA: HEAD,
      RUN_URL: "https://github.com/o/r/actions/runs/1",
      ...env,
    };
    return spawnSync(path.join(SCRIPTS, script), args, { cwd: PROJECT, env: variables, encoding: "utf8" });
  }

  function bodyFile(text: string): string {
    const file = path.join(world, "body.md");
    fs.writeFileSync(file, text);
    return file;
  }

  const exists = (name: string) => fs.existsSync(path.join(world, name));
  const content = (name: string) => fs.readFileSync(path.join(world, name), "utf8");

  it("make a comment where there is none of this stack, also where a stranger copied the marker", () => {
    comment(2, "stranger", "<!-- testnet-preview prod -->\nmine");
    comment(3, "github-actions[bot]", "<!-- testnet-preview prod%2Dtestnet -->\nanother stack");
    const file = bodyFile("<!-- testnet-preview prod -->\n### news\n");
    const { status, stdout, stderr } = run("upsert-comment.sh", ["7", file]);
    assert.deepEqual([status, stdout], [0, "new\n"], stderr);
    assert.equal(content("posted"), "<!-- testnet-preview prod -->\n### news\n");
  });

  it("edit the comment that is there", () => {
    comment(5, "github-actions[bot]", "<!-- testnet-preview prod -->\nold");
    const { stdout } = run("upsert-comment.sh", ["7", bodyFile("<!-- testnet-preview prod -->\nnew\n")]);
    assert.equal(stdout, "old\n");
    assert.match(content("edited-5"), /new/);
    assert.ok(!exists("posted"));
  });

  it("post nothing without a marker: it would be posted again and again", () => {
    const { status, stderr } = run("upsert-comment.sh", ["7", bodyFile("### no marker\n")]);
    assert.equal(status, 1);
    assert.match(stderr, /does not begin with a marker/);
    assert.ok(!exists("calls"));
  });

  describe("that post previews", () => {
    function record(stack: string, name: string, number = "7"): void {
      const directory = path.join(world, "records", `preview-${stack}`);
      fs.mkdirSync(directory, { recursive: true });
      fs.copyFileSync(path.join(RECORDS, name), path.join(directory, "record.json"));
      fs.writeFileSync(path.join(directory, "pull-request"), number);
    }
    const post = (env?: Readonly<Record<string, string>>) =>
      run("comment-previews.sh", [path.join(world, "records")], env);

    it("render the record with the commit, and post it", () => {
      record("prod", "environment-refused.json", "7\n");
      const { status, stderr } = post();
      assert.equal(status, 0, stderr);
      assert.match(content("posted"), /^<!-- testnet-preview prod -->\n### ❌/);
      assert.match(content("posted"), new RegExp(`<code>${HEAD}</code> · \\[log and full text\\]`));
    });

    it("say nothing of a commit that is not the newest of the pull request that it names", () => {
      record("prod", "environment-refused.json");
      const { status, stdout } = post({ HEAD_SHA: "0".repeat(40) });
      assert.equal(status, 0);
      assert.match(stdout, /nothing to say/);
      assert.ok(!exists("posted"));
    });

    for (const number of ["", "7; echo x", "../1", "$(id)", "07"]) {
      it(`refuse ${JSON.stringify(number)} for the number of a pull request`, () => {
        record("prod", "environment-refused.json", number);
        assert.equal(post().status, 1);
        assert.ok(!exists("calls"));
      });
    }

    it("refuse a record of another stack than the one it says it is of", () => {
      record("dev", "environment-refused.json");
      const { status, stderr } = post();
      assert.notEqual(status, 0);
      assert.match(stderr, /TN2051/);
      assert.ok(!exists("posted"));
    });
  });

  it("keep the status of the command whose record they write", () => {
    fs.mkdirSync(path.join(world, "run/cli"), { recursive: true });
    const calls = 'if (process.argv[2] === "preview") { console.log("{}"); process.exit(2); }';
    fs.writeFileSync(path.join(world, "run/cli/testnet.js"), calls);
    const { status } = spawnSync(path.join(SCRIPTS, "record.sh"), ["prod", "preview"], {
      cwd: path.join(world, "run"),
      env: { ...process.env, NUMBER: "7" },
    });
    assert.equal(status, 2);
    assert.equal(content("run/record/record.json"), "{}\n");
    assert.equal(content("run/record/pull-request"), "7\n");
  });

  it("make of `up` and `verify` what a comment is made of", () => {
    const seeds = [
      { name: "seed-1", host: "seed-1.x.example.org", ports: [{ number: 30303, transports: ["TCP"] }] },
    ];
    const publicServices = [{ name: "rpc-proxy", url: "http://rpc.x.example.org:11030/", ports: [] }];
    const network = { seeds, publicServices };
    fs.writeFileSync(path.join(world, "up.json"), JSON.stringify({ ok: true, network }));
    const checks = [
      { name: "heads-agree", state: "ok", title: "heads agree", detail: "all at 12", daemons: [] },
      notAsked("finality", "finality moves", "nobody runs"),
    ] as const;
    const report: ClusterReport = {
      ...{ ok: true, network: "pr-7", protocol: "ethereum", target: "kubernetes", era: 1, paused: false },
      ...{ seconds: 3, checks, notAsked: ["finality"], notJudged: [], heads: [] },
    };
    fs.writeFileSync(path.join(world, "verify.json"), JSON.stringify(report));
    const jq = (...files: string[]) =>
      spawnSync(
        "jq",
        [
          "--slurp",
          "--arg",
          "stack",
          "pr-7",
          "--from-file",
          path.join(SCRIPTS, "network-record.jq"),
          ...files,
        ],
        { cwd: world, encoding: "utf8" },
      );
    fs.writeFileSync(path.join(world, "record.json"), jq("up.json", "verify.json").stdout);
    const render = () =>
      spawnSync("node", ["cli/testnet.js", "comment", "pr-7", "--record", path.join(world, "record.json")], {
        cwd: PROJECT,
        encoding: "utf8",
      });
    const good = render();
    assert.match(good.stdout, /### ✅ <code>pr-7<\/code>: 1 of 2 checks hold, 1 not asked/, good.stderr);
    assert.match(
      good.stdout,
      /\| <code>seed-1<\/code> \| <code>seed-1&#46;x&#46;example&#46;org&#58;30303<\/code> \|/,
    );
    assert.match(good.stdout, /\| <code>rpc-proxy<\/code> \| <code>http&#58;\/\/rpc&#46;x&#46;/);

    fs.writeFileSync(path.join(world, "none.json"), '{"ok": false}');
    fs.writeFileSync(path.join(world, "record.json"), jq("none.json", "none.json").stdout);
    assert.match(render().stdout, /### ❌ <code>pr-7<\/code>: not verified/);
  });

  it("let no text end the block that it is shown in", () => {
    const file = bodyFile("a\n````\n@everyone <b>\n");
    const { stdout } = run("fenced.sh", ["reaper", "Networks", file]);
    assert.match(stdout, /^<!-- testnet-reaper -->\n### Networks\n\n````text\na\n\n@everyone <b>\n\n````\n$/);
    assert.ok(run("fenced.sh", ["reaper", "x", bodyFile("y".repeat(100_000))]).stdout.length < 65_000);
  });
});
