import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import type { CommandContext } from "../../../cli/context";
import { judgeCost } from "../../../cli/cost/judge";
import { Output } from "../../../cli/ui/output";
import { loadStackConfig } from "../../../stacks/config/file";
import { type BillLine, always } from "../../../stacks/cost/bill";
import { environmentBill } from "../../../stacks/cost/environment-bill";
import { kindOf } from "../../../stacks/kind";
import { shippedEnvironment } from "../../components/stacks";
import { temporaryDirectory } from "../../support/temporary";

const ROOT = path.resolve(__dirname, "../../..");
const DISK: BillLine = {
  of: "use2",
  cloud: "aws",
  region: "us-east-2",
  item: "disk",
  quantity: always(1000),
};

/** The shipped `dev` with `dev-ethereum`, and a backend of files that other people's stacks are in. */
describe("the judgement of a plan's cost", () => {
  const temporary = temporaryDirectory();
  const url = process.env["PULUMI_BACKEND_URL"];
  const folder = (...parts: string[]) => path.join(temporary.path, ...parts);

  before(() => {
    fs.mkdirSync(folder(".pulumi", "stacks", "testnet"), { recursive: true });
    process.env["PULUMI_BACKEND_URL"] = `file://${temporary.path}`;
    fs.copyFileSync(path.join(ROOT, "Pulumi.dev-ethereum.yaml"), folder("Pulumi.dev-ethereum.yaml"));
  });
  after(() => {
    if (url === undefined) delete process.env["PULUMI_BACKEND_URL"];
    else process.env["PULUMI_BACKEND_URL"] = url;
    temporary.dispose();
  });
  beforeEach(() => budget(undefined));

  function budget(limits: object | undefined): void {
    const { config } = parse(fs.readFileSync(path.join(ROOT, "Pulumi.dev.yaml"), "utf8")) as {
      config: Record<string, object>;
    };
    const environment = { ...config["testnet:environment"], ...(limits && { budget: limits }) };
    fs.writeFileSync(
      folder("Pulumi.dev.yaml"),
      stringify({ config: { ...config, "testnet:environment": environment } }),
    );
  }

  /** A stack in the backend, with one resource and the outputs given. */
  function running(stack: string, outputs: object): void {
    const urn = (type: string) => `urn:pulumi:${stack}::testnet::${type}::x`;
    const resources = ["pulumi:pulumi:Stack", "aws:ec2/eip:Eip"].map((type) => ({
      ...{ urn: urn(type), type },
      ...(type === "pulumi:pulumi:Stack" && { outputs }),
    }));
    const text = JSON.stringify({ version: 3, checkpoint: { stack, latest: { resources } } });
    fs.writeFileSync(folder(".pulumi", "stacks", "testnet", `${stack}.json`), text);
  }

  function judge(stack: string) {
    const context: CommandContext = {
      ...{ directory: temporary.path, stack, home: folder("home") },
      out: new Output(true),
    };
    const found = kindOf(loadStackConfig(temporary.path, stack));
    return judgeCost(context, found, new AbortController().signal);
  }

  it("of what was never up is what it would cost; nothing is spent now", async () => {
    const { cost, problems } = await judge("dev-ethereum");
    assert.equal(cost?.currentPerHourUsd, 0);
    assert.ok(cost.differencePerMonthUsd > 50);
    assert.deepEqual([cost.unknown, problems], [[], []]);
  });

  it("of what runs is the difference to it", async () => {
    const lines = environmentBill(shippedEnvironment("dev"));
    running("dev", { cost: { version: 1, environment: "dev", owner: "x", lines } });
    assert.equal((await judge("dev")).cost?.differencePerMonthUsd, 0);
  });

  it("counts what others run on the environment against its budget and that of their owners", async () => {
    const others = { version: 1, environment: "dev", owner: "testnet-developers", lines: [DISK] };
    running("bob-qa", { standsOn: "dev", cost: others });
    const codes = async (limits: object) => {
      budget(limits);
      return (await judge("dev-ethereum")).problems.map(({ code }) => code);
    };
    // dev with its one machine 231, bob's volumes 80, the network's own things 66.
    assert.deepEqual(await codes({ monthlyUsd: 400 }), []);
    assert.deepEqual(await codes({ monthlyUsd: 350 }), ["TN2040"]);
    // The network with its share of the machine 178, and bob's 80.
    assert.deepEqual(await codes({ perOwnerMonthlyUsd: 300 }), []);
    assert.deepEqual(await codes({ perOwnerMonthlyUsd: 200 }), ["TN2042"]);
  });

  it("does not take for free what runs and tells nothing, or cannot be read", async () => {
    running("old-qa", { standsOn: "dev" });
    fs.writeFileSync(folder(".pulumi", "stacks", "testnet", "broken.json"), "{");
    budget({ monthlyUsd: 10_000 });
    const [problem, ...others] = (await judge("dev-ethereum")).problems;
    assert.deepEqual([problem?.code, others], ["TN2041", []]);
    assert.match(JSON.stringify(problem?.given), /broken.*old-qa/);
  });
});
