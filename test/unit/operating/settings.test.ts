import assert from "node:assert/strict";
import * as fc from "fast-check";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { confirmLoss, isStackProtected } from "../../../cli/pause/protection";
import { withSetting } from "../../../cli/pause/setting";
import { TestnetError } from "../../../errors/problem";
import { parseStackConfig } from "../../../stacks/config/load";
import { kindOf } from "../../../stacks/kind";
import { temporaryDirectory } from "../../support/temporary";

const FILE = `# first line
config:
  # whose it is
  testnet:environment: dev # the small one
  testnet:network:
    protocol: mina
    # a comment inside
    seeds: { count: 3 }   # oddly   spaced
`;

describe("a setting of a stack file", () => {
  it("is written and taken away again, and nothing else of the file changes", () => {
    const paused = withSetting(FILE, { path: ["testnet:paused"], value: true });
    assert.equal((parse(paused) as { config: Record<string, unknown> }).config["testnet:paused"], true);
    assert.equal(paused.replace(/ *testnet:paused: true\n/, ""), FILE);
    assert.equal(withSetting(paused, { path: ["testnet:paused"], value: undefined }), FILE);
    assert.equal(withSetting(FILE, { path: ["testnet:paused"], value: undefined }), FILE);
  });

  it("has its value replaced where it is there, with the comments behind it", () => {
    const era = withSetting(FILE, { path: ["testnet:network", "era"], value: 2 });
    const withComment = era.replace("era: 2", "era: 2 # counted by hand");
    const raised = withSetting(withComment, { path: ["testnet:network", "era"], value: 3 });
    assert.match(raised, /^ {4}era: 3 # counted by hand$/m);
    assert.equal(raised.split("\n").length, FILE.split("\n").length + 1);
  });

  it("is right in files of any layout", () => {
    const layouts = [
      FILE,
      "config: { testnet:environment: dev, testnet:network: { protocol: mina } }\n",
      "config:\n    testnet:network: {protocol: mina}\n    testnet:paused: false",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...layouts), fc.integer({ min: 1, max: 1e6 }), (text, era) => {
        const changed = withSetting(withSetting(text, { path: ["testnet:network", "era"], value: era }), {
          path: ["testnet:paused"],
          value: undefined,
        });
        const { config } = parse(changed) as { config: Record<string, { era?: number }> };
        assert.equal(config["testnet:network"]?.era, era);
        assert.ok(!("testnet:paused" in config));
      }),
    );
  });
});

describe("paused and protect", () => {
  const network = { protocol: "ethereum", nodes: [{ count: 1 }] };
  const codesOf = (raw: object): string[] => {
    try {
      kindOf(parseStackConfig(raw));
      return [];
    } catch (error) {
      assert.ok(error instanceof TestnetError);
      return error.problems.map(({ code }) => code);
    }
  };

  it("are for networks in clusters, and are booleans", () => {
    assert.deepEqual(codesOf({ environment: "dev", network, paused: true, protect: false }), []);
    assert.deepEqual(codesOf({ environment: "local", network, paused: true }), ["TN1013"]);
    assert.equal(codesOf({ environment: "dev", network, paused: "yes" }).length, 1);
  });
});

describe("a protected network", () => {
  const directory = temporaryDirectory();
  after(() => directory.dispose());
  const write = (stack: string, text: string) =>
    fs.writeFileSync(path.join(directory.path, `Pulumi.${stack}.yaml`), text);
  const root = path.resolve(__dirname, "../../..");

  it("is one that never expires on a protected environment, unless its file says otherwise", () => {
    for (const name of ["prod", "dev", "prod-testnet"]) {
      fs.copyFileSync(
        path.join(root, `Pulumi.${name}.yaml`),
        path.join(directory.path, `Pulumi.${name}.yaml`),
      );
    }
    const on = (environment: string, more = "", expires = "never") =>
      `config:\n  testnet:environment: ${environment}\n${more}  testnet:network: { protocol: ethereum, nodes: [{ count: 1 }], expires: ${expires} }\n`;
    const cases: [string, boolean][] = [
      [on("prod"), true],
      [on("prod", "", '"8 hours"'), false],
      [on("prod", "  testnet:protect: false\n"), false],
      [on("dev"), false],
      [on("dev", "  testnet:protect: true\n"), true],
      [on("elsewhere"), true],
      [on("local"), false],
      ["config:\n  testnet:protect: true\n  testnet:network: [broken\n", true],
      ["config:\n  testnet:network: [broken\n", false],
    ];
    for (const [text, wanted] of cases) {
      write("one", text);
      assert.equal(isStackProtected(directory.path, "one"), wanted, text);
    }
    assert.equal(isStackProtected(directory.path, "no-file"), false);
    assert.equal(isStackProtected(directory.path, "prod-testnet"), true);
  });

  it("is lost only for its name: --yes does not stand for it", async () => {
    const ask = (guarded: boolean, options: object) =>
      confirmLoss({ stack: "one" }, "Lose it?", guarded, options);
    await assert.rejects(ask(true, { yes: true }), /TN2044 one: the network is protected/);
    await assert.rejects(ask(true, { confirm: "two" }), /given: {3}"two"/);
    await ask(true, { confirm: "one" });
    await ask(false, { yes: true });
  });
});
