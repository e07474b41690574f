import assert from "node:assert/strict";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { FailureLog } from "../../../cli/engine/failures";
import { lockProblem } from "../../../cli/engine/locks";
import { Phases } from "../../../simulator/rehearsal/phases";

const NOW = new Date("2026-01-01T00:30:00Z");
const FILE = "s3://states/.pulumi/locks/organization/testnet/prod-testnet/0af3.json";

describe("a stack that another run holds", () => {
  it("is told with who, since when, how to wait and how to break it", () => {
    const problem = lockProblem(
      "error: the stack is currently locked by 2 lock(s). Either wait for the other process(es) to end or delete the " +
        `lock file with \`pulumi cancel\`.\n  ${FILE}: created by alice@desk (pid 12) at 2026-01-01T00:00:00Z\n` +
        `  ${FILE}: created by bob@lab (pid 7) at 2025-12-31T21:00:00+00:00\n`,
      NOW,
    );
    assert.equal(problem?.code, "TN2003");
    assert.equal(problem.at, "prod-testnet");
    assert.equal(
      problem.message,
      "held by alice@desk (process 12) since 2026-01-01T00:00:00Z, 30 minutes ago, " +
        "and by bob@lab (process 7) since 2025-12-31T21:00:00+00:00, 3 hours ago",
    );
    assert.match(problem.remedy ?? "", /Wait .*--wait-for-lock .*pulumi cancel --stack prod-testnet/);
  });

  it("is known by the words of Pulumi Cloud, too, and nothing else is taken for one", () => {
    const conflict = "error: [409] Conflict: Another update is currently in progress.";
    assert.equal(lockProblem(conflict, NOW)?.message, "another run is changing the stack");
    assert.equal(lockProblem("error: creating a lock file failed", NOW), undefined);
  });

  it("has each holder once, though the engine says it twice", () => {
    const once = `the stack is currently locked by 1 lock(s)\n ${FILE}: created by a@b (pid 1) at 2026-01-01T00:29:30Z\n`;
    assert.equal(
      lockProblem(`${once}${once}`, NOW)?.message,
      "held by a@b (process 1) since 2026-01-01T00:29:30Z",
    );
  });

  it("has no age where clocks differ", () => {
    const ahead = `the stack is currently locked by 1 lock(s)\n x: created by a@b (pid 1) at 2026-01-01T09:00:00Z`;
    assert.equal(lockProblem(ahead, NOW)?.message, "held by a@b (process 1) since 2026-01-01T09:00:00Z");
  });
});

describe("a cluster that does not answer during a run", () => {
  const base = { sequence: 1, timestamp: 1 };
  const urn = (name: string) => `urn:pulumi:net::testnet::kubernetes:helm.sh/v3:Release::${name}`;
  const provider = (cluster: string) =>
    `urn:pulumi:net::testnet::pulumi:providers:kubernetes::${cluster}::0af3-11`;
  const event = (kind: "resourcePreEvent" | "resOutputsEvent", name: string, cluster: string, op: string) =>
    ({
      ...base,
      [kind]: { metadata: { urn: urn(name), op, provider: provider(cluster) } },
    }) as never as EngineEvent;
  const failed = (name: string, message: string) =>
    ({
      ...base,
      diagnosticEvent: { message, severity: "error", color: "never", prefix: "", urn: urn(name) },
    }) as EngineEvent;

  it("is named once, with what was done elsewhere; other failures stand beside it", () => {
    const log = new FailureLog();
    log.onEvent(event("resourcePreEvent", "net-use1-seeds", "use1", "update"));
    log.onEvent(event("resOutputsEvent", "net-use1-seeds", "use1", "update"));
    for (const name of ["net-euw4-seeds", "net-euw4-producers"]) {
      log.onEvent(event("resourcePreEvent", name, "euw4", "update"));
      log.onEvent(
        failed(name, "configured Kubernetes cluster is unreachable: unable to load schema information"),
      );
    }
    log.onEvent(event("resourcePreEvent", "net-use1-nodes", "use1", "update"));
    log.onEvent(failed("net-use1-nodes", "values do not meet the schema"));
    const error = log.toError(new Error("update failed"));
    assert.deepEqual(
      error.problems.map(({ code, at }) => [code, at]),
      [
        ["TN2045", "cluster euw4"],
        ["TN2001", "net-use1-nodes"],
      ],
    );
    assert.match(error.message, /2 of its resources were left as they are, 1 others were changed/);
    assert.match(error.message, /run the same command again/);
  });

  it("is not blamed for the silence of something that is in no cluster", () => {
    const log = new FailureLog();
    log.onEvent(failed("elsewhere", "connect ECONNREFUSED 127.0.0.1:1"));
    assert.deepEqual(
      log.toError(new Error("x")).problems.map(({ code }) => code),
      ["TN2001"],
    );
  });
});

describe("a program that had questions left when the engine ended for a failure", () => {
  const GONE =
    "One or more errors occurred: 14 UNAVAILABLE: No connection established. Last error: null. Resolution note:";
  const urn = "urn:pulumi:net::testnet::aws:ec2/eip:Eip::net-seed-1";
  const told = (message: string, of?: string) =>
    ({
      diagnosticEvent: { message, severity: "error", ...(of !== undefined && { urn: of }) },
    }) as EngineEvent;
  const EVENTS = [
    told("the quota is used up", urn),
    told(`<{%fg 1%}>${GONE}<{%reset%}>`),
    told("update failed"),
  ];

  it("is not told as another failure: what failed is", () => {
    const log = new FailureLog();
    EVENTS.forEach(log.onEvent);
    assert.deepEqual(log.toError(new Error("code: 255")).problems, [
      { code: "TN2001", at: "net-seed-1", message: "the quota is used up" },
    ]);
  });

  it("nor in a rehearsal", async () => {
    const phases = new Phases(
      1,
      new AbortController().signal,
      () => undefined,
      () => undefined,
    );
    const { problems } = await phases.run("up", "changes", ({ onEvent }) => {
      EVENTS.forEach(onEvent);
      return Promise.reject(new Error("code: 255"));
    });
    assert.deepEqual(problems, ["net-seed-1: the quota is used up"]);
  });

  it("but is told where nothing else was", () => {
    const log = new FailureLog();
    log.onEvent(told(GONE));
    assert.match(log.toError(new Error(`code: 255\nerror: ${GONE}`)).message, /TN2001 .*14 UNAVAILABLE/);
  });
});
