import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { commandLinesIn, readCommandLine } from "./command-lines";

const PROJECT = path.resolve(__dirname, "../../..");

/** The pages that tell people what to type. */
const WHOLE = ["docs/runbooks.md", "docs/ci.md"];
const PAGES = [...WHOLE, "README.md", "docs/keys.md", "docs/networks.md"];

/** For each command of the runbook, a test that runs it, and words of that test by which it is found. */
const RUN_BY: Readonly<Record<string, readonly [file: string, words: string]>> = {
  cost: ["test/unit/cost/command.test.ts", '"cost"'],
  diagnose: ["test/rehearsal/operating.test.ts", "diagnose"],
  doctor: ["test/unit/doctor/doctor.test.ts", '"doctor"'],
  down: ["test/rehearsal/environment-commands.test.ts", '"down"'],
  env: ["test/chain/network.test.ts", '"env"'],
  extend: ["test/unit/self-service/expiry.test.ts", '"extend"'],
  graph: ["test/unit/graph.test.ts", '"graph"'],
  keep: ["test/unit/self-service/expiry.test.ts", '"keep"'],
  "keys create": ["test/unit/keys/command.test.ts", '"create"'],
  "keys delete": ["test/unit/keys/command.test.ts", '"delete"'],
  "keys list": ["test/unit/keys/command.test.ts", '"list"'],
  "keys rotate": ["test/unit/keys/command.test.ts", '"rotate"'],
  list: ["test/rehearsal/self-service.test.ts", '"list"'],
  logs: ["test/unit/observe-cli.test.ts", '"logs"'],
  pause: ["test/rehearsal/operating.test.ts", "pause"],
  peers: ["test/unit/observe-cli.test.ts", '"peers"'],
  preview: ["test/rehearsal/environment-commands.test.ts", '"preview"'],
  reap: ["test/rehearsal/self-service.test.ts", "reap"],
  rehearse: ["test/rehearsal/rehearse.test.ts", '"rehearse"'],
  reset: ["test/rehearsal/operating.test.ts", "reset"],
  resume: ["test/rehearsal/operating.test.ts", "resume"],
  status: ["test/unit/observe-cli.test.ts", '"status"'],
  up: ["test/rehearsal/environment-commands.test.ts", '"up"'],
  validate: ["test/unit/self-service/new.test.ts", '"validate"'],
  verify: ["test/rehearsal/operating.test.ts", "verify"],
};

describe("the commands that the documentation tells of", () => {
  for (const page of PAGES) {
    const lines = [...new Set(linesOf(page))];
    it(`${page}: each of its ${lines.length} is one that the CLI takes`, () => {
      assert.ok(lines.length > 0);
      const wrong = lines.flatMap((line) =>
        readCommandLine(line).problems.map((problem) => `${line}: ${problem}`),
      );
      assert.deepEqual(wrong, []);
    });
  }

  it("of the runbook are run by tests, each", () => {
    const commands = new Set(linesOf("docs/runbooks.md").map((line) => readCommandLine(line).command));
    assert.deepEqual(
      [...commands].sort().filter((command) => RUN_BY[command] === undefined),
      [],
      "a command of the runbook that no test is named for",
    );
    for (const command of commands) {
      const [file, words] = RUN_BY[command] ?? ["", ""];
      assert.ok(fs.existsSync(path.join(PROJECT, file)), `${command}: there is no ${file}`);
      assert.ok(read(file).includes(words), `${command}: ${file} says nothing of ${words}`);
    }
  });

  it("are read strictly: what the CLI would refuse is refused", () => {
    for (const [line, problem] of [
      ["upp prod", /no command/],
      ["up prod --no-such-option", /unknown option/],
      ["up prod other", /one too many/],
      ["rehearse", /stack is missing/],
      ["keys", /a command of it is missing/],
      ["comment prod", /--record <file> is missing/],
    ] as const) {
      assert.match(readCommandLine(line).problems.join("; "), problem, line);
    }
    assert.deepEqual(readCommandLine('new x --expires "8 hours" --size small').problems, []);
  });

  it("are found in blocks and in lines, without what the shell does with them", () => {
    const text =
      "```sh\nnpx testnet cost prod --json > cost.json # what\n```\nRun `testnet up prod`, not testnet.";
    assert.deepEqual(commandLinesIn(text), ["cost prod --json", "up prod"]);
  });
});

/** What a page tells people to type: all of it where that is its purpose, else what stands in blocks of shell. */
function linesOf(page: string): string[] {
  const text = read(page);
  if (WHOLE.includes(page)) return commandLinesIn(text);
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = ""]) => commandLinesIn(block));
}

function read(file: string): string {
  return fs.readFileSync(path.join(PROJECT, file), "utf8");
}
