import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { commandContext } from "../../cli/context";
import { type Engine, withEngine, withProgress } from "../../cli/engine/run";
import { Output } from "../../cli/ui/output";
import { TestnetError } from "../../errors/problem";
import { eventually, finish, TestNetwork } from "../support/network";

const SETTINGS = `
protocol: ethereum
nodes: [{ count: 1, validators: 8 }]
secondsPerSlot: 2
slotsPerEpoch: 4`;

/** The real engine, and a lock as another run on this machine leaves it: that of this very process. */
describe("a stack that another run holds is waited for", function () {
  this.timeout("2m");
  let network: TestNetwork;
  const lock = () =>
    path.join(network.home, "backend/.pulumi/locks/organization/testnet/waiting/another-run.json");

  before(async () => {
    network = new TestNetwork("waiting", SETTINGS);
    assert.equal((await network.run("preview")).status, 0);
  });
  beforeEach(() => hold());
  afterEach(release);
  after(() => network.dispose());

  function hold(): void {
    fs.mkdirSync(path.dirname(lock()), { recursive: true });
    const holder = { pid: process.pid, username: "somebody", hostname: os.hostname() };
    fs.writeFileSync(lock(), JSON.stringify({ ...holder, timestamp: "2026-01-01T00:00:00Z" }));
  }

  function release(): void {
    fs.rmSync(lock(), { force: true });
  }

  /** A command that waits, once it has said so. */
  async function waiting(...args: string[]) {
    const child = network.start(...(args as [string, ...string[]]));
    let words = "";
    child.stderr?.on("data", (chunk: Buffer) => (words += chunk.toString()));
    const ended = finish(child);
    await eventually("it waits", 60, () => words.includes("waiting for it"));
    return { child, ended };
  }

  it("and the command goes on as soon as it is free", async () => {
    const { ended } = await waiting("down", "--keep-data", "--wait-for-lock", "5 minutes");
    release();
    const { status, stderr } = await ended;
    assert.equal(status, 0, stderr);
    assert.match(
      stderr,
      /waiting is held by somebody@\S+ \(process \d+\) since 2026-01-01T00:00:00Z, \d+ hours ago/,
    );
    assert.match(stderr, /waiting for it, 5 min at most/);
    assert.match(stderr, /waiting is free after \d+ s/);
  });

  it("for so long, then it is TN2003, which tells how long that was and of the option", async () => {
    const { status, stderr } = await network.run("down", "--keep-data", "--wait-for-lock", "1 second");
    assert.equal(status, 1, stderr);
    assert.match(stderr, /TN2003 waiting: held by somebody@.*; waited \d s$/m);
    assert.match(stderr, /to do: .*--wait-for-lock/);
    assert.equal(stderr.match(/waiting is held by/g)?.length, 1, "told once");
  });

  it("until Ctrl-C, which changes nothing", async () => {
    const state = () =>
      fs.readFileSync(path.join(network.home, "backend/.pulumi/stacks/testnet/waiting.json"));
    const before = state();
    const { child, ended } = await waiting("up", "--no-wait", "--wait-for-lock", "5 minutes");
    child.kill("SIGINT");
    const { status, stderr } = await ended;
    assert.equal(status, 130, stderr);
    assert.ok(fs.existsSync(lock()));
    assert.deepEqual(state(), before);
    assert.deepEqual(network.processes(), []);
  });

  describe("by work of several steps", () => {
    const home = process.env["TESTNET_HOME"];
    before(() => (process.env["TESTNET_HOME"] = network.home));
    after(() => {
      if (home === undefined) delete process.env["TESTNET_HOME"];
      else process.env["TESTNET_HOME"] = home;
    });

    /** Hears when the command waits, as a person would, and then has the other run end. */
    class Listener extends Output {
      override say(line: string): void {
        if (line.includes("waiting for it")) release();
      }
    }
    const options = () => ({
      ...commandContext({ directory: network.path(), stack: "waiting", waitForLock: "5 minutes" }),
      out: new Listener(true),
    });
    const { signal } = new AbortController();
    const work = (steps: (engine: Engine, waited: boolean) => Promise<void>) =>
      withEngine(options(), signal, steps);
    const refresh = ({ stack }: Engine) =>
      withProgress(options(), signal, (operation) => stack.refresh(operation));

    it("which begins when the stack is free, and from its start when somebody was quicker in the end", async () => {
      const seen: string[] = [];
      await work(async (engine, waited) => {
        seen.push(`${fs.existsSync(lock()) ? "held" : "free"}, ${waited ? "waited" : "at once"}`);
        if (seen.length === 1) hold();
        await refresh(engine);
        seen.push("changed");
      });
      assert.deepEqual(seen, ["free, waited", "free, waited", "changed"]);
    });

    it("but nothing else is tried again", async () => {
      release();
      let tries = 0;
      const failing = work(() => {
        tries += 1;
        throw new TestnetError([
          { code: "TN2003", message: "held" },
          { code: "TN2001", message: "the address is in use" },
        ]);
      });
      await assert.rejects(failing, /TN2001/);
      assert.equal(tries, 1);
    });
  });
});
