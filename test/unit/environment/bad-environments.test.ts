import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { type Problem, TestnetError } from "../../../errors/problem";
import { kindOf } from "../../../stacks/kind";
import { parseStackConfig } from "../../../stacks/config/load";
import { runMain } from "../../support/cli";
import { temporaryDirectory } from "../../support/temporary";

/** Wrong environments: each is refused with its code at the key to change, before anything could be created. */

type Tree = Record<string, unknown>;

const ROOT = path.resolve(__dirname, "../../..");

function prod(): Tree {
  const file = parse(fs.readFileSync(path.join(ROOT, "Pulumi.prod.yaml"), "utf8")) as { config: Tree };
  return file.config["testnet:environment"] as Tree;
}

/** The environment of prod with one value changed; undefined removes the key. */
function changed(where: string, value: unknown): Tree {
  const environment = prod();
  const keys = where.split(".");
  const last = keys.pop() ?? "";
  const holder = keys.reduce<Tree>((inner, key) => inner[key] as Tree, environment);
  if (value === undefined) Reflect.deleteProperty(holder, last);
  else holder[last] = value;
  return environment;
}

function problemsOf(environment: unknown, network?: unknown): readonly Problem[] {
  try {
    parseStackConfig({ environment, ...(network !== undefined && { network }) });
    return [];
  } catch (error) {
    assert.ok(error instanceof TestnetError, String(error));
    assert.equal(error.exitCode, 2);
    return error.problems;
  }
}

/** Name, where in prod, the value, the code, and the key told where that is another. */
type Case = readonly [name: string, where: string, value: unknown, code: string, at?: string];

const POOL = { name: "system", machine: "m6a.large", min: 1, max: 2 };

