import assert from "node:assert/strict";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { FailureLog } from "../../cli/engine/failures";
import { formatProblems, type Problem, problemsIn } from "../../errors/problem";

const PROBLEMS: readonly Problem[] = [
  {
    code: "TN2010",
    at: "aws us-east-1",
    message: 'the quota "Running (A, C): all" is too small for use1',
    given: "24 vCPUs",
    allowed: "at most 5",
    remedy: "Run `aws service-quotas`, or ask on https://example.org/x.",
  },
  { code: "TN2007", message: "unknown field", remedy: "Mend it." },
  { code: "TN1006", at: "testnet:network", message: "wrong", given: { a: [1] }, remedy: "Set another." },
];

const diagnostic = (message: string, urn?: string): EngineEvent => ({
  ...{ sequence: 1, timestamp: 1 },
  diagnosticEvent: {
    ...{ message, severity: "error", color: "never", prefix: "" },
    ...(urn !== undefined && { urn }),
  },
});

describe("what the engine tells of a failure", () => {
  it("has the problems that the program found, as they were", () => {
    assert.deepEqual(problemsIn(formatProblems(PROBLEMS)), PROBLEMS);
    assert.deepEqual(problemsIn("TN9999 nothing\n    to do:   x\n    more:    y"), []);
    assert.deepEqual(problemsIn("creating EC2 VPC: VpcLimitExceeded"), []);
  });

  it("is told once, with the program's own codes, however often the engine says it", () => {
    const log = new FailureLog();
    for (const message of [formatProblems(PROBLEMS), `${formatProblems(PROBLEMS)}\n`, "preview failed"]) {
      log.onEvent(diagnostic(message));
    }
    assert.deepEqual(log.toError(new Error("failed")).problems, PROBLEMS);
  });

  it("keeps what resources tell beside it, in their own words", () => {
    const log = new FailureLog();
    log.onEvent(
      diagnostic(formatProblems(PROBLEMS), "urn:pulumi:a::testnet::pulumi:pulumi:Stack::testnet-a"),
    );
    const message = formatProblems([{ code: "TN3002", message: "geth ended" }]);
    log.onEvent(diagnostic(message, "urn:pulumi:a::testnet::testnet-local:index:Process::a-geth"));
    const { problems } = log.toError(new Error("failed"));
    assert.deepEqual(problems.slice(0, PROBLEMS.length), PROBLEMS);
    assert.deepEqual(problems.slice(PROBLEMS.length), [{ code: "TN2001", at: "a-geth", message }]);
  });

  it("is of the engine where the program said nothing", () => {
    const log = new FailureLog();
    log.onEvent(diagnostic("no room"));
    assert.deepEqual(log.toError(new Error("failed")).problems, [{ code: "TN2001", message: "no room" }]);
  });
});
