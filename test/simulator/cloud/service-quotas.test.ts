import assert from "node:assert/strict";
import type { Properties } from "../../../plugin/provider";
import { ON_DEMAND_CPUS, ROLES, VPCS } from "../../../simulator/aws/quotas";
import { SmallWorld } from "./small-world";

const TOKEN = "aws:servicequotas/getServiceQuota:getServiceQuota";

describe("the simulated Service Quotas", () => {
  let world: SmallWorld;
  beforeEach(() => {
    world = new SmallWorld({ [VPCS.id]: 7 });
  });
  afterEach(() => world.close());

  const ask = (args: Properties, region = "us-east-1") =>
    world.aws(region).provider.invoke(TOKEN, args) as Properties;

  it("tell what the account may have, and what a new one has", () => {
    const { value, defaultValue, quotaName, region } = ask(
      { serviceCode: "vpc", quotaCode: VPCS.id },
      "us-west-2",
    );
    assert.deepEqual([value, defaultValue, quotaName, region], [7, 5, "VPCs per Region", "us-west-2"]);
    const byName = ask({ serviceCode: "ec2", quotaName: ON_DEMAND_CPUS.name });
    assert.deepEqual([byName["value"], byName["quotaCode"]], [5, ON_DEMAND_CPUS.id]);
  });

  it("know every quota that is enforced", () => {
    const { models } = world.world.clouds["aws"] ?? assert.fail();
    const enforced = Object.values(models).flatMap(({ quotas = [] }) => quotas.map(({ quota }) => quota));
    assert.ok(enforced.length > 5);
    for (const { id, limit } of enforced) {
      const told = ["ec2", "vpc", "eks", "elasticloadbalancing", "iam"].flatMap((serviceCode) => {
        try {
          return [ask({ serviceCode, quotaCode: id })];
        } catch {
          return [];
        }
      });
      assert.deepEqual(
        told.map(({ defaultValue }) => defaultValue),
        [limit],
        id,
      );
    }
  });

  it("refuse what is wrong", () => {
    const wrong: [args: Properties, words: RegExp, region?: string][] = [
      [{ quotaCode: VPCS.id }, /"serviceCode" is required/],
      [{ serviceCode: "vpc" }, /one of "quotaCode" and "quotaName"/],
      [
        { serviceCode: "vpc", quotaCode: VPCS.id, quotaName: VPCS.name },
        /one of "quotaCode" and "quotaName"/,
      ],
      [{ serviceCode: "vpc", quotaCode: VPCS.id, quota: 1 }, /'quota' is not expected here/],
      [{ serviceCode: "ec2", quotaCode: VPCS.id }, /NoSuchResourceException/],
      [{ serviceCode: "ec3", quotaCode: VPCS.id }, /NoSuchResourceException/],
      [{ serviceCode: "iam", quotaCode: ROLES.id }, /NoSuchResourceException/, "us-west-2"],
    ];
    for (const [args, words, region] of wrong) assert.throws(() => ask(args, region), words);
  });
});
