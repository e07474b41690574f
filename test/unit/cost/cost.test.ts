import assert from "node:assert/strict";
import * as fc from "fast-check";
import { CATALOG } from "../../../stacks/catalog/catalog";
import { always, type BillLine, LEVELS, readCostOutput } from "../../../stacks/cost/bill";
import { costOf, dollars, grown, ownLines } from "../../../stacks/cost/cost";
import { environmentBill } from "../../../stacks/cost/environment-bill";
import { PRICES, PRICES_DATE } from "../../../stacks/cost/prices";
import { PRICE_SOURCES } from "../../../stacks/cost/sources";
import { shippedEnvironment } from "../../components/stacks";

const CLOUDS = ["aws", "gcp"] as const;

/** Any line that the table has a price for. */
const pricedLine: fc.Arbitrary<BillLine> = fc
  .record({
    cloud: fc.constantFrom(...CLOUDS),
    of: fc.constantFrom("one", "two"),
    item: fc.constantFrom("disk", "secret", "traffic", "load balancer", "machine", "spot machine"),
    amount: fc.double({ min: 0, max: 5000, noNaN: true }),
    pick: fc.nat(),
  })
  .map(({ cloud, of, item, amount, pick }) => {
    const machines = Object.keys(CATALOG[cloud].machines);
    const regions = Object.keys(CATALOG[cloud].regions);
    const isMachine = item.endsWith("machine");
    return {
      ...{ cloud, of, item: item, quantity: always(amount) },
      region: regions[pick % regions.length] ?? "",
      ...(isMachine && { machine: machines[pick % machines.length] ?? "" }),
    };
  });

describe("what bills come to", () => {
  it("is exactly the sum of its lines, by hour and by month, at every level", () => {
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    fc.assert(
      fc.property(fc.array(pricedLine, { maxLength: 60 }), (bill) => {
        const { lines, total, unknown } = costOf(bill);
        assert.deepEqual(unknown, []);
        for (const level of LEVELS) {
          for (const by of ["microsPerHour", "microsPerMonth"] as const) {
            const parts = lines.map(({ money }) => money?.[level][by] ?? NaN);
            assert.ok(parts.every((part) => Number.isSafeInteger(part)));
            assert.equal(sum(parts), total[level][by]);
          }
        }
      }),
    );
  });

  it("never counts a machine that the table lacks as free: it is named, and has no amount", () => {
    const [line] = environmentBill(shippedEnvironment("dev")).filter(({ item }) => item === "machine");
    assert.ok(line);
    const { lines, total, unknown } = costOf([line, { ...line, machine: "z9z.mega" }]);
    assert.equal(lines[1]?.money, undefined);
    assert.deepEqual(unknown, ["use2: daemons: 1 to 3 z9z.mega"]);
    assert.equal(total.least.microsPerMonth, costOf([line]).total.least.microsPerMonth);
  });

  it("has a price for every machine and region of the catalogue, one family each", () => {
    for (const cloud of CLOUDS) {
      for (const machine of Object.keys(CATALOG[cloud].machines)) {
        for (const region of Object.keys(CATALOG[cloud].regions)) {
          const line: BillLine = { cloud, region, machine, of: "x", item: "machine", quantity: always(1) };
          const { total, unknown } = costOf([line]);
          assert.deepEqual(unknown, [], machine);
          assert.ok(dollars(total.least.microsPerMonth) > 20, `${machine} in ${region}`);
        }
        const families = Object.keys(PRICES[cloud].cpuHour).filter((family) =>
          [`${family}.`, `${family}-`].some((prefix) => machine.startsWith(prefix)),
        );
        assert.equal(families.length, 1, machine);
      }
    }
  });

  it("names a dated table, and a page for each part of it", () => {
    assert.match(PRICES_DATE, /^\d{4}-\d{2}-\d{2}$/);
    for (const cloud of CLOUDS) {
      assert.ok(PRICE_SOURCES.filter((source) => source.cloud === cloud).length >= 10);
    }
    assert.ok(PRICE_SOURCES.every(({ page }) => page.startsWith("https://")));
  });
});

describe("the bill of an environment", () => {
  const prod = shippedEnvironment("prod");
  const lines = environmentBill(prod);
  const line = (of: string, pool: string, item: BillLine["item"]) =>
    lines.find((each) => each.of === of && each.pool === pool && each.item === item);

  it("has a control plane for every cluster, and machines, addresses and disks for every pool", () => {
    for (const { name, nodePools } of prod.clusters) {
      assert.equal(lines.filter(({ of, item }) => of === name && item === "control plane").length, 1);
      for (const pool of nodePools) {
        const machines = line(name, pool.name, pool.spot ? "spot machine" : "machine");
        assert.deepEqual(machines?.quantity, { least: pool.min, expected: pool.min, most: pool.max });
        assert.equal(line(name, pool.name, "machine address")?.quantity.most, pool.max);
        assert.equal(line(name, pool.name, "disk")?.quantity.most, pool.max * pool.diskGiB);
      }
    }
  });

  it("counts a pool at its price: a c6a.4xlarge is 446.76 in us-east-1, spot at four tenths", () => {
    const month = (of: BillLine | undefined, level: "least" | "most") => {
      assert.ok(of);
      return dollars(costOf([of]).total[level].microsPerMonth);
    };
    assert.equal(month(line("use1", "daemons", "machine"), "least"), 446.76);
    assert.equal(month(line("use1", "workers", "spot machine"), "least"), 0);
    assert.equal(month(line("use1", "workers", "spot machine"), "most"), 7148.16);
  });

  it("stays within what JSON and an output of the stack can hold, and comes back the same", () => {
    const output = { version: 1, environment: "prod", owner: "somebody", lines };
    assert.deepEqual(readCostOutput(JSON.parse(JSON.stringify(output))), output);
    assert.equal(readCostOutput({ ...output, version: 2 }), undefined);
    assert.equal(readCostOutput(undefined), undefined);
  });

  it("grows with its networks: to what they need together or the largest alone, within min and max", () => {
    const share = (expected: number, most: number): BillLine[] => [
      {
        ...{ of: "use1", cloud: "aws", region: "us-east-1", item: "machine", pool: "daemons" },
        quantity: { least: expected, expected, most },
      },
    ];
    const machines = (...networks: BillLine[][]) =>
      grown(lines, networks).find((each) => each.of === "use1" && each.pool === "daemons")?.quantity.expected;
    assert.equal(machines(), 1);
    assert.equal(machines(share(0.2, 1), share(0.3, 1)), 1);
    assert.equal(machines(share(0.7, 1), share(0.8, 1)), 2);
    assert.equal(machines(share(0.9, 3)), 3);
    assert.equal(machines(share(40, 40)), 12);
    const disk = grown(lines, [share(1.5, 2)]).find(
      ({ of, pool, item }) => of === "use1" && pool === "daemons" && item === "disk",
    );
    assert.equal(disk?.quantity.expected, 200);
  });

  it("has no line that is a network's own", () => {
    assert.ok(ownLines(lines).every(({ item }) => item !== "load balancer" && item !== "traffic"));
  });
});