const CASES: readonly Case[] = [
  ["a region that does not exist", "clusters.0.region", "us-east-9", "TN1016"],
  ["a region of the other cloud", "clusters.0.region", "europe-west4", "TN1016"],
  ["a region of GCP on AWS's side", "clusters.2.region", "us-east-1", "TN1016"],
  ["a region in capitals", "clusters.0.region", "US-EAST-1", "TN1016"],
  ["a region that is a number", "clusters.0.region", 1, "TN1005"],
  ["no region", "clusters.0.region", undefined, "TN1004"],
  ["a machine type that does not exist", "clusters.0.nodePools.0.machine", "m6a.huge", "TN1017"],
  ["a machine type of the other cloud", "clusters.0.nodePools.0.machine", "n2d-standard-16", "TN1017"],
  ["a machine type of AWS on GCP", "clusters.2.nodePools.1.machine", "c6a.4xlarge", "TN1017"],
  ["no machine type", "clusters.0.nodePools.0.machine", undefined, "TN1004"],
  ["a Kubernetes version too old", "kubernetes", "1.27", "TN1018"],
  ["a Kubernetes version to come", "kubernetes", "1.99", "TN1018"],
  ["a Kubernetes version with its patch", "kubernetes", "1.35.2", "TN1018"],
  ["a Kubernetes version as a number", "kubernetes", 1.35, "TN1005"],
  [
    "a zone of another region",
    "clusters.0.zones",
    ["us-west-2a", "us-east-1b"],
    "TN1019",
    "clusters[0].zones[0]",
  ],
  [
    "a zone in another cloud",
    "clusters.0.zones",
    ["us-east-1a", "europe-west4-a"],
    "TN1019",
    "clusters[0].zones[1]",
  ],
  [
    "a zone of AWS on GCP",
    "clusters.2.zones",
    ["us-east-1a", "europe-west4-a"],
    "TN1019",
    "clusters[2].zones[0]",
  ],
  [
    "a zone GCP does not have",
    "clusters.2.zones",
    ["europe-west4-a", "europe-west4-z"],
    "TN1019",
    "zones[1]",
  ],
  ["one zone only", "clusters.0.zones", ["us-east-1a"], "TN1006"],
  ["a zone twice", "clusters.0.zones", ["us-east-1a", "us-east-1a"], "TN1021", "clusters[0].zones[1]"],
  ["a domain that is no domain", "domain", "not a domain", "TN1022"],
  ["a domain without a dot", "domain", "localhost", "TN1022"],
  ["a domain with a dot at its end", "domain", "testnets.example.org.", "TN1022"],
  ["a domain with its scheme", "domain", "https://testnets.example.org", "TN1022"],
  ["a domain in capitals", "domain", "Testnets.example.org", "TN1022"],
  ["a domain of a label too long", "domain", `${"x".repeat(64)}.example.org`, "TN1022"],
  ["no domain", "domain", undefined, "TN1004"],
  ["a zone of no cloud", "zone.cloud", "azure", "TN1006"],
  ["a zone of GCP without a project", "zone", { cloud: "gcp" }, "TN1004", "zone.project"],
  ["no zone", "zone", undefined, "TN1004"],
  ["a cluster in no cloud", "clusters.0.cloud", "azure", "TN1006"],
  ["a cluster without a cloud", "clusters.0.cloud", undefined, "TN1004"],
  ["a cluster of GCP without a project", "clusters.2.project", undefined, "TN1004"],
  ["a project that is no id", "clusters.2.project", "My Project", "TN1006"],
  ["a project on AWS", "clusters.0.project", "example-testnets", "TN1003"],
  ["administrators on GCP", "clusters.2.administrators", [], "TN1003"],
  ["an administrator that is no ARN", "clusters.0.administrators", ["ann"], "TN1006", "administrators[0]"],
  ["two clusters of one name", "clusters.1.name", "use1", "TN1021"],
  ["a cluster name with a hyphen", "clusters.0.name", "us-e1", "TN1006"],
  ["a cluster name too long", "clusters.0.name", "thirteenchars", "TN1006"],
  ["no clusters", "clusters", [], "TN1006"],
  ["clusters as a mapping", "clusters", {}, "TN1005"],
  ["two pools of one name", "clusters.0.nodePools.1.name", "system", "TN1021"],
  ["no pools", "clusters.0.nodePools", [], "TN1006"],
  ["a misspelt key of a pool", "clusters.0.nodePools.0.machin", "m6a.large", "TN1003"],
  ["more machines at least than at most", "clusters.0.nodePools.0.min", 9, "TN1007", "nodePools[0].max"],
  ["less than no machines", "clusters.0.nodePools.0.min", -1, "TN1006"],
  ["half a machine", "clusters.0.nodePools.0.max", 1.5, "TN1005"],
  ["a disk too small", "clusters.0.nodePools.0.diskGiB", 5, "TN1006"],
  ["a disk with its unit", "clusters.0.nodePools.0.diskGiB", "100GiB", "TN1005"],
  ["only spot machines", "clusters.0.nodePools", [{ ...POOL, spot: true, peers: true }], "TN1007"],
  ["no machine at first", "clusters.0.nodePools", [{ ...POOL, min: 0, peers: true }], "TN1007"],
  ["no pool for daemons", "clusters.0.nodePools", [POOL], "TN1007"],
  ["addresses that are public", "clusters.0.addresses", "8.8.0.0/15", "TN1006"],
  ["addresses too few", "clusters.0.addresses", "10.0.0.0/24", "TN1006"],
  ["addresses that are no CIDR", "clusters.0.addresses", "ten", "TN1006"],
  ["addresses that are reserved", "addresses", { reserved: ["10.0.0.0/8"] }, "TN1020", "clusters[0].name"],
  ["a space that is public", "addresses", { space: "0.0.0.0/0" }, "TN1006", "addresses.space"],
  ["a space with room for two", "addresses", { space: "10.0.0.0/14" }, "TN1020", "clusters[2].name"],
  ["API servers open to the world", "apiAccess", ["0.0.0.0/0"], "TN1023", "apiAccess[0]"],
  ["API servers open to half the world", "apiAccess", ["128.0.0.0/1"], "TN1023", "apiAccess[0]"],
  ["an address without its prefix", "apiAccess", ["203.0.113.7"], "TN1006", "apiAccess[0]"],
  ["API servers open to nobody", "apiAccess", [], "TN1006"],
  ["nothing said about the API servers", "apiAccess", undefined, "TN1004"],
  ["nobody answers for it", "owner", undefined, "TN1004"],
  ["an owner that is no label", "owner", "Ann Smith", "TN1006"],
  ["an expiry that is no day", "expires", "tomorrow", "TN1006"],
  ["protection as a text", "protect", "yes", "TN1005"],
  ["monitoring in no cluster", "monitoring.cluster", "use2", "TN1007"],
  ["monitoring without a way to it", "monitoring.ingest", undefined, "TN1007"],
  ["metrics over plain HTTP", "monitoring.ingest.metrics", "http://example.org/api/v1/write", "TN1006"],
  ["metrics kept for ever", "monitoring.retentionDays", 0, "TN1006"],
  ["no monitoring", "monitoring", undefined, "TN1004"],
  ["privileged ports", "peerPorts", { from: 22, to: 80 }, "TN1006", "peerPorts.from"],
  ["ports the wrong way round", "peerPorts", { from: 9000, to: 8000 }, "TN1006"],
  ["every port", "peerPorts", { from: 1024, to: 29999 }, "TN1006"],
  ["charts from nowhere", "chartSource", { from: "web" }, "TN1006", "chartSource.from"],
  ["charts of no directory", "chartSource", { from: "path" }, "TN1004", "chartSource.path"],
  [
    "charts of a registry without oci",
    "chartSource",
    { from: "oci", url: "https://x" },
    "TN1006",
    "chartSource.url",
  ],
  ["an image in capitals", "registries", { images: ["Geth"] }, "TN1006", "registries.images[0]"],
  ["an image twice", "registries", { images: ["geth", "geth"] }, "TN1021", "registries.images[1]"],
  ["a misspelt key", "montoring", {}, "TN1003"],
];

