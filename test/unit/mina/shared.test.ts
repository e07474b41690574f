import assert from "node:assert/strict";
import fc from "fast-check";
import { type Argument, extraArguments, type Program, renderArguments } from "../../../protocols/arguments";
import { contains, isCidr } from "../../../protocols/cidr";
import { MINA_RELEASES } from "../../../protocols/mina/releases";

const PROGRAM: Program = {
  name: "clock",
  flags: new Set(["hour", "utc", "peer"]),
  repeatable: new Set(["peer"]),
};

describe("arguments of a program", () => {
  const args: Argument[] = [["utc"], ["hour", 7], ["peer", "a b"], ["peer", "c"]];

  it("are words of their own, in the program's own style", () => {
    assert.deepEqual(renderArguments(PROGRAM, args, "joined"), [
      "--utc",
      "--hour=7",
      "--peer=a b",
      "--peer=c",
    ]);
    assert.deepEqual(renderArguments(PROGRAM, args, "separate"), [
      ...["--utc", "--hour", "7", "--peer", "a b", "--peer", "c"],
    ]);
  });

  it("are only those that the version knows, each once", () => {
    assert.throws(() => renderArguments(PROGRAM, [["minute", 1]], "joined"), /clock has no flag --minute/);
    assert.throws(() => renderArguments(PROGRAM, [["utc"], ["utc"]], "joined"), /clock is given --utc twice/);
  });

  it("of the user are split at the first equals sign", () => {
    assert.deepEqual(extraArguments(["--utc", "--hour=a=b"], "separate"), ["--utc", "--hour", "a=b"]);
    assert.deepEqual(extraArguments(["--hour=a=b"], "joined"), ["--hour=a=b"]);
  });
});

describe("flag tables of Mina", () => {
  it("tell the versions apart by the flags that came and went", () => {
    const has = (version: string, flag: string) => MINA_RELEASES[version]!.daemon.flags.has(flag);
    assert.deepEqual([has("3.3.1", "hardfork-handling"), has("4.0.0", "hardfork-handling")], [true, false]);
    assert.deepEqual([has("3.3.1", "stop-time-interval"), has("4.0.0", "stop-time-interval")], [false, true]);
  });

  it("know no flag that would put a password on a command line", () => {
    for (const { daemon, worker, archive } of Object.values(MINA_RELEASES)) {
      for (const { flags } of [daemon, worker, archive]) {
        assert.deepEqual(
          [...flags].filter((flag) => flag.includes("pass")),
          [],
        );
      }
    }
  });

  it("are sorted and without repetition, so that a difference is one line", async () => {
    for (const version of Object.keys(MINA_RELEASES)) {
      for (const program of ["daemon", "snark-worker", "archive"]) {
        const path = `../../../protocols/mina/flags/${program}-${version}.json`;
        const { default: flags } = (await import(path)) as { default: string[] };
        assert.deepEqual(flags, [...new Set(flags)].sort());
      }
    }
  });
});

describe("ranges of addresses", () => {
  it("hold every narrower range inside them and no other", () => {
    assert.ok(contains("10.0.0.0/8", "10.4.0.0/16"));
    assert.ok(contains("100.64.0.0/10", "100.127.0.0/16"));
    assert.ok(!contains("10.0.0.0/8", "172.20.0.0/16"));
    assert.ok(!contains("10.4.0.0/16", "10.0.0.0/8"));
    assert.ok(contains("0.0.0.0/0", "255.255.255.255/32"));
    assert.ok(!contains("10.0.0.0/8", "10.4.0.0"));
  });

  it("are as wide as the bits of their prefix say", () => {
    const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
    const bits = (parts: readonly number[]) =>
      parts.map((part) => part.toString(2).padStart(8, "0")).join("");
    fc.assert(
      fc.property(octets, octets, fc.nat(32), fc.nat(32), (one, two, wide, narrow) => {
        const expected = wide <= narrow && bits(one).slice(0, wide) === bits(two).slice(0, wide);
        assert.equal(contains(`${one.join(".")}/${wide}`, `${two.join(".")}/${narrow}`), expected);
      }),
    );
  });

  it("are told from other texts", () => {
    const texts = ["10.0.0.0/8", "10.0.0.0", "10.0.0/8", "256.0.0.0/8", "10.0.0.0/33", "::/0", ""];
    assert.deepEqual(texts.map(isCidr), [true, false, false, false, false, false, false]);
  });
});
