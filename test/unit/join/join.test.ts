import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { joinBundle } from "../../../cli/join/bundle";
import { type JoinFile, type JoinOutputs, readJoinOutputs } from "../../../cli/join/outputs";
import { shellCommand } from "../../../cli/join/readme";
import { writeBundle } from "../../../cli/join/write";
import { TestnetError } from "../../../errors/problem";
import { temporaryDirectory } from "../../support/temporary";

const LEDGER = '{"ledger":{"accounts":[]}}\n';
const STATE = Buffer.from([0, 1, 2, 255, 254]);

const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");
const gzip = (content: string | Buffer) => gzipSync(content).toString("base64");

function inline(content: string | Buffer): JoinFile {
  return { sha256: sha256(content), gzip: gzip(content), url: undefined };
}

function outputs(files: Readonly<Record<string, JoinFile>>): JoinOutputs {
  return {
    version: 1,
    protocol: "mina",
    network: "prod-testnet",
    era: 3,
    publicServices: [{ title: "GraphQL", url: "http://graphql.example.org:10030/graphql" }],
    join: {
      peers: [
        "/dns4/seed-1.example.org/tcp/10001/p2p/12D3KooW",
        "/dns4/seed-2.example.org/tcp/10007/p2p/12D3KooX",
      ],
      files: { ...files },
      command: [
        "docker",
        "run",
        "--volume",
        "./:/join:ro",
        "image:1",
        "daemon",
        "--peer-list-file",
        "/join/peers.txt",
      ],
      notes: ["Open TCP port 8302."],
      url: "https://join.example.org/prod-testnet/era-3",
    },
  };
}

