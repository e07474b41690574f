import * as assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { TestnetError } from "../../errors/problem";
import { toolNamed } from "../../tools/catalog";
import { buildDirectory, toolContext } from "../../tools/context";
import { resolveProgram, resolveTools } from "../../tools/resolve";
import { ToolWorld } from "./tools-fixture";

const PROJECT = path.join(__dirname, "..", "..");

async function failure(promise: Promise<unknown>): Promise<TestnetError> {
  const error: unknown = await promise.then(
    () => assert.fail("should have failed"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof TestnetError, String(error));
  return error;
}

const codes = (error: TestnetError): string[] => error.problems.map(({ code }) => code);

describe("building tools", () => {
  let world: ToolWorld;
  beforeEach(() => {
    world = new ToolWorld();
  });
  afterEach(() => world.remove());

  it("builds once, places the programs under the key, and builds nothing the second time", async () => {
    world.go();
    const first = await resolveProgram("geth", world.options());
    const directory = buildDirectory(toolNamed("geth"), toolContext(world.options()));
    assert.deepEqual(first, { path: path.join(directory, "geth"), version: "1.17.8", source: "built" });
    assert.ok(fs.statSync(first.path).isFile());
    assert.deepEqual(world.cached(), [path.basename(directory)], "no temporary directory, no lock");

    fs.rmSync(path.join(world.bin, "go"));
    const told = world.progress.length;
    const second = await resolveProgram("geth", world.options());
    assert.deepEqual(second, { ...first, source: "cache" });
    assert.equal(world.progress.length, told, "nothing is told about a tool that is there");
    assert.equal(world.installs(), 1);
  });

  it("gives Go pinned settings, and the user's own where they do not decide the result", async () => {
    const names = "GOTOOLCHAIN GOWORK GO111MODULE CGO_ENABLED GOOS GOARCH GOPROXY GONOSUMDB GOSUMDB GOFLAGS";
    world.go({
      before: `for n in ${names}; do eval "v=\\\${$n-unset}"; echo "$n=$v" >> "$LOG"; done; pwd >> "$LOG"`,
    });
    Object.assign(world.env, { GOOS: "plan9", GOARCH: "wasm", GOPROXY: "https://proxy.example.org" });
    await resolveProgram("geth", world.options());
    const directory = fs.realpathSync(path.join(world.modules, "geth"));
    assert.deepEqual(world.runs(), [
      "go install -mod=readonly -trimpath -buildvcs=false -ldflags -s -w tool",
      "GOTOOLCHAIN=local",
      "GOWORK=off",
      "GO111MODULE=on",
      "CGO_ENABLED=1",
      "GOOS=unset",
      "GOARCH=unset",
      "GOPROXY=https://proxy.example.org",
      "GONOSUMDB=unset",
      "GOSUMDB=unset",
      "GOFLAGS=unset",
      directory,
    ]);
  });

  it("tells what it builds, that it goes on, and that it is done", async () => {
    world.go({ before: 'echo "go: downloading example.org/a v1.0.0" >&2; sleep 0.3' });
    await resolveProgram("geth", world.options());
    const texts = world.progress.map(({ phase, text }) => `${phase}: ${text}`);
    assert.equal(texts[0], "building: building geth 1.17.8, about 2 minutes, once");
    assert.match(texts.at(-1) ?? "", /^built: built geth 1\.17\.8 in \d+ s$/);
    const ticks = texts.filter((text) =>
      /: \d+ s of about 2 minutes, downloading example\.org\/a$/.test(text),
    );
    assert.ok(ticks.length > 0, texts.join("\n"));
  });

  it("builds each missing tool once for several programs, one tool after another", async () => {
    world.go({ programs: ["geth", "beacon-chain", "validator", "prysmctl"] });
    const programs = await resolveTools(["geth", "beacon-chain", "validator"], world.options());
    assert.deepEqual(Object.keys(programs).sort(), ["beacon-chain", "geth", "validator"]);
    assert.equal(programs.validator.source, "built");
    assert.equal(world.installs(), 2);
    const phases = world.progress.filter(({ text }) => / once$|^built /.test(text));
    assert.deepEqual(
      phases.map(({ tool, phase }) => `${tool} ${phase}`),
      ["geth building", "geth built", "prysm building", "prysm built"],
    );
  });

  it("says TN4001 with what to install when Go is missing, for all tools at once", async () => {
    const error = await failure(resolveTools(["geth", "pulumi"], world.options()));
    assert.deepEqual(codes(error), ["TN4001", "TN4001"]);
    assert.match(error.message, /geth 1\.17\.8 .*no Go to build it/);
    assert.match(error.message, /Install Go 1\.26 or newer .*TESTNET_TOOL_GETH/);
    assert.deepEqual(world.cached(), []);
  });

  it("says TN4002 when Go is older than the module asks for", async () => {
    world.go({ version: "go1.21.13" });
    const error = await failure(resolveProgram("geth", world.options()));
    assert.deepEqual(codes(error), ["TN4002"]);
    const { given, allowed } = error.problems[0] ?? {};
    assert.deepEqual({ given, allowed }, { given: "1.21.13", allowed: "1.26 or newer" });
    assert.equal(world.installs(), 0);
  });

  it("takes a newer Go that stands behind an old one in PATH", async () => {
    world.go();
    const old = world.directory("old");
    world.script(path.join(old, "go"), 'echo "go version go1.19 linux/amd64"');
    world.env["PATH"] = `${old}${path.delimiter}${world.bin}`;
    assert.equal((await resolveProgram("geth", world.options())).source, "built");
  });

  it("says TN4003 with the end of Go's words when the build fails, and leaves nothing", async () => {
    const words = "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do echo line-$i- >&2; done";
    world.go({ before: `touch "$GOBIN/geth"; ${words}; exit 3` });
    const error = await failure(resolveProgram("geth", world.options()));
    assert.deepEqual(codes(error), ["TN4003"]);
    assert.match(error.message, /exit status 3/);
    assert.match(error.message, /line-20-/);
    assert.doesNotMatch(error.message, /line-5-/);
    assert.deepEqual(world.cached(), []);
  });

  it("says TN4003 when a program is missing from what was built", async () => {
    world.go({ programs: ["beacon-chain"] });
    const error = await failure(resolveProgram("beacon-chain", world.options()));
    assert.match(error.message, /not all of beacon-chain, validator, prysmctl came out of it/);
    assert.deepEqual(world.cached(), []);
  });

  it("says what helps where Go's words are known", async () => {
    world.go({ before: `echo 'cgo: C compiler "gcc" not found: exec: "gcc"' >&2; exit 1` });
    const error = await failure(resolveProgram("geth", world.options()));
    assert.match(error.problems[0]?.remedy ?? "", /Install a C compiler/);
  });

  it("says which directory cannot be written", async () => {
    world.go();
    fs.writeFileSync(world.cache, "a file is in the way");
    const error = await failure(resolveProgram("geth", world.options()));
    assert.deepEqual(codes(error), ["TN4003"]);
    assert.match(error.message, /TESTNET_TOOLS_CACHE/);
  });

  it("mends a cache from which a program was removed", async () => {
    world.go({ programs: ["beacon-chain", "validator", "prysmctl"] });
    const { path: file } = await resolveProgram("validator", world.options());
    fs.rmSync(file);
    assert.equal((await resolveProgram("validator", world.options())).source, "built");
    assert.ok(fs.existsSync(file));
    assert.equal(world.cached().length, 1);
  });
});

describe("building tools: several at once, and cut off", () => {
  let world: ToolWorld;
  beforeEach(() => {
    world = new ToolWorld();
  });
  afterEach(() => world.remove());

  it("builds once for two callers; the second waits and says so", async () => {
    world.go({ before: "sleep 0.3" });
    const both = await Promise.all([
      resolveProgram("geth", world.options()),
      resolveProgram("geth", world.options()),
    ]);
    assert.deepEqual(both.map(({ source }) => source).sort(), ["built", "cache"]);
    assert.equal(world.installs(), 1);
    const waiting = world.progress.filter(({ phase }) => phase === "waiting").map(({ text }) => text);
    const expected = `waiting for geth 1.17.8: process ${process.pid} builds it`;
    assert.ok(waiting.includes(expected), waiting.join("\n"));
    assert.equal(world.cached().length, 1);
  });

  it("builds once for two processes", async function () {
    this.timeout(30_000);
    world.go({ before: "sleep 1" });
    const env = { ...world.env, TESTNET_TOOLS_CACHE: world.cache };
    const script = path.join(PROJECT, "tools", "build-all.ts");
    const args = ["--import", "tsx", script, "geth"];
    const start = () => promisify(execFile)(process.execPath, args, { env, cwd: PROJECT });
    const outputs = await Promise.all([start(), start()]);
    assert.equal(world.installs(), 1);
    const sources = outputs.map(({ stdout }) => stdout.split(/\s+/)[2]);
    assert.deepEqual(sources.sort(), ["built", "cache"]);
  });

  it("ends with 143 and leaves nothing when `npm run tools` gets SIGTERM", async function () {
    this.timeout(30_000);
    world.go({ before: 'touch "$GOBIN/geth"; sleep 60 & echo started >> "$LOG"; wait' });
    const env = { ...world.env, TESTNET_TOOLS_CACHE: world.cache };
    const args = ["--import", "tsx", path.join(PROJECT, "tools", "build-all.ts"), "geth"];
    const child = spawn(process.execPath, args, { env, cwd: PROJECT, stdio: "ignore" });
    const ended = once(child, "exit");
    while (!world.runs().includes("started")) await sleep(20);
    child.kill("SIGTERM");
    assert.deepEqual(await ended, [143, null]);
    assert.deepEqual(world.cached(), []);
  });

  it("takes over the lock and clears away the leftovers of a process that is gone", async () => {
    world.go();
    const lock = world.directory("cache/build.lock");
    const longAgo = new Date(Date.now() - 3_600_000);
    fs.utimesSync(lock, longAgo, longAgo);
    // No process has this number: it is above what the systems we know give out.
    world.directory("cache/.building-geth-1.17.8-999999999/bin");
    assert.equal((await resolveProgram("geth", world.options())).source, "built");
    assert.equal(world.cached().length, 1);
  });

  it("leaves nothing when aborted, and ends what Go started", async () => {
    // The sleeper holds Go's output open: the call can only end once it is gone.
    world.go({ before: 'touch "$GOBIN/geth" "$GOTMPDIR/half"; sleep 60 & echo started >> "$LOG"; wait' });
    const abort = new AbortController();
    const onProgress = (): void => {
      if (world.runs().includes("started")) abort.abort(new Error("stopped by the user"));
    };
    const options = world.options({ signal: abort.signal, onProgress });
    await assert.rejects(resolveProgram("geth", options), /stopped by the user/);
    assert.deepEqual(world.cached(), []);
  });

  it("stops waiting when aborted, and leaves the other's lock alone", async () => {
    world.go();
    world.directory("cache/build.lock");
    const abort = new AbortController();
    const options = world.options({
      signal: abort.signal,
      onProgress: () => abort.abort(new Error("enough")),
    });
    await assert.rejects(resolveProgram("geth", options), /enough/);
    assert.deepEqual(world.cached(), ["build.lock"]);
    assert.equal(world.installs(), 0);
  });

  it("does nothing when aborted before", async () => {
    world.go();
    await assert.rejects(
      resolveProgram("geth", world.options({ signal: AbortSignal.abort(new Error("no")) })),
      /no/,
    );
    assert.deepEqual(world.runs(), []);
  });
});
