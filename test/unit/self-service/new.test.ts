import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import fc from "fast-check";
import { parse } from "yaml";
import { commandContext } from "../../../cli/context";
import { choiceOf } from "../../../cli/new/ask";
import { makeNetwork } from "../../../cli/new/make";
import type { NewNetwork } from "../../../cli/new/request";
import { ownerLabel, takenBy } from "../../../cli/new/name";
import { sharePorts } from "../../../cli/new/ports";
import { runMain } from "../../support/cli";
import { temporaryDirectory } from "../../support/temporary";
import { summary } from "./stacks";

const ROOT = path.join(__dirname, "..", "..", "..");
interface Told {
  readonly peerPorts: { readonly from: number; readonly to: number };
  readonly next: string[];
  readonly keys: { readonly made?: number; readonly later?: string };
}

describe("testnet new", function () {
  this.timeout(60_000);
  const directory = temporaryDirectory();
  const home = process.env["TESTNET_HOME"];
  const at = (...parts: string[]) => path.join(directory.path, ...parts);
  const make = (...argv: string[]) => runMain("-C", directory.path, "new", ...argv);
  const config = (stack: string) =>
    (parse(fs.readFileSync(at(`Pulumi.${stack}.yaml`), "utf8")) as { config: Record<string, unknown> })
      .config;

  before(() => {
    process.env["TESTNET_HOME"] = at("home");
    for (const stack of ["dev", "prod", "prod-testnet"]) {
      fs.copyFileSync(path.join(ROOT, `Pulumi.${stack}.yaml`), at(`Pulumi.${stack}.yaml`));
    }
  });
  after(() => {
    if (home === undefined) delete process.env["TESTNET_HOME"];
    else process.env["TESTNET_HOME"] = home;
    directory.dispose();
  });

  it("writes a file that says what differs from the defaults, and tells the next command", async () => {
    const { status, stdout, stderr } = await make(
      "alice-qa",
      "--protocol",
      "mina",
      "--environment",
      "dev",
      "--json",
    );
    assert.equal(status, 0, stderr);
    const { next, keys } = JSON.parse(stdout) as Told;
    assert.deepEqual(next, ["npx testnet keys create alice-qa", "npx testnet up alice-qa"]);
    assert.match(keys.later ?? "", /dev is not up yet/);
    const text = fs.readFileSync(at("Pulumi.alice-qa.yaml"), "utf8");
    assert.match(text, /^# yaml-language-server: \$schema=\S+stack\.schema\.json\n/);
    const network = config("alice-qa")["testnet:network"] as Record<string, unknown>;
    assert.deepEqual([network["protocol"], network["expires"]], ["mina", "8 hours"]);
    const age = Date.now() - Date.parse(String(config("alice-qa")["testnet:created"]));
    assert.ok(age >= 0 && age < 60_000);
    assert.equal((await runMain("-C", directory.path, "validate", "alice-qa")).status, 0);
  });

  it("networks of one environment never share ports, whatever their sizes", async () => {
    const ranges: Told["peerPorts"][] = [];
    for (const size of ["small", "medium", "large"]) {
      const options = ["--protocol", "ethereum", "--environment", "dev", "--size", size, "--json"];
      const { status, stdout, stderr } = await make(`eth-${size}`, ...options);
      // A large one does not fit on the machines of dev, which is told by its plan.
      if (status === 0) ranges.push((JSON.parse(stdout) as Told).peerPorts);
      else assert.match(stderr, /TN10\d\d/);
    }
    assert.ok(ranges.length >= 2);
    ranges.forEach((one, index) =>
      assert.ok(ranges.slice(index + 1).every((other) => !sharePorts(one, other))),
    );
  });

  it("takes the settings of another network, but not its name, ports, creation or owner", async () => {
    const { status, stderr } = await make(
      "copy",
      "--from",
      "prod-testnet",
      "--owner",
      "carol",
      "--expires",
      "2 days",
    );
    assert.equal(status, 0, stderr);
    const { "testnet:network": network, ...rest } = config("copy");
    const source = config("prod-testnet")["testnet:network"] as Record<string, unknown>;
    const { ports, expires, ...settings } = network as Record<string, unknown>;
    assert.deepEqual({ ...settings, expires: "never" }, source);
    assert.ok(ports !== undefined && expires === "2 days");
    assert.deepEqual([rest["testnet:environment"], rest["testnet:owner"]], ["prod", "carol"]);
    assert.doesNotMatch(fs.readFileSync(at("Pulumi.copy.yaml"), "utf8"), /A public Mina network/);
  });

  it("works on this machine, and makes keys at once for a cluster known by its kubeconfig", async () => {
    const local = await make("here", "--protocol", "ethereum", "--environment", "local");
    assert.equal(local.status, 0, local.stderr);
    assert.equal(config("here")["testnet:environment"], "local");
    const bare = ["--protocol", "mina", "--kubeconfig", "kubeconfig.yaml", "--context", "kind-kind"];
    const { status, stdout, stderr } = await make("kind", ...bare, "--json");
    assert.equal(status, 0, stderr);
    assert.ok(((JSON.parse(stdout) as Told).keys.made ?? 0) > 0);
    assert.ok(fs.existsSync(at("keyrings", "kind.json")));
  });

  const refusals: readonly (readonly [why: string, argv: readonly string[], code: string])[] = [
    ["no protocol, and nobody to ask", ["x1", "--environment", "dev"], "TN1054 --protocol"],
    ["no name", ["--protocol", "mina", "--environment", "dev"], "TN1054 NAME"],
    ["an environment nobody knows", ["x1", "--protocol", "mina", "--environment", "qa"], "TN1026"],
    ["a name that DNS refuses", ["X_1", "--protocol", "mina", "--environment", "dev"], "TN1012"],
    ["a name that is a file's", ["alice-qa", "--protocol", "mina", "--environment", "dev"], "TN1051"],
    [
      "a namespace of the environment",
      ["monitoring", "--protocol", "mina", "--environment", "dev"],
      "TN1051",
    ],
    [
      "a time that is none",
      ["x1", "--protocol", "mina", "--environment", "dev", "--expires", "soon"],
      "TN1056",
    ],
    [
      "a size that is none",
      ["x1", "--protocol", "mina", "--environment", "dev", "--size", "huge"],
      "TN1006 --size",
    ],
    ["an environment's settings", ["x1", "--from", "dev"], "TN1013 --from"],
    ["settings from two places", ["x1", "--from", "prod-testnet", "--size", "large"], "TN1014"],
    ["Mina on this machine", ["x1", "--protocol", "mina", "--environment", "local"], "TN1034"],
  ];
  for (const [why, argv, code] of refusals) {
    it(`refuses ${why}, and leaves no file`, async () => {
      const before = fs.readdirSync(directory.path);
      const { status, stderr } = await make(...argv);
      assert.equal(status, 2, stderr);
      assert.ok(stderr.includes(code), stderr);
      assert.deepEqual(fs.readdirSync(directory.path), before);
    });
  }

  it("leaves nothing when it is interrupted, or when keys cannot be made", async () => {
    const request: NewNetwork = {
      name: "half",
      protocol: "ethereum",
      place: "dev",
      size: "small",
      expires: "8 hours",
      from: undefined,
      owner: "alice",
      images: new Map(),
    };
    const context = commandContext({ directory: directory.path });
    const before = fs.readdirSync(directory.path);
    const controller = new AbortController();
    const works = {
      fails: () => Promise.reject(new Error("the secret manager said no")),
      "is interrupted": () => {
        controller.abort(new Error("Ctrl-C"));
        return Promise.resolve({ made: 3 });
      },
    };
    for (const makeKeys of Object.values(works)) {
      const making = makeNetwork(context, request, [], {
        now: new Date(),
        makeKeys,
        signal: controller.signal,
      });
      await assert.rejects(making, /said no|Ctrl-C/);
      assert.deepEqual(fs.readdirSync(directory.path), before);
    }
  });
});

describe("names", () => {
  it("a stack of the backend has its name, whoever's it is", () => {
    assert.match(takenBy("alice", [], [summary({ owner: "ann" })])?.message ?? "", /on dev, of ann/);
    assert.equal(takenBy("bob", ["carol"], [summary()]), undefined);
    for (const name of ["kube-system", "default", "internal", "local"]) {
      assert.ok(takenBy(name, [], []), name);
    }
  });

  it("every user has a label that all clouds take", () => {
    fc.assert(
      fc.property(fc.string(), (user) => assert.match(ownerLabel(user), /^[a-z][a-z0-9-]{0,61}[a-z0-9]$/)),
    );
    assert.equal(ownerLabel("Ann.Lee@example.org"), "ann-lee");
  });

  it("an answer is a choice, its number or its start, if that is one only", () => {
    const choices = ["dev", "demo", "prod"];
    assert.deepEqual(
      ["dev", "3", "p", "de", "", "9"].map((answer) => choiceOf(answer, choices)),
      ["dev", "prod", "prod", undefined, undefined, undefined],
    );
  });
});
