import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { runMain } from "../support/cli";
import { temporaryDirectory } from "../support/temporary";

/**
 * Wrong configurations, each through the CLI's own `up`: it must end with status 2 and a coded message that names the
 * key, and leave nothing behind. What is wrong with the machine instead of the input is tested in test/engine.
 */

const GOOD_NETWORK = `
    protocol: ethereum
    nodes: [{ count: 3 }]
    secondsPerSlot: 2
    slotsPerEpoch: 4`;

function file(network: string, environment = "local"): string {
  return `config:\n  testnet:environment: ${environment}\n  testnet:network:${network}\n`;
}

function nodes(pool: string): string {
  return file(`\n    protocol: ethereum\n    nodes: [${pool}]\n    slotsPerEpoch: 4`);
}

function setting(line: string): string {
  return file(`${GOOD_NETWORK.replace(new RegExp(`\n    ${line.split(":")[0]}:.*`), "")}\n    ${line}`);
}

type Case = readonly [name: string, stackFile: string, code: string, at: string];

const CASES: readonly Case[] = [
  ["not YAML: a tab", "config:\n\ttestnet:environment: local\n", "TN1002", "Pulumi.bad.yaml:2"],
  ["not YAML: an open bracket", file("\n    nodes: [{"), "TN1002", "Pulumi.bad.yaml"],
  ["a key twice", file(`${GOOD_NETWORK}\n    nodes: []`), "TN1002", "Pulumi.bad.yaml:8"],
  ["a text instead of a mapping", "hello\n", "TN1005", "Pulumi.bad.yaml"],
  ["a list instead of a mapping", "- config\n", "TN1005", "Pulumi.bad.yaml"],
  ["config is a list", "config: []\n", "TN1005", "Pulumi.bad.yaml"],
  ["an empty file", "", "TN1005", "Pulumi.bad.yaml"],
  ["no configuration", "config: {}\n", "TN1004", "testnet:environment"],
  ["no environment", `config:\n  testnet:network:${GOOD_NETWORK}\n`, "TN1004", "testnet:environment"],
  ["no network", "config:\n  testnet:environment: local\n", "TN1004", "testnet:network"],
  ["a misspelt top key", `${file(GOOD_NETWORK)}  testnet:netwrok: {}\n`, "TN1003", "testnet:netwrok"],
  ["environment is a number", file(GOOD_NETWORK, "7"), "TN1005", "testnet:environment"],
  ["environment is a list", file(GOOD_NETWORK, "[local]"), "TN1005", "testnet:environment"],
  ["environment is no name", file(GOOD_NETWORK, "Prod_1"), "TN1006", "testnet:environment"],
  ["environment has no stack file", file(GOOD_NETWORK, "prod"), "TN1026", "testnet:environment"],
  ["network is a text", file(" ethereum"), "TN1005", "testnet:network"],
  ["network is a list", file(" []"), "TN1005", "testnet:network"],
  ["no protocol", file("\n    nodes: [{ count: 3 }]"), "TN1004", "testnet:network.protocol"],
  ["unknown protocol", setting("protocol: bitcoin"), "TN1006", "testnet:network.protocol"],
  ["protocol is a number", setting("protocol: 1"), "TN1006", "testnet:network.protocol"],
  ["no nodes", file("\n    protocol: ethereum"), "TN1004", "testnet:network.nodes"],
  ["empty nodes", setting("nodes: []"), "TN1006", "testnet:network.nodes"],
  ["nodes is a number", setting("nodes: 3"), "TN1005", "testnet:network.nodes"],
  ["nodes is a mapping", setting("nodes: { count: 3 }"), "TN1005", "testnet:network.nodes"],
  ["a pool is a number", nodes("3"), "TN1005", "testnet:network.nodes[0]"],
  ["zero nodes", nodes("{ count: 0 }"), "TN1006", "testnet:network.nodes[0].count"],
  ["less than no nodes", nodes("{ count: -1 }"), "TN1006", "testnet:network.nodes[0].count"],
  ["half a node", nodes("{ count: 1.5 }"), "TN1005", "testnet:network.nodes[0].count"],
  ["too many nodes", nodes("{ count: 10001 }"), "TN1006", "testnet:network.nodes[0].count"],
  ["count is a text", nodes('{ count: "3" }'), "TN1005", "testnet:network.nodes[0].count"],
  ["count is nothing", nodes("{ count: }"), "TN1005", "testnet:network.nodes[0].count"],
  ["unknown execution client", nodes("{ execution: gethh }"), "TN1006", "testnet:network.nodes[0].execution"],
  [
    "execution client is a list",
    nodes("{ execution: [geth] }"),
    "TN1006",
    "testnet:network.nodes[0].execution",
  ],
  [
    "unknown consensus client",
    nodes("{ consensus: lighthouse9 }"),
    "TN1006",
    "testnet:network.nodes[0].consensus",
  ],
  ["unknown version of geth", nodes('{ executionVersion: "1.0.0" }'), "TN1008", "nodes[0].executionVersion"],
  ["a version with its v", nodes('{ executionVersion: "v1.17.8" }'), "TN1008", "nodes[0].executionVersion"],
  ["unknown version of Prysm", nodes('{ consensusVersion: "5.0.0" }'), "TN1008", "nodes[0].consensusVersion"],
  ["a version as a number", nodes("{ executionVersion: 1.17 }"), "TN1005", "nodes[0].executionVersion"],
  ["no validators at all", nodes("{ count: 3, validators: 0 }"), "TN1007", "testnet:network.nodes"],
  ["fewer validators than slots", nodes("{ count: 3, validators: 1 }"), "TN1007", "testnet:network.nodes"],
  ["less than no validators", nodes("{ validators: -1 }"), "TN1006", "nodes[0].validators"],
  ["too many validators", nodes("{ validators: 100001 }"), "TN1006", "nodes[0].validators"],
  ["two pools of one name", nodes("{ count: 1 }, { count: 1 }"), "TN1007", "nodes[1].name"],
  ["a pool name in capitals", nodes("{ name: Geth }"), "TN1006", "nodes[0].name"],
  ["a pool name with a dot", nodes("{ name: a.b }"), "TN1006", "nodes[0].name"],
  ["a pool name too long", nodes(`{ name: ${"n".repeat(21)} }`), "TN1006", "nodes[0].name"],
  ["an empty pool name", nodes('{ name: "" }'), "TN1006", "nodes[0].name"],
  ["an unknown key of a pool", nodes("{ cuont: 3 }"), "TN1003", "testnet:network.nodes[0].cuont"],
  ["an unknown key of the network", setting("secondPerSlot: 2"), "TN1003", "testnet:network.secondPerSlot"],
  [
    "a slot of 1 s, which Prysm 6 cannot do",
    setting("secondsPerSlot: 1"),
    "TN1006",
    "network.secondsPerSlot",
  ],
  ["a slot of no time", setting("secondsPerSlot: 0"), "TN1006", "network.secondsPerSlot"],
  ["a slot of minutes", setting("secondsPerSlot: 61"), "TN1006", "network.secondsPerSlot"],
  ["a slot with its unit", setting('secondsPerSlot: "2s"'), "TN1005", "network.secondsPerSlot"],
  ["half a second more", setting("secondsPerSlot: 2.5"), "TN1005", "network.secondsPerSlot"],
  ["an epoch of 5 slots", setting("slotsPerEpoch: 5"), "TN1006", "network.slotsPerEpoch"],
  ["an epoch of no slots", setting("slotsPerEpoch: 0"), "TN1006", "network.slotsPerEpoch"],
  ["chain id 0", setting("chainId: 0"), "TN1006", "testnet:network.chainId"],
  ["chain id too large", setting("chainId: 2147483648"), "TN1006", "testnet:network.chainId"],
  ["chain id as hex text", setting('chainId: "0x539"'), "TN1005", "testnet:network.chainId"],
  ["gas limit too low", setting("gasLimit: 21000"), "TN1006", "testnet:network.gasLimit"],
  ["no funded account", setting("fundedAccounts: { count: 0 }"), "TN1006", "fundedAccounts.count"],
  ["too many funded accounts", setting("fundedAccounts: { count: 101 }"), "TN1006", "fundedAccounts.count"],
  ["accounts without ether", setting("fundedAccounts: { balanceEther: 0 }"), "TN1006", "balanceEther"],
  ["funded accounts as a number", setting("fundedAccounts: 10"), "TN1005", "testnet:network.fundedAccounts"],
  [
    "a mnemonic in the file",
    setting('fundedAccounts: { mnemonic: "a b c" }'),
    "TN1003",
    "fundedAccounts.mnemonic",
  ],
  ["genesis more than a week ago", setting("genesisDelaySeconds: -604801"), "TN1006", "genesisDelaySeconds"],
  ["genesis after tomorrow", setting("genesisDelaySeconds: 86401"), "TN1006", "genesisDelaySeconds"],
  ["a privileged port", setting("ports: { from: 80 }"), "TN1006", "testnet:network.ports.from"],
  ["a port beyond the last", setting("ports: { from: 70000 }"), "TN1006", "testnet:network.ports.from"],
  ["ports without a start", setting("ports: {}"), "TN1004", "testnet:network.ports.from"],
  ["era 0", setting("era: 0"), "TN1006", "testnet:network.era"],
  [
    "an extra argument without dashes",
    nodes("{ extraArgs: { execution: [cache] } }"),
    "TN1006",
    "execution[0]",
  ],
  [
    "an extra argument of two words",
    nodes('{ extraArgs: { execution: ["--cache 64"] } }'),
    "TN1006",
    "execution[0]",
  ],
  [
    "extra arguments as a text",
    nodes('{ extraArgs: { execution: "--x" } }'),
    "TN1005",
    "extraArgs.execution",
  ],
  [
    "an extra argument rendered already",
    nodes("{ extraArgs: { execution: [--cache=9] } }"),
    "TN1009",
    "execution[0]",
  ],
  [
    "an argument geth does not know",
    nodes("{ extraArgs: { execution: [--roffset] } }"),
    "TN1009",
    "execution[0]",
  ],
  [
    "an argument Prysm does not know",
    nodes("{ extraArgs: { consensus: [--supernode] } }"),
    "TN1009",
    "consensus[0]",
  ],
  [
    "another client's argument",
    nodes("{ extraArgs: { validator: [--syncmode=full] } }"),
    "TN1009",
    "validator[0]",
  ],
  ["extra arguments of no client", nodes("{ extraArgs: { geth: [] } }"), "TN1003", "extraArgs.geth"],
];