async function problemsOf(
  work: () => unknown,
): Promise<readonly { code: string; at?: string; message: string }[]> {
  try {
    await work();
  } catch (error) {
    if (error instanceof TestnetError) return error.problems;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("join bundles", () => {
  it("hold the peers, the chain's files, how to join, and checksums that `sha256sum` agrees with", async () => {
    const directory = temporaryDirectory();
    try {
      const files = await joinBundle(
        outputs({ "daemon.json": inline(LEDGER), "beacon/genesis.ssz": inline(STATE) }),
      );
      writeBundle(directory.path, files);
      assert.deepEqual(
        files.map(({ path: name }) => name),
        ["beacon/genesis.ssz", "daemon.json", "peers.txt", "README.md", "SHA256SUMS"],
      );
      const read = (name: string) => fs.readFileSync(path.join(directory.path, name));
      assert.equal(read("daemon.json").toString(), LEDGER);
      assert.deepEqual(read("beacon/genesis.ssz"), STATE);
      assert.deepEqual(read("peers.txt").toString().split("\n").length, 3);
      const verdict = execFileSync("sha256sum", ["--check", "SHA256SUMS"], {
        cwd: directory.path,
        encoding: "utf8",
      });
      assert.equal(verdict.split("\n").filter((line) => line.endsWith(": OK")).length, 4);
      assert.match(
        read("README.md").toString(),
        /ask the network's GraphQL at http:\/\/graphql\.example\.org:10030\/graphql\. There is no TLS/,
      );
      assert.match(
        read("README.md").toString(),
        /sha256sum --check SHA256SUMS[^]*docker run[^]*--peer-list-file \/join\/peers\.txt[^]*Open TCP port 8302/,
      );
    } finally {
      directory.dispose();
    }
  });

  it("are refused with every file that does not match its checksum, and nothing is handed on", async () => {
    const wrong: JoinFile = { ...inline(LEDGER), sha256: sha256("another") };
    const damaged: JoinFile = { ...inline(LEDGER), gzip: "bm8gZ3ppcA==" };
    const nowhere: JoinFile = { sha256: sha256(LEDGER), gzip: undefined, url: undefined };
    const problems = await problemsOf(() =>
      joinBundle(outputs({ wrong, damaged, nowhere, good: inline(LEDGER) })),
    );
    assert.deepEqual(problems.map(({ code, at }) => `${code} ${at}`).sort(), [
      "TN2019 damaged",
      "TN2019 wrong",
      "TN2020 nowhere",
    ]);
    const one = problems.find(({ at }) => at === "wrong");
    assert.equal(one?.message, "the file is not the network's");
  });

  for (const name of [
    "../daemon.json",
    "/etc/passwd",
    "a/../b",
    "SHA256SUMS",
    "peers.txt",
    ".ssh/config",
    "a//b",
    "a\nb",
  ]) {
    it(`refuse a file named ${JSON.stringify(name)}`, async () => {
      const problems = await problemsOf(() => joinBundle(outputs({ [name]: inline(LEDGER) })));
      assert.deepEqual(
        problems.map(({ code, at }) => [code, at]),
        [["TN2019", name]],
      );
    });
  }

  it("show the command as a shell takes it, word for word", () => {
    const words = [
      "docker",
      "run",
      "--env",
      "GREETING=it's $HOME",
      "-v",
      "./:/join:ro",
      "image:1",
      "sh",
      "-c",
      "a\nb",
    ];
    const printed = execFileSync("sh", [
      "-c",
      `docker() { printf '%s\\0' docker "$@"; }; ${shellCommand(words)}`,
    ]);
    assert.deepEqual(printed.toString().split("\0").slice(0, -1), words);
  });
});

describe("published files of a join bundle", () => {
  let server: http.Server;
  let address: string;
  const published = new Map<string, string>();

  before((done) => {
    server = http.createServer((request, response) => {
      const text = published.get(request.url ?? "");
      response.writeHead(text === undefined ? 404 : 200).end(text);
    });
    server.listen(0, "127.0.0.1", () => {
      address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      done();
    });
  });
  after(() => server.close());

  const at = (name: string, content: string | Buffer): JoinFile => ({
    sha256: sha256(content),
    gzip: undefined,
    url: `${address}/${name}`,
  });

  it("are fetched and checked: texts as they are, others unpacked", async () => {
    published.set("/daemon.json", LEDGER);
    published.set("/genesis.ssz.gz.b64", gzip(STATE));
    const files = await joinBundle(
      outputs({ "daemon.json": at("daemon.json", LEDGER), "genesis.ssz": at("genesis.ssz.gz.b64", STATE) }),
    );
    assert.equal(files.find((file) => file.path === "daemon.json")?.content.toString(), LEDGER);
    assert.deepEqual(files.find((file) => file.path === "genesis.ssz")?.content, STATE);
  });

  it("that were changed, or are gone, are named with their address", async () => {
    published.set("/changed.json", "another");
    const problems = await problemsOf(() =>
      joinBundle(outputs({ changed: at("changed.json", LEDGER), gone: at("gone.json", LEDGER) })),
    );
    assert.deepEqual(problems.map(({ code, message }) => `${code} ${message}`).sort(), [
      `TN2019 the file is not the network's, as it came from ${address}/changed.json`,
      `TN2020 ${address}/gone.json answers 404`,
    ]);
  });

  it("at an address that does not answer are told so", async () => {
    const url = "http://127.0.0.1:1/daemon.json";
    const [problem] = await problemsOf(() =>
      joinBundle(outputs({ "daemon.json": { sha256: sha256(LEDGER), gzip: undefined, url } })),
    );
    assert.equal(problem?.code, "TN2020");
    assert.match(problem.message, /^http:\/\/127\.0\.0\.1:1\/daemon\.json does not answer: /);
  });
});

describe("the directory of a join bundle", () => {
  let directory: ReturnType<typeof temporaryDirectory>;
  beforeEach(() => (directory = temporaryDirectory()));
  afterEach(() => directory.dispose());

  it("is left alone when it holds something else", async () => {
    fs.writeFileSync(path.join(directory.path, "mine.txt"), "mine");
    const files = await joinBundle(outputs({ "daemon.json": inline(LEDGER) }));
    const [problem] = await problemsOf(() => writeBundle(directory.path, files));
    assert.equal(problem?.code, "TN1014");
    assert.deepEqual(fs.readdirSync(directory.path), ["mine.txt"]);
  });

  it("of an older bundle is written anew", async () => {
    writeBundle(directory.path, await joinBundle(outputs({ "daemon.json": inline("old") })));
    writeBundle(directory.path, await joinBundle(outputs({ "daemon.json": inline(LEDGER) })));
    assert.equal(fs.readFileSync(path.join(directory.path, "daemon.json"), "utf8"), LEDGER);
  });
});

describe("outputs that a join bundle is made of", () => {
  it("are read as the engine prints them, with null for what is left out", () => {
    const printed: unknown = JSON.parse(
      JSON.stringify({
        ...outputs({ "daemon.json": inline(LEDGER) }),
        genesisTime: 1,
        join: {
          ...outputs({}).join,
          files: { a: { sha256: sha256("a"), gzip: gzip("a"), url: null } },
          url: null,
        },
      }),
    );
    const read = readJoinOutputs(printed, "prod-testnet");
    assert.equal(read.join.url, undefined);
    assert.equal(read.join.files["a"]?.url, undefined);
  });

  it("that are empty say that the network is not up", async () => {
    assert.deepEqual(
      (await problemsOf(() => readJoinOutputs({}, "qa"))).map(({ code }) => code),
      ["TN2005"],
    );
  });

  it("of something else are refused with every place", async () => {
    const problems = await problemsOf(() => readJoinOutputs({ version: 2, kubeconfigs: {} }, "prod"));
    assert.ok(problems.every(({ code }) => code === "TN2019"));
    assert.ok(
      problems.some(({ at }) => at === "prod: version") && problems.some(({ at }) => at === "prod: join"),
    );
  });
});
