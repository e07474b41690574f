import assert from "node:assert/strict";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { Phases } from "../../../simulator/rehearsal/phases";
import { reportText } from "../../../simulator/rehearsal/report";

/** What a rehearsal makes of what policies say. */
const said = (policyName: string, enforcementLevel: string, name: string): EngineEvent =>
  ({
    policyEvent: {
      resourceUrn: `urn:pulumi:dev::testnet::aws:ec2/eip:Eip::${name}`,
      message: "What the rule is for.\nwhat was found\n",
      policyName,
      enforcementLevel,
    },
  }) as EngineEvent;

const nothing = () => undefined;

describe("policies in a rehearsal", () => {
  it("a broken rule is a problem of its phase, advice is none", async () => {
    const phases = new Phases(1, new AbortController().signal, nothing, nothing);
    const report = await phases.run("preview", "changes", ({ onEvent }) => {
      onEvent(said("images-by-digest", "advisory", "job"));
      onEvent(said("expiry-tagged", "mandatory", "seed-1"));
      return Promise.reject(new Error("preview failed"));
    });
    assert.equal(report.ok, false);
    assert.deepEqual(report.problems, ["seed-1: policy expiry-tagged: what was found"]);
    assert.deepEqual(phases.advice, ["images-by-digest: job: what was found"]);
  });

  it("advice is told once for each rule, and does not fail the rehearsal", async () => {
    const phases = new Phases(1, new AbortController().signal, nothing, nothing);
    const run = ({ onEvent }: { onEvent: (event: EngineEvent) => void }) => {
      for (const name of ["a", "b", "c"]) onEvent(said("images-by-digest", "advisory", name));
      return Promise.resolve();
    };
    await phases.run("preview", "changes", run);
    await phases.run("up", "changes", run);
    assert.equal(phases.advice.length, 3, "the same advice of two runs is one");
    const { reports, advice } = phases;
    const text = reportText({
      ok: true,
      stack: "dev",
      seconds: 1,
      phases: reports,
      advice,
      charts: [],
      leftovers: [],
    });
    assert.match(
      text,
      /Policies advise:\n {2}images-by-digest: a: what was found \(and 2 more; --json shows all\)/,
    );
    assert.match(text, /passed/);
  });
});
