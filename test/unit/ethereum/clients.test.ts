import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { CONSENSUS_CLIENTS, EXECUTION_CLIENTS } from "../../../protocols/ethereum/clients";
import {
  erigonImage,
  lighthouseValidatorImage,
  nimbusValidatorImage,
} from "../../../protocols/ethereum/images";
import type { Image } from "../../../protocols/plan";
import { temporaryDirectory } from "../../support/temporary";

const FLAGS = path.join(__dirname, "../../../protocols/ethereum/flags");

describe("flag tables of the clients", () => {
  const tables = fs.readdirSync(FLAGS).filter((file) => file.endsWith(".json"));

  it("hold each flag once, in order, without dashes", () => {
    assert.equal(tables.length, 14);
    for (const table of tables) {
      const flags = JSON.parse(fs.readFileSync(path.join(FLAGS, table), "utf8")) as string[];
      assert.deepEqual([...new Set(flags)].sort(), flags, table);
      for (const flag of flags) assert.match(flag, /^[a-zA-Z][a-zA-Z0-9._-]*$/, table);
    }
  });

  it("tell where they are from", () => {
    const notes = fs.readFileSync(path.join(FLAGS, "README.md"), "utf8");
    for (const table of tables) {
      const [, client, version] = /^([a-z]+).*-([\d.]+)\.json$/.exec(table) ?? [];
      assert.ok(
        notes.includes(`${client} ${version}`) || notes.includes(table.replace(/-[\d.]+\.json$/, "")),
        table,
      );
    }
  });

  it("every image has the tag of its client's version, a program to start and no root", () => {
    const images = [
      ...Object.values(EXECUTION_CLIENTS).flatMap((releases) =>
        Object.entries(releases).map(([version, one]) => [version, one.executionImage] as const),
      ),
      ...Object.values(CONSENSUS_CLIENTS).flatMap((releases) =>
        Object.entries(releases).flatMap(([version, one]) => [
          [version, one.consensusImage] as const,
          [version, one.validatorImage] as const,
        ]),
      ),
    ];
    for (const [version, { reference, command, user }] of images) {
      assert.match(
        reference,
        new RegExp(`^[a-z]+\\.[a-z]+/.+:(multiarch-)?v?${version.replaceAll(".", "\\.")}$`),
      );
      assert.ok(command.length > 0);
      assert.ok(user !== undefined && user.uid > 0);
    }
  });
});

describe("scripts that start clients in their images, run by a real shell", () => {
  let directory: ReturnType<typeof temporaryDirectory>;
  const at = (...parts: string[]) => path.join(directory.path, ...parts);
  const write = (file: string, content: string, mode = 0o600) => {
    fs.mkdirSync(path.dirname(at(file)), { recursive: true });
    fs.writeFileSync(at(file), content, { mode });
  };

  beforeEach(() => {
    directory = temporaryDirectory();
    // A program that tells its arguments, one a line, after those of earlier runs.
    const program = `#!/bin/sh\nprintf '%s\\n' "$0" "$@" >>'${at("said")}'\n`;
    ["erigon", "lighthouse", "nimbus_validator_client"].forEach((name) => {
      write(`bin/${name}`, program, 0o700);
    });
  });
  afterEach(() => directory.dispose());

  /** Runs the image's command with arguments, and returns what the program was started with. */
  const start = ({ command }: Image, ...args: string[]): string[] => {
    const [shell, ...words] = command.map((word) => word.replaceAll("/home/user", at("bin")));
    execFileSync(shell!, [...words, ...args], {
      env: { PATH: `${at("bin")}:${process.env["PATH"] ?? ""}` },
      stdio: "pipe",
    });
    const said = fs.readFileSync(at("said"), "utf8").trim().split("\n");
    fs.rmSync(at("said"));
    return said.map((word) => word.replaceAll(`${directory.path}/`, ""));
  };
  const KEYS = [`0x${"a".repeat(96)}`, `0x${"b".repeat(96)}`];

  it("Erigon: its genesis first, then itself with its arguments as they are", () => {
    assert.deepEqual(start(erigonImage("x"), at("data"), at("genesis.json"), "--datadir=a b", "--http"), [
      "bin/erigon",
      "init",
      "--datadir=data",
      "genesis.json",
      "bin/erigon",
      "--datadir=a b",
      "--http",
    ]);
    assert.deepEqual(start(erigonImage("x"), at("data"), "", "--chain=sepolia"), [
      "bin/erigon",
      "--chain=sepolia",
    ]);
  });

  it("Lighthouse: a list of its validators on the volume, with keystores and passwords where they are", () => {
    for (const key of KEYS) write(`keys/${key}/voting-keystore.json`, "{}");
    const image = lighthouseValidatorImage("x");
    const args = [at("data/validators"), at("keys"), at("secrets"), "validator_client", "--metrics"];
    for (let starts = 1; starts <= 2; starts += 1) {
      assert.deepEqual(start(image, ...args), ["bin/lighthouse", "validator_client", "--metrics"]);
      const list = fs.readFileSync(at("data/validators/validator_definitions.yml"), "utf8");
      assert.equal(
        list.replaceAll(`${directory.path}/`, ""),
        [
          "---",
          ...KEYS.flatMap((key) => [
            "- enabled: true",
            `  voting_public_key: "${key}"`,
            "  type: local_keystore",
            `  voting_keystore_path: keys/${key}/voting-keystore.json`,
            `  voting_keystore_password_path: secrets/${key}`,
          ]),
          "",
        ].join("\n"),
      );
    }
    assert.deepEqual(fs.readdirSync(at("data/validators")), ["validator_definitions.yml"]);
  });

  it("Nimbus: a directory of each validator on the volume for its owner only, with a link to the keystore", () => {
    for (const key of KEYS) write(`keys/${key}/keystore.json`, `of ${key}`);
    for (let starts = 1; starts <= 2; starts += 1) {
      const said = start(nimbusValidatorImage("x"), at("data/validators"), at("keys"), "--data-dir=data");
      assert.deepEqual(said, ["bin/nimbus_validator_client", "--data-dir=data"]);
    }
    for (const key of KEYS) {
      const file = at("data/validators", key, "keystore.json");
      assert.equal(fs.readFileSync(file, "utf8"), `of ${key}`);
      assert.ok(fs.lstatSync(file).isSymbolicLink());
      assert.equal(fs.statSync(path.dirname(file)).mode & 0o777, 0o700);
    }
  });
});