function keyOf(where: string): string {
  return where.replace(/\.(\d+)/g, "[$1]");
}

describe("wrong environments", () => {
  it("prod itself is right", () => assert.deepEqual(problemsOf(prod()), []));

  for (const [name, where, value, code, at = keyOf(where)] of CASES) {
    it(`${code}: ${name}`, () => {
      const problems = problemsOf(changed(where, value));
      const found = problems.map((problem) => `${problem.code} ${String(problem.at)}`);
      assert.ok(
        problems.some((problem) => problem.code === code && problem.at?.includes(at)),
        `found only ${found.join(", ")}`,
      );
      assert.ok(problems.every((problem) => problem.at?.startsWith("testnet:environment.")));
    });
  }

  it("are reported all at once", () => {
    const environment = changed("domain", "nowhere");
    environment["kubernetes"] = "1.2";
    environment["apiAccess"] = ["0.0.0.0/0"];
    const [first] = environment["clusters"] as Tree[];
    Object.assign(first ?? {}, { region: "us-east-9", colour: "red" });
    assert.deepEqual(
      problemsOf(environment)
        .map(({ code }) => code)
        .sort(),
      ["TN1003", "TN1016", "TN1018", "TN1022", "TN1023"],
    );
  });

  it("suggest what was meant", () => {
    const [problem] = problemsOf(changed("clusters.0.region", "us-esat-1"));
    assert.match(problem?.remedy ?? "", /`us-east-1`/);
    const [pool] = problemsOf(changed("clusters.0.nodePools.0.machin", "x"));
    assert.match(pool?.remedy ?? "", /`machine`/);
  });

  it("that overlap name both", () => {
    const environment = prod();
    const clusters = environment["clusters"] as Tree[];
    for (const cluster of clusters.slice(0, 2)) cluster["addresses"] = "10.40.0.0/15";
    const [problem] = problemsOf(environment);
    assert.equal(problem?.code, "TN1020");
    assert.equal(problem.at, "testnet:environment.clusters[1].addresses");
    assert.match(problem.message, /cluster use1 \(10\.40\.0\.0\/15\)/);
  });

  it("a bare day, as the engine reads it, is a day", () => {
    for (const expires of ["2027-01-31", "2027-01-31T00:00:00Z"]) {
      const found = kindOf(parseStackConfig({ environment: changed("expires", expires) }));
      assert.ok(found.kind === "environment");
      assert.equal(found.environment.expires, "2027-01-31");
    }
  });

  it("an environment stands without a network; a network does not stand without an environment", () => {
    assert.deepEqual(problemsOf(prod()), []);
    assert.deepEqual(
      problemsOf("prod").map(({ code, at }) => `${code} ${String(at)}`),
      ["TN1004 testnet:network"],
    );
  });
});

describe("wrong environments, through the CLI", () => {
  const directory = temporaryDirectory();
  after(() => directory.dispose());

  it("end `up` with status 2 and the problem, and nothing is created", async () => {
    const file = { config: { "testnet:environment": changed("clusters.0.region", "us-east-9") } };
    fs.writeFileSync(path.join(directory.path, "Pulumi.bad.yaml"), stringify(file));
    const { status, stdout } = await runMain("up", "bad", "--json", "-C", directory.path);
    assert.equal(status, 2);
    const { problems } = JSON.parse(stdout) as { problems: Problem[] };
    assert.deepEqual(
      problems.map(({ code, at }) => [code, at]),
      [["TN1016", "testnet:environment.clusters[0].region"]],
    );
    assert.deepEqual(fs.readdirSync(directory.path), ["Pulumi.bad.yaml"]);
  });
});
