import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { generateMnemonic } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import fc from "fast-check";
import { type Comment, LONGEST_COMMENT, commentOf, markerOf } from "../../../cli/comment/render";
import { code, withoutSecrets } from "../../../cli/comment/foreign";
import { subjectOf } from "../../../cli/comment/subject";
import type { PreviewRecord } from "../../../cli/preview/record";
import { TestnetError } from "../../../errors/problem";
import { runMain } from "../../support/cli";
import { temporaryDirectory } from "../../support/temporary";
import { RECORDS, largeRecord, recordText } from "./records";

const PROJECT = path.resolve(__dirname, "../../..");

function recorded(name: string, stack?: string): Comment {
  return commentOf(subjectOf(recordText(name), name, stack), { commit: "4d1ce0c" });
}

function rendered(record: PreviewRecord): Comment {
  return commentOf({ kind: "preview", record });
}

/** What is left when everything that came from the record is taken away: our own Markdown. */
function skeleton(body: string): string {
  return body.replace(/<code>[^<]*<\/code>/g, "<code></code>");
}

describe("the comment on a pull request", function () {
  this.timeout(60_000);

  it("says first what is replaced or deleted, then problems, counts, cost and policy", () => {
    const { body } = recorded("environment-refused.json");
    const order = [
      markerOf("prod"),
      "### ❌ <code>prod</code>: 1 to replace, 1 to delete, 2 to create, 2 to update",
      "**2 resources would be replaced or deleted:**",
      "- 🔴 replace <code>use1-daemons</code>",
      "- 🔴 delete <code>usw2-workers</code>",
      "| 1 | 1 | 2 | 2 | 318 |",
      "| **difference** | +0.61 | +446.76 |",
      "**Not counted, because their price is not known (1):**",
      "- ❌ mandatory <code>no-open-control-plane</code> <code>use1-control</code>",
      "- ⚠️ advisory <code>expiry-tag</code>",
      "<summary>All 6 changes</summary>",
      "<sub>of commit <code>4d1ce0c</code></sub>",
    ];
    const places = order.map((text) => body.indexOf(text));
    assert.ok(!places.includes(-1), `${order[places.indexOf(-1)]} in\n${body}`);
    assert.deepEqual(
      places,
      [...places].sort((one, other) => one - other),
    );
    assert.match(body, /because of <code>instanceTypes<\/code>; <code>scalingConfig&#46;maxSize<\/code>/);
  });

  it("is short where nothing changes", () => {
    const { body } = recorded("network-nothing.json");
    assert.match(body, /### ✅ <code>dev-ethereum<\/code>: nothing to change\n/);
    assert.doesNotMatch(body, /<details>|replaced or deleted/);
  });

  it("tells a refusal with its codes, for the stack that was named", () => {
    const { body, stack } = recorded("refusal.json", "alice-qa");
    assert.equal(stack, "alice-qa");
    assert.match(body, /❌ <code>alice-qa<\/code>: no preview/);
    assert.match(body, /- \*\*TN1006\*\* .*given: <code>4000<\/code>/);
  });

  it("tells a rehearsal where there was no preview", () => {
    const { body, stack } = recorded("rehearsal.json");
    assert.equal(stack, "dev");
    assert.match(body, /### ✅ <code>dev<\/code>: rehearsal passed/);
    assert.match(body, /\| <code>up again<\/code> \| ✅ \| <code>none<\/code> \|/);
  });

  it("tells what the engine found, of a preview that was recorded in simulated clouds", () => {
    const { body } = recorded("real-refused.json");
    assert.match(body, /### ❌ <code>dev<\/code>: 1 to update \(`up` would be refused: 1 problem\)/);
    assert.match(body, /- \*\*TN2001\*\* <code>use2-daemons<\/code>: .*desired capacity/);
    assert.match(body, /\| \*\*difference\*\* \| \+0\.53 \| \+390\.08 \|/);
    assert.match(body, /Policy <code>testnet<\/code>: every rule holds\./);
  });

  it("of each stack has a marker of its own, which tells stacks apart that only a hyphen parts", () => {
    assert.notEqual(markerOf("a-b"), markerOf("ab"));
    assert.notEqual(markerOf("a"), markerOf("a-b"));
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (stack) =>
        /^<!-- testnet-preview [^\s>-]* -->$/.test(markerOf(stack)),
      ),
    );
  });

  it("of 1,000 changes fits, names what is lost first, counts by type, and the full text has them all", () => {
    const record = largeRecord(1000);
    const comment = rendered(record);
    const { body, complete } = comment;
    const full = comment.full();
    assert.ok(body.length <= LONGEST_COMMENT, String(body.length));
    assert.ok(body.length > LONGEST_COMMENT * 0.8, "the room is used");
    assert.equal(complete, false);
    assert.match(body, /… and \d+ more: see the full text/);
    assert.match(body, /\| type \| replace \| delete \| create \| update \|/);
    for (const { name } of record.changes) assert.ok(full.includes(`<code>${name}</code>`), name);
    const shown = record.changes.filter(({ name }) => body.includes(`<code>${name}</code>`));
    const lost = shown.filter(({ operation }) => operation === "replace");
    assert.ok(lost.length > 50, `${lost.length} replacements are named`);
  });

  it("is never longer than GitHub takes, however long and many the words of a record are", () => {
    const long = fc.string({ unit: "binary", maxLength: 2000 });
    const many = fc.array(long, { maxLength: 8 });
    fc.assert(
      fc.property(long, many, fc.nat(40), (text, texts, repeat) => {
        const record = hostile(text, texts, repeat);
        assert.ok(rendered(record).body.length <= LONGEST_COMMENT);
      }),
      { numRuns: 30 },
    );
    const worst = "&".repeat(3000);
    const record = hostile(
      worst,
      Array.from({ length: 100 }, () => worst),
      100,
    );
    assert.ok(rendered(record).body.length <= LONGEST_COMMENT);
  });

  it("takes nothing of a record for Markdown, HTML, a link or a mention", () => {
    const words = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.constantFrom(...ATTACKS));
    fc.assert(
      fc.property(words, (text) => {
        const full = rendered(hostile(text, [text], 2)).full();
        const harmless = rendered(hostile("x", ["x"], 2)).full();
        assert.equal(skeleton(full), skeleton(harmless), "the page has the shape of a harmless one");
        for (const [, inner = ""] of full.matchAll(/<code>([^<]*)<\/code>/g)) {
          assert.match(inner, /^(?:[A-Za-z0-9 ,;/-]|&#\d+;|[^\p{ASCII}\p{C}\p{Zl}\p{Zp}]|\ufffd)+$/u);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("shows a name as it is", () => {
    const shown = code("@org/team #1 `x` | <b> **").replace(/&#(\d+);/g, (_, point: string) =>
      String.fromCodePoint(Number(point)),
    );
    assert.equal(shown, "<code>@org/team #1 `x` | <b> **</code>");
  });

  it("never holds a key, a token or a mnemonic that a message carried", () => {
    const hex = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map((bytes) => Buffer.from(bytes).toString("hex"));
    const mnemonic = fc.constantFrom(128, 256).map((strength) => generateMnemonic(wordlist, strength));
    const letters = fc.stringMatching(/^[A-Za-z0-9]{40}$/);
    const secret = fc.oneof(
      hex,
      mnemonic,
      letters.map((text) => `ghp_${text}`),
      letters.map((text) => `AKIA${text.slice(0, 16).toUpperCase()}`),
      letters.map((text) => `eyJ${text}.${text}.${text}`),
    );
    fc.assert(
      fc.property(secret, (text) => {
        const full = rendered(hostile(`the tool said: ${text} and ended`, [text], 1)).full();
        assert.ok(!full.includes(text) && !full.includes(text.replaceAll(".", "&#46;")), text);
      }),
    );
    const digest = `sha256:${"ab".repeat(32)}`;
    assert.equal(withoutSecrets(`image ${digest} of the list`), `image ${digest} of the list`);
    assert.equal(withoutSecrets("password: hunter2hunter2"), "password: [removed]");
  });

  it("has no link but to a run of https", () => {
    const subject = subjectOf(recordText("network-nothing.json"), "x", undefined);
    assert.match(commentOf(subject, { runUrl: "https://github.com/o/r/actions/runs/1" }).body, /\]\(https:/);
    for (const runUrl of ["javascript:alert(1)", "https://x/) [y](https://z", "http://x"]) {
      assert.doesNotMatch(commentOf(subject, { runUrl }).body, /\]\(/);
    }
  });

  it("stands in docs/ci.md as it is rendered from the record", () => {
    const page = fs.readFileSync(path.join(PROJECT, "docs/ci.md"), "utf8");
    const { body } = recorded("real-dev.json");
    assert.ok(page.includes(body.trimEnd()), `docs/ci.md must hold\n${body}`);
  });
});

describe("testnet comment", () => {
  let directory: ReturnType<typeof temporaryDirectory>;
  beforeEach(() => {
    directory = temporaryDirectory();
  });
  afterEach(() => directory.dispose());

  it("prints Markdown, data with --json, and writes the full text", async () => {
    const full = path.join(directory.path, "full.md");
    const record = path.join(RECORDS, "environment-refused.json");
    const words = await runMain("comment", "--record", record, "--full", full);
    assert.equal(words.status, 0, words.stderr);
    assert.match(words.stdout, /^<!-- testnet-preview prod -->\n### ❌/);
    assert.match(fs.readFileSync(full, "utf8"), /mina-daemon/);
    const { stdout } = await runMain("comment", "prod", "--record", record, "--json");
    const data = JSON.parse(stdout) as { stack: string; marker: string; body: string; complete: boolean };
    assert.deepEqual([data.stack, data.marker, data.complete], ["prod", markerOf("prod"), true]);
  });

  it("refuses what is no record, and the record of another stack", async () => {
    const file = path.join(directory.path, "record.json");
    for (const [text, words] of [
      ["", /TN2050 .*: the file is empty/],
      ["{", /TN2050 .*: this is no JSON/],
      ['{"version":1,"stack":"prod"}', /TN2050 .*at kind/],
      [recordText("refusal.json"), /TN2050/],
      [recordText("network-nothing.json").replace("dev-ethereum", "../x"), /TN2050 .*at stack/],
    ] as const) {
      fs.writeFileSync(file, text);
      const { status, stderr } = await runMain("comment", "--record", file);
      assert.equal(status, 2);
      assert.match(stderr, words);
    }
    const other = await runMain("comment", "dev", "--record", path.join(RECORDS, "environment-refused.json"));
    assert.equal(other.status, 2);
    assert.match(other.stderr, /TN2051/);
    assert.equal((await runMain("comment", "--record", "/no/such/file")).status, 2);
  });

  it("takes no stack on trust that a refusal is to be of", () => {
    assert.throws(() => subjectOf(recordText("refusal.json"), "f", "<b>"), TestnetError);
  });
});

/** Texts that would do something in a comment if they were read as Markdown or HTML. */
const ATTACKS = [
  "@octocat",
  "#1",
  "GH-1",
  "octo/repo#1",
  "</code><script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "![x](https://evil.example/x.png)",
  "[x](javascript:alert(1))",
  "https://evil.example www.evil.example a@evil.example",
  "`code` **bold** __b__ ~~s~~ $x$ :tada:",
  "a | b | c",
  "x\n\n# heading\n- item\n\n---\n",
  "</details>",
  "<!-- testnet-preview prod -->",
  "-->",
  "&lt;b&gt; &#64;octocat &commat;octocat",
  "\u202edetrevni\u202c \u200b@a",
  "\\<b\\>",
];

/** A record in which every text that may be anything is the one given. */
function hostile(text: string, texts: readonly string[], repeat: number): PreviewRecord {
  const change = (operation: "replace" | "create") => ({
    ...{ operation, type: text, name: text, urn: text },
    properties: [...texts, text],
    replaceProperties: texts,
  });
  return {
    version: 1,
    stack: "prod",
    kind: "network",
    ok: false,
    changes: Array.from({ length: repeat }, (_, index) => change(index % 2 === 0 ? "replace" : "create")),
    unchanged: 1,
    cost: {
      currentPerHourUsd: 1,
      plannedPerHourUsd: 2,
      differencePerMonthUsd: 730,
      unknown: texts,
      pricesOf: text,
    },
    policy: {
      pack: text,
      violations: [text, ...texts].map((message) => ({
        ...{ policy: text, level: "mandatory" as const, urn: text, message },
      })),
    },
    problems: texts.map((message) => ({
      ...{ code: "TN2001" as const, at: text, message, given: 1, allowed: text, remedy: text },
    })),
  };
}
