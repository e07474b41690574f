import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { ProcessRecord } from "../../components/local/process-record";
import {
  commandOf,
  identify,
  isAlive,
  leadsSession,
  readProcessRecord,
  residentBytes,
  runningProcesses,
  writeProcessRecord,
} from "../../components/local/processes";
import { TestnetError } from "../../errors/problem";
import { eventually } from "../support/local";
import { temporaryDirectory } from "../support/temporary";

describe("processes of this machine", () => {
  const started: ChildProcess[] = [];

  function sleeper(command = "exec sleep 60"): ChildProcess {
    const child = spawn("sh", ["-c", command], { stdio: ["ignore", "pipe", "ignore"] });
    started.push(child);
    return child;
  }

  afterEach(() => started.splice(0).forEach((child) => child.kill("SIGKILL")));

  it("tells a living process from one that has ended", async () => {
    const child = sleeper();
    const identity = identify(child.pid!)!;
    assert.equal(isAlive(identity), true);
    child.kill("SIGKILL");
    await eventually("the process ends", () => !isAlive(identity));
    assert.equal(identify(child.pid!), undefined);
  });

  it("does not take another process that was given the same pid for the old one", () => {
    const identity = identify(sleeper().pid!)!;
    assert.equal(isAlive({ ...identity, startTime: `${Number(identity.startTime) - 1}` }), false);
    assert.equal(isAlive({ ...identity, boot: "an earlier boot" }), false);
  });

  it("keeps a process's identity while it executes another program", async () => {
    const child = sleeper("sleep 0.2; exec sleep 60");
    const identity = identify(child.pid!)!;
    await eventually("the shell becomes sleep", () => commandOf(child.pid!) === "sleep 60");
    assert.equal(isAlive(identity), true);
  });

  it("takes a zombie for ended", async () => {
    // The shell turns into a program that never asks how its child ended.
    const parent = sleeper("sleep 0.3 & echo $!; exec sleep 60");
    const pid = await new Promise<number>((resolve) =>
      parent.stdout!.once("data", (text: Buffer) => resolve(Number(text.toString()))),
    );
    await eventually("the child is a zombie", () => identify(pid) === undefined);
    assert.match(fs.readFileSync(`/proc/${pid}/stat`, "utf8"), /\) Z /, "it still is in the process table");
  });

  it("knows who leads a session of its own, as a detached daemon does", () => {
    const child = sleeper();
    const detached = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
    started.push(detached);
    assert.equal(leadsSession(child.pid!), false);
    assert.equal(leadsSession(detached.pid!), true);
  });

  it("lists processes with their arguments apart, and not itself", () => {
    const child = spawn("sh", ["-c", "read line", "", "an argument"]);
    started.push(child);
    const all = runningProcesses();
    assert.equal(
      all.some(({ pid }) => pid === process.pid),
      false,
    );
    assert.deepEqual(all.find(({ pid }) => pid === child.pid)?.argv, [
      "sh",
      "-c",
      "read line",
      "",
      "an argument",
    ]);
  });

  it("tells a process's memory in bytes", () => {
    const bytes = residentBytes(process.pid)!;
    assert.ok(bytes > 20e6 && bytes < 4e9, String(bytes));
    assert.equal(residentBytes(2 ** 22 + 1), undefined);
  });
});

describe("process records", () => {
  const temporary = temporaryDirectory();
  const file = path.join(temporary.path, "run", "geth-1.json");
  const record: ProcessRecord = {
    daemon: "geth-1",
    era: 1,
    state: "running",
    identity: { pid: 1, startTime: "2", boot: "3" },
    program: "/bin/geth",
    args: ["--port", "1"],
    log: "/log",
    startedAt: "2026-01-01T00:00:00.000Z",
  };

  after(() => temporary.dispose());

  it("are read as they were written, and missing ones are no error", () => {
    assert.equal(readProcessRecord(file), undefined);
    writeProcessRecord(file, record);
    assert.deepEqual(readProcessRecord(file), record);
  });

  it("are private and replaced as a whole: nothing half-written or temporary is left", () => {
    writeProcessRecord(file, { ...record, state: "stopped" });
    assert.equal(fs.statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(fs.readdirSync(path.dirname(file)), ["geth-1.json"]);
  });

  it("that are damaged are told of with their path, not taken for missing", () => {
    fs.writeFileSync(file, "{");
    assert.throws(
      () => readProcessRecord(file),
      (error: Error) => {
        assert.ok(error instanceof TestnetError);
        assert.equal(error.problems[0]?.code, "TN4004");
        assert.match(error.message, /geth-1\.json/);
        return true;
      },
    );
  });
});
