import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { runMain } from "../../support/cli";
import { temporaryDirectory } from "../../support/temporary";

const CONTENT = "genesis\n";

const OUTPUTS = {
  version: 1,
  protocol: "ethereum",
  network: "qa",
  era: 1,
  join: {
    peers: ["enode://ab@198.51.100.1:30000"],
    files: {
      "genesis.json": {
        sha256: createHash("sha256").update(CONTENT).digest("hex"),
        gzip: gzipSync(CONTENT).toString("base64"),
        url: null,
      },
    },
    command: ["sh", "-c", "run it"],
    notes: [],
    url: null,
  },
};

describe("testnet join", () => {
  let directory: ReturnType<typeof temporaryDirectory>;
  let saved: string;

  beforeEach(() => {
    directory = temporaryDirectory();
    saved = path.join(directory.path, "outputs.json");
    fs.writeFileSync(saved, JSON.stringify(OUTPUTS));
  });
  afterEach(() => directory.dispose());

  it("writes the bundle from saved outputs, and tells the one command", async () => {
    const output = path.join(directory.path, "bundle");
    const { status, stdout } = await runMain("join", "qa", "--from", saved, "--output", output);
    assert.equal(status, 0);
    assert.equal(
      stdout,
      `4 files to join qa, era 1, in ${output}\n\nAn outsider runs there:\n\nsh \\\n  -c 'run it'\n`,
    );
    assert.equal(fs.readFileSync(path.join(output, "genesis.json"), "utf8"), CONTENT);
  });

  it("tells where users ask without a node of their own", async () => {
    const publicServices = [{ title: "JSON-RPC", url: "http://rpc.qa.example.org:11030/" }];
    fs.writeFileSync(saved, JSON.stringify({ ...OUTPUTS, publicServices }));
    const output = path.join(directory.path, "bundle");
    const told = await runMain("join", "qa", "--from", saved, "--output", output);
    assert.match(told.stdout, /ask the network's JSON-RPC at http:\/\/rpc\.qa\.example\.org:11030\/\n$/);
    const json = await runMain("join", "qa", "--json", "--from", saved, "--output", output);
    assert.deepEqual((JSON.parse(json.stdout) as { publicServices: unknown }).publicServices, publicServices);
  });

  it("--json prints what was written, with checksums and peers", async () => {
    const output = path.join(directory.path, "bundle");
    const { status, stdout } = await runMain("join", "qa", "--json", "--from", saved, "--output", output);
    assert.equal(status, 0);
    const document = JSON.parse(stdout) as { files: { path: string; sha256: string; bytes: number }[] };
    assert.deepEqual(
      { ...document, files: document.files[0] },
      {
        network: "qa",
        protocol: "ethereum",
        era: 1,
        directory: output,
        files: {
          path: "genesis.json",
          sha256: OUTPUTS.join.files["genesis.json"].sha256,
          bytes: CONTENT.length,
        },
        peers: OUTPUTS.join.peers,
        command: OUTPUTS.join.command,
        notes: [],
        publicServices: [],
        url: null,
      },
    );
  });

  it("says what is wrong with a file of outputs that is none", async () => {
    fs.writeFileSync(saved, "no JSON");
    const { status, stderr } = await runMain("join", "qa", "--from", saved);
    assert.equal(status, 2);
    assert.match(stderr, /TN1014 --from: /);
  });

  it("refuses a network of this machine, and an environment", async () => {
    const local = await runMain("join", "local");
    assert.equal(local.status, 2);
    assert.match(local.stderr, /TN1013 .*a network on this machine listens on this machine only/);
    const environment = await runMain("join", "prod");
    assert.match(environment.stderr, /TN1013 .*there is no network to join/);
  });

  it("a network that was never brought up is told so, and no stack is made", async () => {
    fs.writeFileSync(
      path.join(directory.path, "Pulumi.qa.yaml"),
      "config:\n  testnet:environment: prod\n  testnet:network: { protocol: ethereum, nodes: [ {} ] }\n",
    );
    const home = path.join(directory.path, "home");
    const before = process.env["TESTNET_HOME"];
    process.env["TESTNET_HOME"] = home;
    try {
      const { status, stderr } = await runMain("-C", directory.path, "join", "qa");
      assert.equal(status, 1, stderr);
      assert.match(stderr, /TN2005 qa: the network was never brought up/);
      assert.ok(!fs.existsSync(path.join(home, "pulumi")));
    } finally {
      if (before === undefined) delete process.env["TESTNET_HOME"];
      else process.env["TESTNET_HOME"] = before;
    }
  });
});
