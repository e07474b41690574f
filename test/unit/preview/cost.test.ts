import assert from "node:assert/strict";
import { previewCost } from "../../../cli/preview/cost";
import { costLines } from "../../../cli/preview/tell";
import { always, type BillLine } from "../../../stacks/cost/bill";

const DISK: BillLine = { of: "use2", cloud: "aws", region: "us-east-2", item: "disk", quantity: always(100) };
const nothing = { unknown: [], networks: [] };

describe("the cost of a preview", () => {
  it("is the difference between what runs and what is planned, at one table of prices", () => {
    const cost = previewCost({ current: [DISK], planned: [DISK, DISK], ...nothing });
    assert.equal(cost.differencePerMonthUsd, 8);
    assert.ok(Math.abs(cost.plannedPerHourUsd - 2 * cost.currentPerHourUsd) < 1e-5);
    assert.match(costLines(cost)[0] ?? "", /\+\$8\.00 a month/);
    const less = previewCost({ current: [DISK], planned: [], ...nothing });
    assert.equal(less.differencePerMonthUsd, -8);
    assert.match(costLines(less)[0] ?? "", /: -\$8\.00 a month/);
    const same = previewCost({ current: [DISK], planned: [DISK], ...nothing });
    assert.match(costLines(same)[0] ?? "", /no difference/);
  });

  it("says what it does not know: a machine without a price, and what runs but tells nothing", () => {
    const machine: BillLine = { ...DISK, item: "machine", machine: "z9z.mega", pool: "daemons" };
    const cost = previewCost({ current: undefined, planned: [machine], unknown: ["a pod"], networks: [] });
    assert.equal(cost.unknown.length, 3);
    assert.match(cost.unknown.join(), /what runs now.*a pod.*z9z\.mega/);
    assert.equal(cost.plannedPerHourUsd, 0);
    assert.equal(costLines(cost).filter((line) => line.includes("nobody knows")).length, 3);
  });

  it("of an environment has the machines that its networks need", () => {
    const pool: BillLine = {
      ...{
        of: "use2",
        cloud: "aws",
        region: "us-east-2",
        item: "machine",
        machine: "m6a.xlarge",
        pool: "d",
        perMachine: 1,
      },
      quantity: { least: 1, expected: 1, most: 5 },
    };
    const network: BillLine = { ...pool, quantity: { least: 1.5, expected: 1.5, most: 2 } };
    const wider: BillLine = { ...pool, quantity: { least: 3, expected: 3, most: 5 } };
    const cost = previewCost({ current: [pool], planned: [wider], unknown: [], networks: [[network]] });
    assert.equal(cost.differencePerMonthUsd, 126.144);
  });
});
