import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { EngineEvent, PolicyEvent } from "@pulumi/pulumi/automation";
import { policyError, policyProblems } from "../../../cli/policy/enforce";
import { POLICY_PACK, policyOptions, problemsOf } from "../../../cli/policy/pack";
import { PolicyWatch } from "../../../cli/policy/violations";
import { TestnetError } from "../../../errors/problem";
import { stackFacts } from "../../../policy/stack";
import { temporaryDirectory } from "../../support/temporary";

/** What the CLI makes of what policies say, and how it asks them. */
const URN = "urn:pulumi:prod::testnet::testnet:aws:PeerPorts$aws:ec2/eip:Eip::seed-1";

const event = (given: Partial<PolicyEvent>, level = "mandatory"): EngineEvent =>
  ({
    policyEvent: {
      resourceUrn: URN,
      message: "What the rule is for.\ntcp 22 is open\n",
      policyName: "only-peer-ports-open",
      enforcementLevel: level,
      ...given,
    },
  }) as EngineEvent;

function watched(...events: readonly EngineEvent[]) {
  const watch = new PolicyWatch();
  events.forEach(watch.onEvent);
  return watch.result();
}

describe("what policies say", () => {
  it("is kept without the rule's description, mandatory rules first, each once", () => {
    const result = watched(
      event({ policyName: "b", resourceUrn: "" }, "advisory"),
      event({}),
      event({}),
      event({ policyName: "a", message: "can't run policy" }, "remediate"),
      { diagnosticEvent: { message: "x", color: "", severity: "error" } } as EngineEvent,
    );
    assert.deepEqual(result, {
      pack: "testnet",
      violations: [
        { policy: "a", level: "mandatory", urn: URN, message: "can't run policy" },
        { policy: "only-peer-ports-open", level: "mandatory", urn: URN, message: "tcp 22 is open" },
        { policy: "b", level: "advisory", urn: undefined, message: "tcp 22 is open" },
      ],
    });
  });

  it("becomes an error with rule, resource and remedy, in the place of the engine's own words", () => {
    const cause = new TestnetError({ code: "TN2001", message: "preview failed" });
    const error = policyError(
      cause,
      watched(event({}), event({ policyName: "b" }, "advisory")),
    ) as TestnetError;
    assert.deepEqual(error.problems, [
      {
        code: "TN2030",
        at: "seed-1",
        message: "only-peer-ports-open: tcp 22 is open",
        remedy:
          "Change the setting or the code that the resource comes from. The rule: docs/policies.md#only-peer-ports-open",
      },
    ]);
    assert.equal(error.cause, cause);
  });

  it("hides no other failure of the same run", () => {
    const other = { code: "TN2001", at: "cluster", message: "quota exceeded" } as const;
    const error = policyError(new TestnetError([other]), watched(event({}))) as TestnetError;
    assert.deepEqual(
      error.problems.map(({ code }) => code),
      ["TN2030", "TN2001"],
    );
  });

  it("leaves a failure that is not theirs as it is", () => {
    const cause = new TestnetError({ code: "TN2003", message: "locked" });
    assert.equal(policyError(cause, watched()), cause);
    assert.deepEqual(policyProblems(watched(event({}, "advisory"))), []);
  });
});

describe("the settings of the policies", () => {
  it("are a level by the name of a rule", () => {
    assert.deepEqual(
      problemsOf('{"images-by-digest": "mandatory", "expiry-tagged": {"enforcementLevel": "advisory"}}'),
      [],
    );
    assert.deepEqual(problemsOf('{"images-by-digest": {"environments": ["prod", "staging"]}}'), []);
  });

  for (const [what, text] of [
    ["an unknown rule", '{"image-by-digest": "mandatory"}'],
    ["an unknown level", '{"images-by-digest": "off"}'],
    ["no JSON", "images-by-digest: off"],
    ["a list", "[]"],
  ] as const) {
    it(`refuses ${what}, and says what there is`, () => {
      const [problem] = problemsOf(text);
      assert.equal(problem?.code, "TN2032");
      assert.match(problem.at ?? "", /^policy\.json/);
      assert.match(problem.allowed ?? "", /mandatory, advisory, disabled.*images-by-digest/);
    });
  }

  it("are those beside the stack files, where there are any", () => {
    const folder = temporaryDirectory();
    try {
      assert.deepEqual(policyOptions(folder.path), { policyPacks: [POLICY_PACK] });
      const file = path.join(folder.path, "policy.json");
      fs.writeFileSync(file, "{}");
      assert.deepEqual(policyOptions(folder.path), { policyPacks: [POLICY_PACK], policyPackConfigs: [file] });
      fs.writeFileSync(file, "[]");
      assert.throws(() => policyOptions(folder.path), { name: "TestnetError", message: /TN2032/ });
    } finally {
      folder.dispose();
    }
  });
});

describe("what the pack knows of a stack", () => {
  const facts = (config: Record<string, unknown>) =>
    stackFacts({ PULUMI_NODEJS_STACK: "alice-qa", PULUMI_CONFIG: JSON.stringify(config) });

  it("a network stands on an environment, and may end", () => {
    const network = JSON.stringify({ protocol: "mina", expires: "8 hours" });
    assert.deepEqual(facts({ "testnet:environment": "prod", "testnet:network": network }), {
      name: "alice-qa",
      environment: "prod",
      isSelfService: true,
      peerPorts: undefined,
    });
  });

  it("an environment is its own, and may declare ports for peers", () => {
    const environment = JSON.stringify({ owner: "x", peerPorts: { from: 10_000, to: 10_099 } });
    assert.deepEqual(facts({ "testnet:environment": environment }), {
      name: "alice-qa",
      environment: "alice-qa",
      isSelfService: false,
      peerPorts: { from: 10_000, to: 10_099 },
    });
  });

  it("without a configuration nothing is presumed", () => {
    assert.deepEqual(stackFacts({}), {
      name: "",
      environment: "",
      isSelfService: false,
      peerPorts: undefined,
    });
  });
});
