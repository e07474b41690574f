import * as assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startedProcesses } from "../../simulator/clusters/processes";
import type { RehearsalReport } from "../../simulator/rehearsal/report";
import { isAlive } from "../../simulator/rehearsal/run-directory";
import { temporaryDirectory } from "../support/temporary";

const ROOT = path.join(__dirname, "..", "..");

describe("testnet rehearse", function () {
  this.timeout(900_000);
  let home: ReturnType<typeof temporaryDirectory>;

  beforeEach(() => {
    home = temporaryDirectory();
  });
  afterEach(() => home.dispose());

  function start(...args: string[]): ChildProcess {
    return spawn(process.execPath, ["cli/testnet.js", "rehearse", ...args], {
      cwd: ROOT,
      env: { ...process.env, TESTNET_HOME: home.path },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  async function run(...args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
    const child = start(...args);
    const texts = { stdout: "", stderr: "" };
    child.stdout?.on("data", (chunk: Buffer) => (texts.stdout += chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => (texts.stderr += chunk.toString()));
    const [status] = (await once(child, "close")) as [number | null];
    return { status, ...texts };
  }

  /** Processes of the clusters of the one rehearsal of this home. */
  function clusterProcesses(): { name: string; pid: number }[] {
    const runs = path.join(home.path, "rehearsals");
    if (!fs.existsSync(runs)) return [];
    return fs
      .readdirSync(runs)
      .flatMap((name) => startedProcesses(path.join(runs, name, "clusters", "logs")));
  }

  async function untilClustersRun(): Promise<{ name: string; pid: number }[]> {
    for (;;) {
      const running = clusterProcesses();
      if (running.some(({ name }) => name.endsWith("kwok"))) return running;
      await sleep(100);
    }
  }

  it("passes for dev: nothing changes the second time, nothing has drifted, nothing is left", async () => {
    const { status, stdout, stderr } = await run("dev", "--json");
    assert.equal(status, 0, stderr);
    const report = JSON.parse(stdout) as RehearsalReport;
    assert.equal(report.ok, true);
    assert.deepEqual(report.leftovers, []);
    assert.deepEqual(
      report.phases.map(({ name, ok }) => [name, ok]),
      [
        ["preview", true],
        ["up", true],
        ["up again", true],
        ["refresh", true],
        ["destroy", true],
      ],
    );
    const clusters = report.snapshot?.clusters ?? [];
    assert.equal(clusters.length, 1);
    for (const cluster of clusters) {
      assert.ok(cluster.pods > 0 && cluster.podsReady === cluster.pods, JSON.stringify(cluster));
      assert.ok(cluster.nodes > 0 && cluster.nodesReady === cluster.nodes);
    }
    assert.ok(report.charts.length > 0 && report.charts.every(({ standIn }) => standIn));
    assert.deepEqual(fs.readdirSync(home.path), []);
  });

  it("ends in order when interrupted: status 130, no process, no file", async () => {
    const child = start("dev");
    const running = await untilClustersRun();
    child.kill("SIGINT");
    const [status] = (await once(child, "close")) as [number | null];
    assert.equal(status, 130);
    assert.deepEqual(
      running.filter(({ pid }) => isAlive(pid)),
      [],
    );
    assert.deepEqual(fs.readdirSync(home.path), []);
  });

  it("leaves no process when killed, and the next rehearsal removes its files", async () => {
    const child = start("dev");
    const running = await untilClustersRun();
    child.kill("SIGKILL");
    await once(child, "close");
    for (let waited = 0; running.some(({ pid }) => isAlive(pid)); waited += 100) {
      assert.ok(waited < 30_000, "cluster processes live on");
      await sleep(100);
    }
    const { status } = await run("dev", "--charts", path.join(home.path, "none"));
    assert.equal(status, 2);
  });

  it("says what is wrong with a stack before it starts anything", async () => {
    const { status, stderr } = await run("local");
    assert.equal(status, 2);
    assert.match(stderr, /TN1013/);
    assert.deepEqual(fs.readdirSync(home.path), []);
  });
});
