import assert from "node:assert/strict";
import { CATALOG } from "../../../stacks/catalog/catalog";
import { monthlyCost } from "../../../stacks/cost/cost";
import { PRICES, PRICES_DATE } from "../../../stacks/cost/prices";
import { shippedEnvironment } from "../../components/stacks";

describe("the monthly cost", () => {
  it("is the sum of its lines, at least and at most", () => {
    for (const stack of ["prod", "dev"]) {
      const { lines, least, most } = monthlyCost(shippedEnvironment(stack));
      const sum = (key: "least" | "most") => lines.reduce((total, line) => total + line[key], 0);
      assert.ok(Math.abs(sum("least") - least) < 0.01);
      assert.ok(Math.abs(sum("most") - most) < 0.01);
      assert.ok(lines.every((line) => line.least <= line.most && line.least >= 0));
    }
  });

  it("has a line for every control plane and node pool", () => {
    const environment = shippedEnvironment("prod");
    const { lines } = monthlyCost(environment);
    for (const { name, nodePools } of environment.clusters) {
      assert.ok(lines.some((line) => line.of === name && line.what.endsWith("control plane")));
      for (const pool of nodePools) {
        assert.ok(lines.some((line) => line.of === name && line.what.startsWith(pool.name)));
      }
    }
  });

  it("has a price for every machine and a date", () => {
    assert.match(PRICES_DATE, /^\d{4}-\d{2}-\d{2}$/);
    const environment = shippedEnvironment("dev");
    const [cluster] = environment.clusters;
    assert.ok(cluster?.cloud === "aws");
    for (const machine of Object.keys(CATALOG.aws.machines)) {
      const nodePools = cluster.nodePools.map((pool) => ({ ...pool, machine }));
      assert.ok(monthlyCost({ ...environment, clusters: [{ ...cluster, nodePools }] }).least > 100, machine);
    }
    for (const machine of Object.keys(CATALOG.gcp.machines)) {
      const family = Object.keys(PRICES.gcp.cpuHour).filter((name) => machine.startsWith(`${name}-`));
      assert.equal(family.length, 1, machine);
    }
  });

  it("counts a pool at its price: a c6a.4xlarge is 446.76 in us-east-1, spot at four tenths", () => {
    const { lines } = monthlyCost(shippedEnvironment("prod"));
    const line = (of: string, pool: string) =>
      lines.find((each) => each.of === of && each.what.startsWith(pool));
    assert.equal(line("use1", "daemons")?.least.toFixed(2), "446.76");
    assert.equal(line("use1", "workers")?.least, 0);
    assert.equal(line("use1", "workers")?.most.toFixed(0), String(Math.round(20 * 893.52 * 0.4)));
  });
});
