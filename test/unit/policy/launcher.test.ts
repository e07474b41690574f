import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { temporaryDirectory } from "../../support/temporary";

const LAUNCHER = path.resolve(__dirname, "../../../policy/launcher/pulumi-analyzer-policy-nodejs");

describe("the launcher of the pack", function () {
  this.timeout(20_000);

  it("ends when the engine that started it was killed", async () => {
    const pack = temporaryDirectory();
    fs.writeFileSync(
      path.join(pack.path, "index.js"),
      "console.log(process.pid); setInterval(() => {}, 1000);",
    );
    const script = `require("node:child_process").spawn(process.execPath, [${JSON.stringify(LAUNCHER)}], { stdio: "inherit" })`;
    const engine = spawn(process.execPath, ["-e", script], {
      cwd: pack.path,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [line] = (await once(createInterface(engine.stdout), "line")) as [string];
    const pid = Number(line);
    assert.ok(isAlive(pid));
    engine.kill("SIGKILL");
    for (const end = Date.now() + 10_000; isAlive(pid) && Date.now() < end;) await sleep(50);
    const hasEnded = !isAlive(pid);
    if (!hasEnded) process.kill(pid);
    pack.dispose();
    assert.ok(hasEnded);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
