import * as assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { temporaryDirectory } from "../../support/temporary";
import { CHART, run } from "./scripts";

const START = path.join(CHART, "files", "start.sh");

/** Prints its arguments and what of its environment was asked for, as JSON. */
const TELL = `console.log(JSON.stringify({ args: process.argv.slice(1), env: process.env }))`;

interface Told {
  readonly args: string[];
  readonly env: Record<string, string>;
}

describe("start.sh of the chart of daemons, run by sh", function () {
  this.timeout(30_000);
  let temporary: ReturnType<typeof temporaryDirectory>;
  let directory: string;

  beforeEach(() => {
    temporary = temporaryDirectory();
    directory = temporary.path;
    fs.mkdirSync(path.join(directory, "env"));
    // The two commands of busybox that the script calls, by those of this machine.
    fs.writeFileSync(path.join(directory, "busybox"), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
  });
  afterEach(() => temporary.dispose());

  const put = (name: string, content: string) => fs.writeFileSync(path.join(directory, name), content);
  const environment = (env: Readonly<Record<string, string>>) => ({
    PATH: process.env["PATH"] ?? "",
    TESTNET_RUN: directory,
    TESTNET_BUSYBOX: path.join(directory, "busybox"),
    ...env,
  });

  async function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Told> {
    const words = [START, process.execPath, "--eval", TELL, "--", ...args];
    const { code, stdout, stderr } = await run("/bin/sh", words, environment(env));
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as Told;
  }

  it("hands arguments on as they are, however odd", async () => {
    const odd = ["", " a  b ", "'", '"', "$HOME $(id) `id` \\n", "*", "line\nbreak", "-n", "ä"];
    assert.deepEqual((await start(odd)).args, odd);
  });

  it("puts addresses in the place of every marker, in arguments and the environment that is named", async () => {
    put(
      "markers",
      "203.0.113.9 {{external-ip}}\n10.0.0.7 {{seed-ip seed-1}}\n10.0.0.8 {{seed-ip seed-10}}\n",
    );
    const { args, env } = await start(
      [
        "--nat=extip:{{external-ip}}",
        "{{external-ip}}{{external-ip}}",
        "/ip4/{{seed-ip seed-1}}/tcp/1,/ip4/{{seed-ip seed-10}}/tcp/1",
        "none",
      ],
      { HOST: "at {{external-ip}}", LEFT: "{{external-ip}}", TESTNET_MARKED_ENV: "HOST" },
    );
    assert.deepEqual(args, [
      "--nat=extip:203.0.113.9",
      "203.0.113.9203.0.113.9",
      "/ip4/10.0.0.7/tcp/1,/ip4/10.0.0.8/tcp/1",
      "none",
    ]);
    assert.equal(env["HOST"], "at 203.0.113.9");
    assert.equal(env["LEFT"], "{{external-ip}}");
  });

  it("exports what lies in private files, with blanks and quotes, and not its own settings", async () => {
    put("env/PASS", ' it\'s "$HOME" \\ ');
    put("env/LINES", "one\ntwo");
    const { env } = await start([], { TESTNET_MARKED_ENV: "" });
    assert.equal(env["PASS"], ' it\'s "$HOME" \\ ');
    assert.equal(env["LINES"], "one\ntwo");
    assert.equal(env["TESTNET_MARKED_ENV"], undefined);
  });

  it("becomes the program, which gets the signals", async () => {
    const wait =
      "process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1000); console.log(process.pid)";
    const child = spawn("/bin/sh", [START, process.execPath, "--eval", wait], {
      env: environment({}),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [pid] = (await once(child.stdout, "data")) as [Buffer];
    assert.equal(Number(pid.toString()), child.pid);
    child.kill("SIGTERM");
    assert.deepEqual(await once(child, "exit"), [7, null]);
  });

  it("ends as the program does", async () => {
    const { code } = await run(
      "/bin/sh",
      [START, process.execPath, "--eval", "process.exit(3)"],
      environment({}),
    );
    assert.equal(code, 3);
  });

  it("does not start the program before the leases are held", async () => {
    let isHeld = false;
    const keeper = http.createServer((_, response) => void response.writeHead(isHeld ? 200 : 503).end());
    await new Promise<void>((listening) => void keeper.listen(0, "127.0.0.1", listening));
    const url = `http://127.0.0.1:${(keeper.address() as AddressInfo).port}/`;
    const marker = path.join(directory, "started");
    const touch = `require("node:fs").writeFileSync(${JSON.stringify(marker)}, "")`;
    const child = spawn("/bin/sh", [START, process.execPath, "--eval", touch], {
      env: environment({ TESTNET_KEEPER: url }),
      stdio: "inherit",
    });
    await sleep(1500);
    assert.equal(fs.existsSync(marker), false);
    isHeld = true;
    assert.deepEqual(await once(child, "exit"), [0, null]);
    assert.equal(fs.existsSync(marker), true);
    keeper.closeAllConnections();
    keeper.close();
  });

  it("can be ended while it waits for them", async () => {
    const child = spawn("/bin/sh", [START, "/bin/true"], {
      env: environment({ TESTNET_KEEPER: "http://127.0.0.1:9/" }),
      stdio: "inherit",
    });
    await sleep(500);
    child.kill("SIGTERM");
    assert.deepEqual(await once(child, "exit"), [143, null]);
  });
});
