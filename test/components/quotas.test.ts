import assert from "node:assert/strict";
import type { ClusterEnvironment } from "../../stacks/config/environment";
import { buildEnvironment } from "../../stacks/environment";
import { environmentImages } from "../../stacks/images";
import { Regions } from "../../stacks/regions";
import { requireQuotas } from "../../stacks/quotas";
import { TestnetError } from "../../errors/problem";
import { registrations } from "./mocks";
import { registerShipped } from "./shipped";
import { shippedEnvironment } from "./stacks";

/** What is wrong with the quotas of an account that has what a new one has, and what was registered to find it. */
async function ask(environment: ClusterEnvironment) {
  let error: unknown;
  const { resources } = await registrations(async () => {
    await requireQuotas(environment, new Regions()).catch((reason: unknown) => (error = reason));
  });
  return { error, types: resources.map(({ type }) => type) };
}

describe("the quotas of an account", () => {
  const prod = shippedEnvironment("prod");

  it("that are too small are told of all regions at once, and nothing but providers is registered", async () => {
    const { error, types } = await ask(prod);
    assert.ok(error instanceof TestnetError);
    assert.deepEqual(
      error.problems.map(({ code, at, message, given, allowed }) => [code, at, message, given, allowed]),
      [
        ["aws us-east-1", "use1", "24 vCPUs"],
        ["aws us-west-2", "usw2", "20 vCPUs"],
      ].map(([at, name, given]) => [
        ...["TN2010", at, `the quota "quota L-1216C47A" (L-1216C47A) is too small for ${name}`],
        ...[given, "at most 5"],
      ]),
    );
    assert.match(
      error.message,
      /`aws service-quotas request-service-quota-increase --region us-west-2 .* 20`/,
    );
    assert.deepEqual(
      types.filter((type) => !type.startsWith("pulumi:")),
      [],
    );
  });

  it("are counted for all clusters of a region together", async () => {
    const [cluster] = prod.clusters;
    assert.ok(cluster?.cloud === "aws");
    const clusters = Array.from({ length: 6 }, (_, index) => ({
      ...{ ...cluster, name: `c${index}`, nodePools: [] },
    }));
    const { error } = await ask({ ...prod, clusters });
    assert.ok(error instanceof TestnetError);
    assert.deepEqual(
      error.problems.map(({ given, allowed }) => [given, allowed]),
      [["6 VPCs", "at most 5"]],
    );
  });

  it("that are enough change nothing of what is registered", async () => {
    const dev = shippedEnvironment("dev");
    const { resources } = await registrations(async () => {
      const regions = new Regions();
      await requireQuotas(dev, regions);
      buildEnvironment(dev, "dev", regions, await environmentImages(dev));
    }, "dev");
    const names = (all: readonly { type: string; name: string }[]) =>
      all.map(({ type, name }) => `${type} ${name}`).sort();
    assert.deepEqual(names(resources), names((await registerShipped("dev")).resources));
  });
});