describe("wrong configurations", () => {
  const directory = temporaryDirectory();
  after(() => directory.dispose());

  it("are at least 60", () => assert.ok(CASES.length >= 60, String(CASES.length)));

  for (const [name, stackFile, code, at] of CASES) {
    it(`${code}: ${name}`, async () => {
      fs.writeFileSync(path.join(directory.path, "Pulumi.bad.yaml"), stackFile);
      const { status, stdout } = await runMain("up", "bad", "--json", "-C", directory.path);
      assert.equal(status, 2);
      const { problems } = JSON.parse(stdout) as { problems: { code: string; at: string }[] };
      const found = problems.map((problem) => `${problem.code} ${problem.at}`);
      assert.ok(
        problems.some((problem) => problem.code === code && problem.at.includes(at)),
        `found only ${found.join(", ")}`,
      );
      assert.deepEqual(fs.readdirSync(directory.path), ["Pulumi.bad.yaml"], "nothing may be created");
    });
  }

  it("are reported all at once", async () => {
    const bad = file(
      "\n    protocol: ethereum\n    nodes: [{ count: 0, execution: x }]\n    chainId: -1\n    colour: red",
    );
    fs.writeFileSync(path.join(directory.path, "Pulumi.bad.yaml"), bad);
    const { stdout } = await runMain("validate", "bad", "--json", "-C", directory.path);
    const { problems } = JSON.parse(stdout) as { problems: { code: string }[] };
    assert.deepEqual(problems.map((problem) => problem.code).sort(), [
      "TN1003",
      "TN1006",
      "TN1006",
      "TN1006",
    ]);
  });

  it("suggest the key that was meant, with what is allowed", async () => {
    fs.writeFileSync(path.join(directory.path, "Pulumi.bad.yaml"), nodes("{ cuont: 3 }"));
    const { stderr } = await runMain("validate", "bad", "-C", directory.path);
    assert.match(stderr, /TN1003 testnet:network\.nodes\[0\]\.cuont: the key "cuont" is not known/);
    assert.match(stderr, /allowed: name, count, execution/);
    assert.match(stderr, /to do: {3}Write `count` if that is what was meant/);
    assert.match(stderr, /docs\/errors\.md#tn1003/);
  });
});

describe("wrong usage", () => {
  const directory = temporaryDirectory();
  after(() => directory.dispose());

  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["an unknown command", ["upp"]],
    ["an unknown option", ["up", "--now"]],
    ["an argument too many", ["up", "local", "more"]],
    ["no daemon for logs", ["logs"]],
    ["a stack without a file", ["up", "nowhere", "-C", directory.path]],
    ["a stack that is no name", ["up", "../etc", "-C", directory.path]],
    ["an interval that is no number", ["status", "--interval", "soon"]],
    ["a line count that is no number", ["logs", "node-1-geth", "-n", "many"]],
  ];
  for (const [name, argv] of cases) {
    it(name, async () => {
      const { status, stderr } = await runMain(...argv);
      assert.equal(status, 2, stderr);
      assert.deepEqual(fs.readdirSync(directory.path), []);
    });
  }

  it("--help and --version are no mistakes", async () => {
    assert.equal((await runMain("--help")).status, 0);
    assert.match((await runMain("--version")).stdout, /^\d+\.\d+\.\d+\n$/);
  });
});
