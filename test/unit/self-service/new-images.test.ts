import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { runMain } from "../../support/cli";
import { temporaryDirectory } from "../../support/temporary";

const ROOT = path.join(__dirname, "..", "..", "..");
const DIGEST = `sha256:${"5a".repeat(32)}`;

interface Config {
  readonly config: { readonly "testnet:network": Record<string, unknown> };
}

describe("testnet new --image", function () {
  this.timeout(60_000);
  const directory = temporaryDirectory();
  const home = process.env["TESTNET_HOME"];
  const file = (stack: string) => path.join(directory.path, `Pulumi.${stack}.yaml`);
  const make = (...argv: string[]) =>
    runMain("-C", directory.path, "new", ...argv, "--environment", "dev", "--json");
  const network = (stack: string) =>
    (parse(fs.readFileSync(file(stack), "utf8")) as Config).config["testnet:network"];

  before(() => {
    process.env["TESTNET_HOME"] = path.join(directory.path, "home");
    for (const stack of ["dev", "dev-ethereum"]) {
      fs.copyFileSync(path.join(ROOT, `Pulumi.${stack}.yaml`), file(stack));
    }
  });
  after(() => {
    if (home === undefined) delete process.env["TESTNET_HOME"];
    else process.env["TESTNET_HOME"] = home;
    directory.dispose();
  });

  it("names the daemon of a Mina network, and the plan runs it", async () => {
    const image = `ghcr.io/ann/mina@${DIGEST}`;
    const { status, stderr } = await make("mina-7", "--protocol", "mina", "--image", `daemon=${image}`);
    assert.equal(status, 0, stderr);
    assert.deepEqual(network("mina-7")["images"], { daemon: image });
    const plan = await runMain("-C", directory.path, "plan", "mina-7", "--json");
    assert.ok(plan.stdout.includes(image));
  });

  it("names clients of every pool that runs them, of a network whose settings are taken over too", async () => {
    const [geth, prysm] = [`ghcr.io/ann/geth:pr-7`, `ghcr.io/ann/validator:pr-7@${DIGEST}`];
    const images = ["--image", `geth=${geth}`, "--image", `prysm-validator=${prysm}`];
    const { status, stderr } = await make("geth-7", "--from", "dev-ethereum", ...images);
    assert.equal(status, 0, stderr);
    const pools = network("geth-7")["nodes"] as Record<string, unknown>[];
    assert.ok(pools.length > 0);
    for (const { execution = "geth", consensus = "prysm", images: own = {} } of pools) {
      const named = own as Record<string, string>;
      assert.equal(named["execution"], execution === "geth" ? geth : undefined);
      assert.equal(named["validator"], consensus === "prysm" ? prysm : undefined);
      assert.equal(named["consensus"], undefined);
    }
  });

  for (const [why, code, option] of [
    ["what it does not run", "TN1006", "besu=ghcr.io/ann/besu:1"],
    ["no reference", "TN1006", "geth"],
    ["an image that has neither tag nor digest", "TN1006 testnet:network.nodes", "geth=ghcr.io/ann/geth"],
  ] as const) {
    it(`refuses ${why}, and leaves no file`, async () => {
      const { status, stderr } = await make("refused", "--protocol", "ethereum", "--image", option);
      assert.equal(status, 2);
      assert.ok(stderr.includes(code), stderr);
      assert.ok(!fs.existsSync(file("refused")));
    });
  }
});
