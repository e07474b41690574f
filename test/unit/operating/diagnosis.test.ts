import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fc from "fast-check";
import * as fs from "node:fs";
import * as path from "node:path";
import { Bundle } from "../../../cli/diagnose/bundle";
import { REMOVED, scrub, scrubStackFile } from "../../../cli/diagnose/scrub";
import { archive } from "../../../cli/diagnose/tar";
import { writeDiagnosis } from "../../../cli/diagnose/write";
import { temporaryDirectory } from "../../support/temporary";

const CANARY = "canary4f9d0b17";

describe("a diagnosis holds no secret", () => {
  it("that is known, wherever it stands", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        assert.ok(!scrub(`${before}${CANARY}${after}`, [CANARY]).includes(CANARY));
      }),
    );
  });

  it("that looks like one", () => {
    const texts = [
      `-----BEGIN EC PRIVATE KEY-----\n${CANARY}\n-----END EC PRIVATE KEY-----`,
      `-----BEGIN PRIVATE KEY-----\n${CANARY}`,
      `postgres://mina:${CANARY}@127.0.0.1/archive`,
      `Authorization: Bearer ${CANARY}`,
      `{"password": "${CANARY}"}`,
      `--libp2p-password=${CANARY}`,
      `mnemonic: "${CANARY} ${CANARY}"`,
    ];
    for (const text of texts) assert.ok(!scrub(text, []).includes(CANARY), text);
  });

  it("and leaves what tells of the chain", () => {
    const text = "block 0x6f1e has 3 peers; key seed-1-libp2p; secret small/seed-1 not found";
    assert.equal(scrub(text, ["word"]), text);
  });

  it("of the stack file: encrypted values and those of telling names, comments stay", () => {
    const text = scrubStackFile(
      `# mine\nencryptionsalt: v1:${CANARY}\nconfig:\n  aws:secretKey: ${CANARY}\n  a:b: { secure: ${CANARY} }\n` +
        `  testnet:network:\n    seeds: { count: 3 } # three\n    list: [{ password: ${CANARY} }]\n`,
    );
    assert.ok(!text.includes(CANARY), text);
    assert.match(text, /# mine[^]*seeds: \{ count: 3 \} # three/);
    assert.ok(!scrubStackFile(`config: [${CANARY}`).includes(CANARY));
  });

  it("in any of its files, that of what is missing included", async () => {
    const bundle = new Bundle();
    bundle.text("early.txt", CANARY);
    bundle.hide([CANARY]);
    await bundle.gather("late.json", () => Promise.reject(new Error(`no ${CANARY}`)));
    const files = bundle.files();
    assert.deepEqual(
      files.map(({ name }) => name),
      ["early.txt", "missing.json"],
    );
    for (const { content } of files) {
      assert.ok(!content.includes(CANARY));
      assert.ok(content.includes(REMOVED));
    }
  });
});

describe("a diagnosis is written", () => {
  const directory = temporaryDirectory();
  after(() => directory.dispose());
  const deep = `${"d".repeat(60)}/${"e".repeat(60)}/f.log`;
  const files = [
    { name: "a.txt", content: "äöü\n" },
    { name: deep, content: "x".repeat(1024) },
    { name: "empty", content: "" },
  ];

  it("as an archive that tar reads, byte by byte", () => {
    const file = path.join(directory.path, "one.tar.gz");
    writeDiagnosis(file, files, new Date());
    const listed = execFileSync("tar", ["-tzf", file], { encoding: "utf8" }).trim().split("\n");
    assert.deepEqual(
      listed,
      files.map(({ name }) => `one/${name}`),
    );
    execFileSync("tar", ["-xzf", file, "-C", directory.path]);
    for (const { name, content } of files) {
      assert.equal(fs.readFileSync(path.join(directory.path, "one", name), "utf8"), content);
    }
    assert.equal(fs.statSync(file).mode & 0o777, 0o600);
  });

  it("into a directory that nobody else reads, and never into one that holds something", () => {
    const output = path.join(directory.path, "two");
    writeDiagnosis(output, files, new Date());
    assert.equal(fs.readFileSync(path.join(output, deep), "utf8"), "x".repeat(1024));
    assert.equal(fs.statSync(output).mode & 0o777, 0o700);
    assert.throws(() => writeDiagnosis(output, files, new Date()), /TN3014 .*the directory is not empty/);
  });

  it("not with a name that an archive has no room for", () => {
    assert.throws(
      () => archive([{ name: "n".repeat(300), content: Buffer.alloc(0) }], new Date()),
      /too long/,
    );
  });
});
