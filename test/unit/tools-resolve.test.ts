import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { TestnetError } from "../../errors/problem";
import { allTools, overrideVariable, type Program, programsOf, toolNamed, toolOf } from "../../tools/catalog";
import { buildDirectory, toolContext, userCacheDirectory } from "../../tools/context";
import { goArguments } from "../../tools/go";
import { toolReport } from "../../tools/report";
import { findProgram, resolveProgram } from "../../tools/resolve";
import { ToolWorld } from "./tools-fixture";

describe("the catalog of tools", () => {
  for (const tool of allTools()) {
    it(`pins ${tool.name} to the version of its go.mod`, () => {
      const directory = path.join(__dirname, "..", "..", "tools", "go", tool.name);
      const pinned = fs.readFileSync(path.join(directory, "go.mod"), "utf8").split(/\s*\n\s*/);
      const own = Object.values<Program>(tool.programs).flatMap((program) => program.own ?? []);
      const pins = [{ module: tool.module, version: tool.moduleVersion ?? tool.version }, ...own];
      for (const { module, version } of pins) {
        const wanted = `${module} v${version}`;
        assert.ok(
          pinned.some((line) => line.replace("require ", "").startsWith(wanted)),
          wanted,
        );
      }
    });
  }

  it("names each program once", () => {
    const programs = allTools().flatMap(programsOf);
    assert.equal(new Set(programs).size, programs.length);
    assert.equal(toolOf("prysmctl").name, "prysm");
    assert.equal(overrideVariable("beacon-chain"), "TESTNET_TOOL_BEACON_CHAIN");
  });

  it("leaves out of promtool what finds targets in clouds, and stamps its version", () => {
    assert.deepEqual(goArguments(toolNamed("prometheus")).slice(4), [
      "-tags",
      "remove_all_sd",
      "-ldflags",
      "-s -w -X github.com/prometheus/common/version.Version=3.15.0",
      "tool",
    ]);
  });

  it("stamps the version into pulumi, as charts and plugins ask for it", () => {
    assert.deepEqual(goArguments(toolNamed("pulumi")).slice(3), [
      "-buildvcs=false",
      "-tags",
      "osusergo,grpcnotrace",
      "-ldflags",
      "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.259.0",
      "tool",
    ]);
  });
});

describe("where built tools are kept", () => {
  it("follows the system's habit and the user's wish", () => {
    assert.equal(userCacheDirectory({ HOME: "/h" }, "linux"), "/h/.cache/testnet/tools");
    assert.equal(userCacheDirectory({ HOME: "/h", XDG_CACHE_HOME: "/x" }, "linux"), "/x/testnet/tools");
    assert.equal(userCacheDirectory({ HOME: "/h", XDG_CACHE_HOME: "x" }, "linux"), "/h/.cache/testnet/tools");
    assert.equal(userCacheDirectory({ HOME: "/h" }, "darwin"), "/h/Library/Caches/testnet/tools");
    assert.equal(userCacheDirectory({ HOME: "/h", TESTNET_TOOLS_CACHE: "/t" }, "darwin"), "/t");
  });

  it("changes with go.sum, go.mod and our own Go files, and with nothing else", () => {
    const world = new ToolWorld();
    const key = (): string => buildDirectory(toolNamed("geth"), toolContext(world.options()));
    const module = path.join(world.modules, "geth");
    const keys = [key()];
    assert.equal(key(), keys[0]);
    world.module("geth", "example.org/a v1.0.1 h1:def=\n");
    keys.push(key());
    fs.appendFileSync(path.join(module, "go.mod"), "// another\n");
    keys.push(key());
    fs.writeFileSync(path.join(module, "main.go"), "package main\n");
    keys.push(key());
    assert.equal(new Set(keys).size, 4, keys.join("\n"));
    fs.writeFileSync(path.join(module, "notes.txt"), "");
    assert.equal(key(), keys[3]);
    world.remove();
  });
});

