import assert from "node:assert/strict";
import { distance } from "fastest-levenshtein";
import fc from "fast-check";
import * as fs from "node:fs";
import * as path from "node:path";
import { follow, linesOf, startOfLastLines, tail } from "../../cli/observe/log-file";
import { nearest } from "../../stacks/config/nearest";
import { eventually } from "../support/local";
import { temporaryDirectory } from "../support/temporary";

async function textOf(pieces: AsyncIterable<Buffer>): Promise<string> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all).toString("utf8");
}

describe("the end of a log", () => {
  const directory = temporaryDirectory();
  const file = path.join(directory.path, "daemon.log");
  after(() => directory.dispose());

  const lastOf = (content: string | Buffer, count: number) => {
    fs.writeFileSync(file, content);
    return textOf(tail(file, count));
  };

  it("is the last lines as they are, and a last line without an end counts", async () => {
    assert.equal(await lastOf("one\ntwo\nthree\n", 2), "two\nthree\n");
    assert.equal(await lastOf("one\ntwo\nthree", 2), "two\nthree");
    assert.equal(await lastOf("one\n\n\n", 2), "\n\n");
    assert.equal(await lastOf("one\ntwo\n", 0), "");
    assert.equal(await lastOf("one\ntwo\n", 99), "one\ntwo\n");
    assert.equal(await lastOf("", 5), "");
    assert.equal(await lastOf("\n", 5), "\n");
  });

  it("is right wherever the lines fall on the pieces a file is read in", async () => {
    const line = fc.oneof(
      fc.string({ maxLength: 20, unit: "grapheme" }).map((text) => text.replaceAll(/[\n\r]/g, "")),
      fc.integer({ min: 60_000, max: 70_000 }).map((length) => "ä".repeat(length)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), fc.nat(14), async (lines, count) => {
        const content = lines.map((text) => `${text}\n`).join("");
        const wanted = lines.slice(Math.max(0, lines.length - count));
        assert.equal(
          await lastOf(content, count),
          count === 0 ? "" : wanted.map((text) => `${text}\n`).join(""),
        );
        const read: string[] = [];
        for await (const text of linesOf(tail(file, count))) read.push(text);
        assert.deepEqual(read, count === 0 ? [] : wanted);
      }),
      { numRuns: 60 },
    );
  });

  it("of a file of 50 MB is found without reading more than its end", async () => {
    const line = `${"x".repeat(127)}\n`;
    fs.writeFileSync(file, line.repeat((50 * 1024 * 1024) / line.length));
    fs.appendFileSync(file, "the last\n");
    assert.equal(await textOf(tail(file, 2)), `${line}the last\n`);

    const handle = await fs.promises.open(file);
    let bytes = 0;
    const counting = {
      read: async (...args: Parameters<typeof handle.read>) => {
        const result = await handle.read(...args);
        bytes += result.bytesRead;
        return result;
      },
    } as unknown as typeof handle;
    const { size } = await handle.stat();
    const start = await startOfLastLines(counting, size, 1000);
    await handle.close();
    assert.equal(start, size - 999 * line.length - "the last\n".length);
    assert.ok(bytes < 4 * 64 * 1024, `${bytes} bytes were read`);
  });

  it("of a file that is not there is an error of the operating system", async () => {
    await assert.rejects(textOf(tail(path.join(directory.path, "none"), 1)), { code: "ENOENT" });
  });
});

describe("following a log", () => {
  const directory = temporaryDirectory();
  const file = path.join(directory.path, "daemon.log");
  after(() => directory.dispose());

  let controller: AbortController;
  let read: string;
  let done: Promise<void>;

  /** Begins to follow the file, in which stand two lines. */
  beforeEach(async () => {
    controller = new AbortController();
    read = "";
    fs.writeFileSync(file, "first\nsecond\n");
    done = (async () => {
      const pieces = follow(file, 1, { signal: controller.signal, pollMs: 5 });
      for await (const piece of pieces) read += piece.toString("utf8");
    })();
    await eventually("the last line is read", () => read === "second\n");
  });
  afterEach(async () => {
    controller.abort();
    await done;
  });

  it("goes on as the file grows, half lines too, until it is told to end", async () => {
    fs.appendFileSync(file, "thi");
    await eventually("half a line is read", () => read === "second\nthi");
    fs.appendFileSync(file, "rd\n");
    await eventually("the other half is read", () => read === "second\nthird\n");
    controller.abort();
    await done;
  });

  it("begins again when the file is truncated", async () => {
    fs.writeFileSync(file, "new\n");
    await eventually("the new line is read", () => read === "second\nnew\n");
  });

  it("reads an old file to its end and then the one in its place", async () => {
    const old = fs.openSync(file, "a");
    fs.renameSync(file, `${file}.1`);
    fs.writeSync(old, "late\n");
    fs.closeSync(old);
    fs.writeFileSync(file, "fresh\n");
    await eventually("both are read", () => read === "second\nlate\nfresh\n");
  });

  it("waits for a file that is gone, as after down and up", async () => {
    fs.rmSync(file);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(read, "second\n");
    fs.writeFileSync(file, "back\n");
    await eventually("the new file is read", () => read === "second\nback\n");
  });

  it("ends while it waits for a file that is gone", async () => {
    fs.rmSync(file);
    await new Promise((resolve) => setTimeout(resolve, 50));
    controller.abort();
    await done;
  });
});

describe("the nearest name", () => {
  const names = ["node-1-geth", "node-1-prysm", "node-1-validator", "node-2-geth"];

  it("is the one with the fewest wrong letters, and none when all are far", () => {
    assert.equal(nearest("node1-geth", names), "node-1-geth");
    assert.equal(nearest("NODE-2-GETH", names), "node-2-geth");
    assert.equal(nearest("node-1-prism", names), "node-1-prysm");
    assert.equal(nearest("validator", names), "node-1-validator");
    assert.equal(nearest("prometheus", names), undefined);
    assert.equal(nearest("", names), undefined);
  });

  it("never is one with more than two or a third of the letters wrong, unless it holds what was typed", () => {
    const word = fc.stringMatching(/^[a-z]{1,10}$/);
    fc.assert(
      fc.property(word, fc.array(word), (typed, candidates) => {
        const found = nearest(typed, candidates);
        if (found === undefined || found.includes(typed)) return;
        assert.ok(distance(typed, found) <= Math.max(2, typed.length / 3), `${typed} is not ${found}`);
      }),
    );
  });
});
