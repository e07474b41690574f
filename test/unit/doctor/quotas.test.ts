import * as assert from "node:assert/strict";
import * as path from "node:path";
import { patientOf } from "../../../cli/doctor/accounts";
import { quotaProblemsOf } from "../../../cli/doctor/quotas";
import type { ClusterEnvironment } from "../../../stacks/config/environment";
import { RehearsalWorld } from "../../rehearsal/support/rehearsal-world";

const PROJECT = path.resolve(__dirname, "../../..");

describe("the doctor, asking the real engine for quotas of simulated clouds", function () {
  this.timeout(120_000);
  const environment = patientOf(PROJECT, "prod")?.environment as ClusterEnvironment;
  const signal = new AbortController().signal;
  let world: RehearsalWorld;
  afterEach(() => world.close());

  it("names those of a new account that are too small for prod, and makes nothing", async () => {
    world = await RehearsalWorld.start("prod", {}, {});
    const problems = await quotaProblemsOf(environment, signal, world.env);
    assert.deepEqual(problems.map(({ code, at }) => `${code} ${at}`).sort(), [
      "TN2010 aws us-east-1",
      "TN2010 aws us-west-2",
    ]);
    assert.deepEqual(await world.clouds.ask("operations"), []);
  });

  it("finds nothing where there is plenty", async () => {
    world = await RehearsalWorld.start("prod", {});
    assert.deepEqual(await quotaProblemsOf(environment, signal, world.env), []);
  });
});
