import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { archiveImage, daemonImage } from "../../../protocols/mina/images";
import { planOf, settings } from "./support";
import { temporaryDirectory } from "../../support/temporary";

/** The commands that images are started with, run by a real shell; in place of Mina and Postgres stand recorders. */
describe("the start commands of Mina's images", () => {
  let temporary: ReturnType<typeof temporaryDirectory> | undefined;
  let directory = "";
  beforeEach(() => {
    temporary = temporaryDirectory();
    directory = temporary.path;
  });
  afterEach(() => temporary?.dispose());

  /** A program that writes down its arguments, a line each, and then runs the text given. */
  function recorder(name: string, then = ""): void {
    const file = join(directory, "bin", name);
    mkdirSync(join(directory, "bin"), { recursive: true });
    const record = `printf '%s\\n' "${name}" "$@" >> "${directory}/record"`;
    writeFileSync(file, `#!/bin/sh\n${record}\n${then}\n`);
    chmodSync(file, 0o755);
  }

  function run(command: readonly string[], args: readonly string[], env: Record<string, string>): void {
    const [shell = "", ...rest] = [...command, ...args];
    const path = `${join(directory, "bin")}${delimiter}/usr/bin${delimiter}/bin`;
    execFileSync(shell, rest, { env: { PATH: path, ...env }, stdio: "pipe" });
  }

  const recorded = () => readFileSync(join(directory, "record"), "utf8").trimEnd().split("\n");

  it("hand a daemon its arguments as they are, spaces and quotes and all", () => {
    recorder("mina");
    const args = ["daemon", "--log-json", "--contact-info", 'a "b" $c *'];
    run(daemonImage(settings(), undefined).command, args, { TESTNET_CONFIGURATION: join(directory, "none") });
    assert.deepEqual(recorded(), ["mina", ...args]);
  });

  it("remove the lock of a daemon that was killed, and nothing else", () => {
    recorder("mina");
    const configuration = join(directory, "data", ".mina-config");
    mkdirSync(configuration, { recursive: true });
    const files = [".mina-lock", "daemon.json", "root"].map((name) => join(configuration, name));
    files.forEach((file) => writeFileSync(file, "1"));
    run(daemonImage(settings(), undefined).command, ["daemon"], { TESTNET_CONFIGURATION: configuration });
    assert.deepEqual(files.map(existsSync), [false, true, true]);
  });

  it("tell the start command the directory that the daemon is told", () => {
    const [seed] = planOf().daemons;
    const directoryArgument = seed!.args[seed!.args.indexOf("--config-directory") + 1];
    assert.equal(seed!.env["TESTNET_CONFIGURATION"], directoryArgument);
  });

  const database = { TESTNET_DATABASE: "postgres://mina@127.0.0.1:5432/archive" };
  const schema = ["--file", "/etc/mina/archive/create_schema.sql"];

  it("give an empty database the schema once it answers, and then start the archive", () => {
    recorder("pg_isready", `test -e "${directory}/asked" || { touch "${directory}/asked"; exit 1; }`);
    recorder("psql");
    recorder("mina-archive");
    run(archiveImage(settings()).command, ["run", "--server-port", "3086"], database);
    const calls = recorded();
    assert.equal(calls.filter((word) => word === "pg_isready").length, 2);
    assert.ok(calls.join(" ").includes(schema.join(" ")));
    assert.deepEqual(calls.slice(-4), ["mina-archive", "run", "--server-port", "3086"]);
  });

  it("leave a database that has the schema alone", () => {
    recorder("pg_isready");
    recorder("psql", "echo blocks");
    recorder("mina-archive");
    run(archiveImage(settings()).command, ["run"], database);
    assert.ok(!recorded().join(" ").includes(schema.join(" ")));
    assert.deepEqual(recorded().slice(-2), ["mina-archive", "run"]);
  });

  it("start no archive on a database that took no schema", () => {
    recorder("pg_isready");
    recorder("psql", 'case "$*" in *create_schema*) exit 3;; esac');
    recorder("mina-archive");
    assert.throws(() => run(archiveImage(settings()).command, ["run"], database));
    assert.ok(!recorded().includes("mina-archive"));
  });
});
