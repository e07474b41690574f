import * as assert from "node:assert/strict";
import * as path from "node:path";
import fc from "fast-check";
import { changedStacks, type KnownStack } from "../../../cli/comment/changed-stacks";
import { knownStacks } from "../../../cli/comment/known-stacks";

const PROJECT = path.resolve(__dirname, "../../..");

const STACKS: readonly KnownStack[] = [
  { name: "dev", clouds: ["aws"] },
  { name: "prod", clouds: ["aws", "gcp"] },
  { name: "dev-ethereum", environment: "dev", clouds: ["aws"], protocol: "ethereum" },
  { name: "prod-mina", environment: "prod", clouds: ["aws", "gcp"], protocol: "mina" },
  { name: "broken" },
];
const ALL = STACKS.map(({ name }) => name);

const CASES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["its own file", ["Pulumi.dev-ethereum.yaml"], ["dev-ethereum"]],
  ["the file of its environment", ["Pulumi.prod.yaml"], ["prod", "prod-mina"]],
  ["its keyring", ["keyrings/prod-mina.json"], ["prod-mina"]],
  ["a broken file that changed", ["Pulumi.broken.yaml"], ["broken"]],
  ["a file that is gone", ["Pulumi.gone.yaml"], []],
  ["the program", ["stacks/environment.ts"], ALL],
  ["a package", ["package-lock.json"], ALL],
  ["the policy", ["policy/rules.ts"], ALL],
  ["a cloud", ["components/gcp/region.ts"], ["prod", "prod-mina", "broken"]],
  ["what all clouds share", ["components/kubernetes/monitoring/alerts.ts"], ALL],
  ["what is of this machine", ["components/local/home.ts"], []],
  ["a protocol", ["protocols/mina/plan.ts"], ["prod-mina"]],
  ["what all protocols share", ["protocols/plan.ts"], ["dev-ethereum", "prod-mina"]],
  ["a chart", ["charts/daemon/values.yaml"], ["dev-ethereum", "prod-mina"]],
  ["words and tests", ["README.md", "docs/ci.md", "test/unit/plan.test.ts", "cli/main.ts"], []],
  ["a file that only looks like one of ours", ["docs/Pulumi.prod.yaml", "x/stacks/a.ts"], []],
];

describe("the stacks that a pull request changes", () => {
  for (const [what, files, wanted] of CASES) {
    it(`by ${what}: ${wanted.join(", ") || "none"}`, () => {
      assert.deepEqual(changedStacks(files, STACKS), wanted);
    });
  }

  it("of two changes are those of each, in the order of the stacks, each once", () => {
    const files = fc.subarray(CASES.flatMap(([, paths]) => paths));
    fc.assert(
      fc.property(files, files, (one, other) => {
        const both = new Set([...changedStacks(one, STACKS), ...changedStacks(other, STACKS)]);
        assert.deepEqual(
          changedStacks([...one, ...other], STACKS),
          ALL.filter((name) => both.has(name)),
        );
      }),
    );
  });

  it("knows the shipped stacks in clusters, and leaves out those of this machine", () => {
    const stacks = knownStacks(PROJECT);
    const of = (wanted: string) => stacks.find(({ name }) => name === wanted);
    assert.deepEqual(of("prod"), { name: "prod", clouds: ["aws", "gcp"] });
    assert.deepEqual(of("dev-ethereum"), {
      ...{ name: "dev-ethereum", environment: "dev", protocol: "ethereum", clouds: ["aws"] },
    });
    assert.equal(of("local"), undefined);
  });
});
