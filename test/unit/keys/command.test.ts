import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { decodeBundle } from "../../../keys/bundle";
import { runMain } from "../../support/cli";
import { temporaryDirectory } from "../../support/temporary";

/** A network on a cluster that is there already: its keys are files, so the whole command runs here. */
const STACK = `config:
  testnet:environment:
    kubeconfig: kubeconfig.yaml
    context: kind-kind
    keys: { directory: private }
  testnet:network:
    protocol: mina
    version: "3.3.1"
    expires: never
    seeds: { count: 1 }
    blockProducers: { count: 1 }
`;

describe("testnet keys", function () {
  this.timeout(60_000);
  const directory = temporaryDirectory();
  const keys = (...argv: string[]) => runMain("-C", directory.path, "keys", ...argv);
  const keyring = path.join(directory.path, "keyrings", "qa.json");
  before(() => {
    fs.writeFileSync(path.join(directory.path, "Pulumi.qa.yaml"), STACK);
    const local =
      "config:\n  testnet:environment: local\n  testnet:network: { protocol: ethereum, nodes: [ { count: 1 } ] }\n";
    fs.writeFileSync(path.join(directory.path, "Pulumi.here.yaml"), local);
  });
  after(() => directory.dispose());

  it("create writes keys and keyring, and tells what to do with it", async () => {
    const { status, stdout, stderr } = await keys("create", "qa");
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^\d+ secrets of qa written, \d+ in all\.\nCommit .*keyrings\/qa\.json/);
    assert.match(stderr, /made {5}seed-1 {2}in the folder .*private/);
    const bundle = decodeBundle(
      fs.readFileSync(path.join(directory.path, "private/qa/seed-1/bundle.json"), "utf8"),
    );
    assert.deepEqual(Object.keys(bundle!.files), ["seed-1-libp2p/key", "seed-1-libp2p/password"]);
    for (const text of [stdout, stderr, fs.readFileSync(keyring, "utf8")]) {
      for (const part of Object.values(bundle!.files)) {
        assert.ok(!text.includes(part), "a private part is shown");
      }
    }
  });

  it("create makes nothing twice, and says so as data too", async () => {
    const before = fs.readFileSync(keyring, "utf8");
    const { status, stdout } = await keys("create", "qa", "--json");
    const told = JSON.parse(stdout) as { ok: boolean; written: string[] };
    assert.deepEqual([status, told.ok, told.written], [0, true, []]);
    assert.equal(fs.readFileSync(keyring, "utf8"), before);
  });

  it("list shows every secret and its state", async () => {
    const { stdout } = await keys("list", "qa", "--json");
    const { secrets } = JSON.parse(stdout) as { secrets: { name: string; state: string }[] };
    assert.ok(secrets.some(({ name }) => name === "block-producer-1"));
    assert.ok(secrets.every(({ state }) => state === "ready"));
    assert.match((await keys("list", "qa")).stdout, /^SECRET\s+STATE\s+KEYS\s+PLACE\n/);
  });

  it("rotate replaces, and refuses what stands in the genesis with status 2", async () => {
    const before = fs.readFileSync(keyring, "utf8");
    const { status, stdout } = await keys("rotate", "qa", "seed-1");
    assert.equal(status, 0);
    assert.match(
      stdout,
      /^Replaced seed-1-libp2p\.\nCommit .*, then `testnet up qa` starts the pods again\./,
    );
    assert.notEqual(fs.readFileSync(keyring, "utf8"), before);
    const refusal = await keys("rotate", "qa", "block-producer-1");
    assert.deepEqual([refusal.status, refusal.stdout], [2, ""]);
    assert.match(refusal.stderr, /^TN2016 block-producer-1: the genesis of qa names block-producer-1-wallet/);
    const forced = await keys("rotate", "qa", "block-producer-1", "--force");
    assert.equal(forced.status, 0);
    assert.match(forced.stderr, /WARNING: the running chain knows block-producer-1-wallet from its genesis/);
  });

  it("delete asks for the name, and without a terminal for --yes", async () => {
    const asked = await keys("delete", "qa");
    assert.equal(asked.status, 2);
    assert.match(asked.stderr, /^TN1014 there is no terminal to ask on\n {4}allowed: --yes/);
    assert.ok(fs.existsSync(keyring));
    const { status, stdout } = await keys("delete", "qa", "--yes");
    assert.equal(status, 0);
    assert.match(stdout, /^Deleted: .*seed-1/);
    assert.deepEqual(
      [fs.existsSync(keyring), fs.existsSync(path.join(directory.path, "private/qa"))],
      [false, false],
    );
  });

  it("refuses a stack whose keys are made by up", async () => {
    const { status, stderr } = await keys("create", "here");
    assert.equal(status, 2);
    assert.match(
      stderr,
      /^TN1013 testnet:environment: keys of a network on this machine are made by `testnet up`/,
    );
  });

  it("tells at once that a cloud's credentials are missing", async () => {
    const program = path.resolve(__dirname, "../../..");
    for (const stack of ["prod", "prod-testnet"]) {
      fs.copyFileSync(
        path.join(program, `Pulumi.${stack}.yaml`),
        path.join(directory.path, `Pulumi.${stack}.yaml`),
      );
    }
    const before = process.env;
    process.env = { PATH: before["PATH"], HOME: directory.path };
    try {
      const { status, stderr } = await keys("create", "prod-testnet");
      assert.equal(status, 2);
      assert.match(stderr, /^TN2006 aws: this machine has no credentials of this cloud\n/);
      assert.match(stderr, /\nTN2006 gcp: /);
    } finally {
      process.env = before;
    }
  });

  it("without a word shows what there is, as wrong usage", async () => {
    const { status } = await keys();
    assert.equal(status, 2);
  });
});