describe("finding programs", () => {
  let world: ToolWorld;
  beforeEach(() => {
    world = new ToolWorld();
  });
  afterEach(() => world.remove());

  it("takes one in PATH that fits, before the cache, and asks it only once", async () => {
    world.go();
    await resolveProgram("geth", world.options());
    const file = world.program("geth", 'echo "geth version 1.17.8-stable-abcdef12"');
    for (let round = 0; round < 3; round++) {
      const found = await findProgram("geth", world.options());
      assert.deepEqual(found, { path: file, version: "1.17.8", source: "path" });
    }
    assert.equal(world.runs().filter((line) => line === "geth").length, 1);
  });

  it("asks again when the file has changed", async () => {
    world.program("pulumi", 'echo "v3.258.0"');
    assert.equal(await findProgram("pulumi", world.options()), undefined);
    world.program("pulumi", 'echo "v3.300.10"');
    assert.equal((await findProgram("pulumi", world.options()))?.version, "3.300.10");
  });

  for (const [program, answer] of [
    ["geth", "geth version 1.16.9-stable"],
    ["geth", "geth version 1.17.8-unstable-abcdef12"],
    ["pulumi", "v3.258.9"],
    ["pulumi", "v4.0.0"],
    ["pulumi", "v3.300.0-alpha.1"],
    ["validator", "validator version Prysm/Unknown/Local build. Built at: Moments ago"],
    ["validator", "some other validator 6.0.4"],
  ] as const) {
    it(`passes over ${program} that says "${answer}"`, async () => {
      world.program(program, `echo "${answer}"`);
      assert.equal(await findProgram(program, world.options()), undefined);
      await findProgram(program, world.options());
      assert.equal(world.runs().length, 1, "that it does not fit is remembered too");
    });
  }

  it("looks further in PATH behind one that does not fit", async () => {
    world.program("geth", 'echo "geth version 1.16.9-stable"');
    const later = world.directory("later");
    const fitting = world.script(path.join(later, "geth"), 'echo "geth version 1.17.8-stable"');
    world.env["PATH"] = `${world.bin}${path.delimiter}relative${path.delimiter}${path.delimiter}${later}`;
    assert.equal((await findProgram("geth", world.options()))?.path, fitting);
  });

  it("trusts prysmctl, which cannot tell its version, only beside a beacon-chain that fits", async () => {
    world.program("prysmctl", "exit 1");
    assert.equal(await findProgram("prysmctl", world.options()), undefined);
    world.program("beacon-chain", 'echo "beacon-chain version Prysm/v6.0.4/0123abc. Built at: 2025-06-05"');
    assert.equal((await findProgram("prysmctl", world.options()))?.version, "6.0.4");
    assert.deepEqual(world.runs(), ["beacon-chain"]);
  });

  it("takes the binary an environment variable names, before all, without running it", async () => {
    world.program("beacon-chain", 'echo "beacon-chain version Prysm/v6.0.4/0123abc"');
    const own = world.script(path.join(world.root, "my-beacon-chain"), 'echo own >> "$LOG"');
    world.env["TESTNET_TOOL_BEACON_CHAIN"] = own;
    const found = await resolveProgram("beacon-chain", world.options());
    assert.deepEqual(found, { path: own, version: undefined, source: "override" });
    assert.deepEqual(world.runs(), []);
  });

  it("takes promtool by the version of Prometheus, not by that of its Go module", async () => {
    world.program("promtool", 'echo "promtool, version 0.315.0 (branch: , revision: unknown)"');
    assert.equal(await findProgram("promtool", world.options()), undefined);
    world.program("promtool", 'echo "promtool, version 3.5.1 (branch: HEAD, revision: abc)"');
    assert.equal((await findProgram("promtool", world.options()))?.version, "3.5.1");
  });

  it("judges a program that comes with others by its own version", async () => {
    world.program("helm", 'echo "v3.18.1+gabc"');
    assert.equal((await findProgram("helm", world.options()))?.version, "3.18.1");
    world.program("kwok", 'echo "kwok version v0.7.0 go1.26"');
    assert.equal(await findProgram("kwok", world.options()), undefined);
  });

  it("says TN4001 when that binary is missing or may not be run, even if others fit", async () => {
    world.program("geth", 'echo "geth version 1.17.8-stable"');
    const unexecutable = path.join(world.root, "text");
    fs.writeFileSync(unexecutable, "");
    for (const given of ["/no/such/geth", unexecutable, world.root]) {
      world.env["TESTNET_TOOL_GETH"] = given;
      await assert.rejects(resolveProgram("geth", world.options()), (error: unknown) => {
        assert.ok(error instanceof TestnetError);
        assert.deepEqual([error.problems[0]?.code, error.problems[0]?.at], ["TN4001", "TESTNET_TOOL_GETH"]);
        return true;
      });
    }
  });

  it("works where the cache cannot be written", async () => {
    fs.writeFileSync(world.cache, "a file is in the way");
    const file = world.program("geth", 'echo "geth version 1.17.8-stable"');
    assert.equal((await findProgram("geth", world.options()))?.path, file);
  });
});

describe("the report of tools", () => {
  let world: ToolWorld;
  beforeEach(() => {
    world = new ToolWorld();
  });
  afterEach(() => world.remove());

  it("has a row for Node.js, Go and every program, and builds nothing", async () => {
    world.go();
    world.program("pulumi", 'echo "v3.260.0"');
    world.program("geth", 'echo "geth version 1.16.9-stable"');
    world.program("gcc", "");
    world.env["TESTNET_TOOL_VALIDATOR"] = "/no/such/validator";
    const rows = await toolReport(world.options());
    assert.deepEqual(
      rows.map(({ program, found, version, source }) => [program, found, version, source]),
      [
        ["node", true, process.versions.node, "path"],
        ["go", true, "1.26.8", "path"],
        ["pulumi", true, "3.260.0", "path"],
        ["geth", false, undefined, undefined],
        ["beacon-chain", false, undefined, undefined],
        ["validator", false, undefined, undefined],
        ["prysmctl", false, undefined, undefined],
        ["etcd", false, undefined, undefined],
        ["kube-apiserver", false, undefined, undefined],
        ["kube-controller-manager", false, undefined, undefined],
        ["kube-scheduler", false, undefined, undefined],
        ["kubectl", false, undefined, undefined],
        ["kwok", false, undefined, undefined],
        ["helm", false, undefined, undefined],
        ["promtool", false, undefined, undefined],
        ["actionlint", false, undefined, undefined],
      ],
    );
    const note = (program: string): string | undefined => rows.find((row) => row.program === program)?.note;
    assert.equal(note("geth"), `${world.bin}/geth is 1.16.9; built on first use, about 2 minutes`);
    assert.match(note("validator") ?? "", /^TESTNET_TOOL_VALIDATOR: /);
    assert.equal(world.installs(), 0);
  });

  it("says what stands in the way of building: no Go, an old Go, no C compiler", async () => {
    const note = async (program: string): Promise<string | undefined> =>
      (await toolReport(world.options())).find((row) => row.program === program)?.note;
    assert.equal(await note("geth"), "install Go 1.26 or newer, or put geth 1.17.8 in PATH");
    world.go({ version: "go1.25.1" });
    assert.match((await note("go")) ?? "", /^too old: /);
    world.go();
    assert.equal(await note("geth"), "install a C compiler (gcc or clang)");
    assert.equal(await note("pulumi"), "built on first use, about 3 minutes");
  });
});
