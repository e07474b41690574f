import * as assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { temporaryDirectory } from "../../support/temporary";
import { modeOf, PodDirectories } from "./scripts";

const CANARY = "canary-4c7d91";

describe("prepare.mjs of the chart of daemons", function () {
  this.timeout(30_000);
  let temporary: ReturnType<typeof temporaryDirectory>;
  let pod: PodDirectories;

  beforeEach(() => {
    temporary = temporaryDirectory();
    pod = new PodDirectories(temporary.path);
  });
  afterEach(() => temporary.dispose());

  const at = (place: keyof PodDirectories["places"], name: string) => path.join(pod.places[place], name);

  it("writes the files that are named: directories 0700 and files 0600 whatever they would inherit", async () => {
    // A volume with a group hands the set-group bit to every directory made in it, and the umask may be anything.
    fs.chmodSync(pod.places.keys, 0o2777);
    pod.putBundle({
      "d-1-libp2p/key": CANARY,
      "d-1-libp2p/password": "word\n",
      "wallet/deep/er/key": "base64:AAH/",
      "other/key": "another daemon's",
    });
    const ran = await pod.prepare({ secrets: ["d-1-libp2p/key", "wallet"] });
    assert.deepEqual(ran, { code: 0, stdout: "", stderr: "" });
    assert.equal(fs.readFileSync(at("keys", "d-1-libp2p/key"), "utf8"), CANARY);
    assert.deepEqual([...fs.readFileSync(at("keys", "wallet/deep/er/key"))], [0, 1, 255]);
    assert.deepEqual(fs.readdirSync(at("keys", "d-1-libp2p")), ["key"]);
    assert.equal(fs.existsSync(at("keys", "other")), false);
    for (const directory of ["d-1-libp2p", "wallet", "wallet/deep", "wallet/deep/er"]) {
      assert.equal(modeOf(at("keys", directory)), "700", directory);
    }
    for (const file of ["d-1-libp2p/key", "wallet/deep/er/key"]) {
      assert.equal(modeOf(at("keys", file)), "600");
    }
  });

  it("does the same a second time, over files that are there", async () => {
    pod.putBundle({ "k/key": "old" });
    await pod.prepare({ secrets: ["k"] });
    pod.putBundle({ "k/key": "new" });
    assert.equal((await pod.prepare({ secrets: ["k"] })).code, 0);
    assert.equal(fs.readFileSync(at("keys", "k/key"), "utf8"), "new");
  });

  it("puts secrets of the environment into private files, without the line end of a file", async () => {
    pod.putBundle({ "k/password": `${CANARY}\n` });
    const secretEnv = [{ name: "PASS", value: "a {{secret-value k/password}} b" }];
    assert.equal((await pod.prepare({ secrets: ["k/password"], secretEnv })).code, 0);
    assert.equal(fs.readFileSync(at("run", "env/PASS"), "utf8"), `a ${CANARY} b`);
    assert.equal(modeOf(at("run", "env/PASS")), "600");
    assert.equal(modeOf(at("run", "env")), "700");
  });

  it("says which secret is missing, and how to make it", async () => {
    const { code, stderr } = await pod.prepare({ secrets: ["k/key"] });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /d-1: there is no secret testnet\/net\/d-1 for this pod .*`testnet keys create net`/,
    );
  });

  it("says which file a secret lacks", async () => {
    pod.putBundle({ "k/key": CANARY });
    const { code, stderr } = await pod.prepare({ secrets: ["k/key", "k/password"] });
    assert.equal(code, 1);
    assert.match(stderr, /d-1: the secret testnet\/net\/d-1 holds no k\/password: run `testnet keys create/);
    assert.ok(!stderr.includes(CANARY));
  });

  it("quotes nothing of a secret that is broken", async () => {
    for (const text of [`{"version":1,"files":{"k":"${CANARY}"`, `{"version":2,"files":{"k":"${CANARY}"}}`]) {
      fs.writeFileSync(pod.places.bundle, text);
      const { code, stderr } = await pod.prepare({ secrets: ["k"] });
      assert.equal(code, 1);
      assert.match(stderr, /the secret testnet\/net\/d-1 is not/);
      assert.ok(!stderr.includes(CANARY), stderr);
    }
  });

  it("writes nothing outside of its directories", async () => {
    pod.putBundle({ "../escaped": CANARY });
    const { code, stderr } = await pod.prepare({ secrets: ["../escaped"] });
    assert.equal(code, 1);
    assert.match(stderr, /"\.\.\/escaped" lies outside of/);
    assert.equal(fs.existsSync(path.join(temporary.path, "escaped")), false);
    assert.equal((await pod.prepare({ files: [{ path: "../x", content: "" }] })).code, 1);
  });

  it("writes files of the daemon with the address in them, and leaves the markers for the start", async () => {
    const lookups = [
      { kind: "given", marker: "{{external-ip}}", address: "203.0.113.9" },
      { kind: "name", marker: "{{seed-ip seed-1}}", host: "localhost" },
    ];
    const files = [{ path: "config/a.yaml", content: "host: {{external-ip}}, {{seed-ip seed-1}}\n" }];
    assert.equal((await pod.prepare({ lookups, files })).code, 0);
    assert.equal(fs.readFileSync(at("data", "config/a.yaml"), "utf8"), "host: 203.0.113.9, 127.0.0.1\n");
    assert.equal(
      fs.readFileSync(at("run", "markers"), "utf8"),
      "203.0.113.9 {{external-ip}}\n127.0.0.1 {{seed-ip seed-1}}\n",
    );
  });

  it("gives up on a name that nobody knows, and says which", async () => {
    const lookups = [{ kind: "name", marker: "{{seed-ip s}}", host: "seed.invalid" }];
    const { code, stderr } = await pod.prepare({ lookups });
    assert.equal(code, 1);
    assert.match(stderr, /d-1: the address of seed\.invalid could not be had/);
  });

  describe("with shared files", () => {
    const content = Buffer.from("genesis ".repeat(100_000));
    const sha256 = createHash("sha256").update(content).digest("hex");
    let server: http.Server;
    let url: string;
    let answers: ((response: http.ServerResponse) => void)[];
    let asked: number;

    beforeEach(async () => {
      asked = 0;
      answers = [];
      server = http.createServer((_, response) => {
        const answer = answers[Math.min(asked++, answers.length - 1)];
        answer?.(response);
      });
      await new Promise<void>((listening) => void server.listen(0, "127.0.0.1", listening));
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/genesis.ssz.gz`;
    });
    afterEach(() => {
      server.closeAllConnections();
      server.close();
    });

    const sends = (body: Buffer, headers: http.OutgoingHttpHeaders = {}) => {
      return (response: http.ServerResponse) => void response.writeHead(200, headers).end(body);
    };
    const fails = (response: http.ServerResponse) => void response.writeHead(503).end("later");

    it("downloads, unpacks and checks one", async () => {
      answers = [sends(gzipSync(content))];
      assert.equal((await pod.prepare({ shared: [{ path: "a/genesis.ssz", sha256, url }] })).code, 0);
      assert.ok(fs.readFileSync(at("shared", "a/genesis.ssz")).equals(content));
      assert.equal(modeOf(at("shared", "a/genesis.ssz")), "644");
      assert.deepEqual(fs.readdirSync(at("shared", "a")), ["genesis.ssz"]);
    });

    it("takes one that the server had unpacked on the way", async () => {
      answers = [sends(gzipSync(content), { "content-encoding": "gzip" })];
      assert.equal((await pod.prepare({ shared: [{ path: "g", sha256, url }] })).code, 0);
      assert.ok(fs.readFileSync(at("shared", "g")).equals(content));
    });

    it("asks again when the server or the file is not right yet", async () => {
      answers = [fails, sends(gzipSync(Buffer.from("a proxy's page"))), sends(gzipSync(content))];
      const { code, stderr } = await pod.prepare({ shared: [{ path: "g", sha256, url }] });
      assert.equal(code, 0, stderr);
      assert.equal(asked, 3);
      assert.match(stderr, /the server answered 503; trying again/);
    });

    it("refuses a file that is not the network's, naming both checksums", async () => {
      answers = [sends(gzipSync(Buffer.from("another")))];
      const { code, stderr } = await pod.prepare({ shared: [{ path: "g", sha256, url }] });
      assert.equal(code, 1);
      assert.match(stderr, new RegExp(`its sha256 is [0-9a-f]{64}, not ${sha256}`));
      assert.deepEqual(fs.readdirSync(pod.places.shared), []);
    });

    it("takes small ones from the ConfigMap, and refuses a wrong one at once", async () => {
      fs.writeFileSync(at("inline", "g.gz"), gzipSync(content));
      assert.equal((await pod.prepare({ shared: [{ path: "g", sha256, key: "g.gz" }] })).code, 0);
      assert.ok(fs.readFileSync(at("shared", "g")).equals(content));
      const wrong = await pod.prepare({ shared: [{ path: "g", sha256: "00", key: "g.gz" }] });
      assert.equal(wrong.code, 1);
      assert.ok(!wrong.stderr.includes("trying again"));
    });

    it("asks over https only", async () => {
      const shared = [{ path: "g", sha256, url: "http://artifacts.example.org/g.gz" }];
      const { code, stderr } = await pod.prepare({ shared });
      assert.equal(code, 1);
      assert.match(stderr, /over https only, not from http:\/\/artifacts/);
    });
  });
});
