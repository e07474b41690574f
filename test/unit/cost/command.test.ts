import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { runMain } from "../../support/cli";
import { temporaryDirectory } from "../../support/temporary";

const ROOT = path.resolve(__dirname, "../../..");
const LEVELS = ["least", "expected", "most"] as const;

interface Amount {
  readonly perHourUsd: number;
  readonly perMonthUsd: number;
}
type Amounts = Readonly<Record<(typeof LEVELS)[number], Amount>>;
interface Report {
  readonly stack: string;
  readonly lines: readonly (Partial<Amounts> & {
    readonly of: string;
    readonly known: boolean;
    readonly item: string;
  })[];
  readonly total: Amounts;
  readonly unknown: readonly string[];
  readonly networks: readonly string[];
}

async function cost(stack: string, directory = ROOT): Promise<Report> {
  const { status, stdout, stderr } = await runMain("-C", directory, "cost", stack, "--json");
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Report;
}

/** Dollars with six decimals at most, as a whole number. */
const micros = (usd: number) => Math.round(usd * 1_000_000);

describe("testnet cost", () => {
  for (const stack of ["prod", "prod-testnet", "dev", "dev-ethereum"]) {
    it(`${stack} adds up line by line, exactly, by hour and by month`, async () => {
      const { lines, total, unknown } = await cost(stack);
      assert.ok(lines.length > 5);
      assert.deepEqual(unknown, []);
      for (const level of LEVELS) {
        for (const by of ["perHourUsd", "perMonthUsd"] as const) {
          const sum = lines.reduce((soFar, line) => soFar + micros(line[level]?.[by] ?? NaN), 0);
          assert.equal(sum, micros(total[level][by]), `${level} ${by}`);
        }
      }
    });
  }

  it("prod makes its node pools as large as prod-testnet needs", async () => {
    const { total, networks } = await cost("prod");
    assert.deepEqual(networks, ["prod-testnet"]);
    assert.ok(total.least.perMonthUsd < total.expected.perMonthUsd);
    assert.ok(total.expected.perMonthUsd < total.most.perMonthUsd);
  });

  it("says that machines are the environment's, and what the prices are of", async () => {
    const { stdout } = await runMain("-C", ROOT, "cost", "prod-testnet");
    assert.match(stdout, /Machines are the environment's/);
    assert.match(stdout, /list prices of \d{4}-\d{2}-\d{2}/);
    assert.match(stdout, /load balancers: 2/);
  });

  it("of a network on this machine is nothing", async () => {
    const { lines, total } = await cost("local");
    assert.deepEqual(lines, []);
    assert.equal(total.most.perMonthUsd, 0);
  });

  describe("where a stack file cannot be planned", () => {
    const folder = temporaryDirectory();
    after(() => folder.dispose());

    it("says that what it needs is not known", async () => {
      for (const file of ["Pulumi.dev.yaml", "Pulumi.dev-ethereum.yaml"]) {
        fs.copyFileSync(path.join(ROOT, file), path.join(folder.path, file));
      }
      const bad = parse(fs.readFileSync(path.join(ROOT, "Pulumi.dev-ethereum.yaml"), "utf8")) as {
        config: Record<string, Record<string, unknown>>;
      };
      const settings = { ...bad.config["testnet:network"], nodes: "many" };
      const config = { ...bad.config, "testnet:network": settings };
      fs.writeFileSync(path.join(folder.path, "Pulumi.bad.yaml"), stringify({ config }));
      const { networks, unknown } = await cost("dev", folder.path);
      assert.deepEqual(networks, ["dev-ethereum"]);
      assert.match(unknown.join(), /bad/);
    });
  });
});
