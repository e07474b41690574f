import assert from "node:assert/strict";
import { RehearsalWorld } from "./support/rehearsal-world";

describe("quotas of a new account", function () {
  this.timeout(300_000);
  let world: RehearsalWorld;

  before(async () => {
    world = await RehearsalWorld.start("prod", {}, {});
  });
  after(() => world.close());

  for (const operation of ["preview", "up"] as const) {
    it(`fail ${operation} of prod with the name of each, and nothing is created`, async () => {
      const { ok, problems } = await world[operation]();
      assert.equal(ok, false);
      assert.equal(problems.length, 1);
      const [words = ""] = problems;
      for (const [region, needed] of [
        ["us-east-1", 24],
        ["us-west-2", 20],
      ] as const) {
        const name = "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances";
        assert.ok(
          words.includes(`TN2010 aws ${region}: the quota "${name}" (L-1216C47A) is too small`),
          words,
        );
        assert.ok(
          words.includes(`--region ${region} --service-code ec2 --quota-code L-1216C47A --desired-value`),
        );
        assert.ok(words.includes(`"${needed} vCPUs"`));
      }
      assert.deepEqual(await world.clouds.ask("operations"), []);
    });
  }
});
