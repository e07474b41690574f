import assert from "node:assert/strict";
import * as path from "node:path";
import * as aws from "@pulumi/aws";
import { parse } from "yaml";
import { projectFile } from "../../cli/engine/workspace";
import { LocalProvider } from "../../components/local/local-provider";
import { ChainFilesResource } from "../../components/local/resources";
import type { Genesis } from "../../protocols/plan";
import { resolveTools } from "../../tools/resolve";
import { temporaryDirectory } from "../support/temporary";
import { rehearseLight } from "./support/light";

const FORKS = ["ALTAIR", "BELLATRIX", "CAPELLA", "DENEB", "ELECTRA"];
const CONFIG = [
  "PRESET_BASE: mainnet",
  "CONFIG_NAME: test",
  "GENESIS_FORK_VERSION: 0x10007e57",
  ...FORKS.flatMap((fork, index) => [`${fork}_FORK_VERSION: 0x${index + 2}0007e57`, `${fork}_FORK_EPOCH: 0`]),
  "FULU_FORK_VERSION: 0x70007e57",
  "TERMINAL_TOTAL_DIFFICULTY: 0",
].join("\n");

/** The real tool at work: for a second or so on an idle machine. */
const GENESIS: Genesis = {
  delaySeconds: 0,
  files: [{ path: "config.yaml", content: `${CONFIG}\n` }],
  runs: [
    {
      program: "prysmctl",
      args: [
        ...["testnet", "generate-genesis", "--fork=electra", "--num-validators=256"],
        ...["--genesis-time={{genesis-time}}", "--chain-config-file=config.yaml", "--output-ssz=genesis.ssz"],
      ],
      produces: ["genesis.ssz"],
    },
  ],
};

describe("chain files in a rehearsal", function () {
  this.timeout(240_000);
  const home = temporaryDirectory();
  after(() => home.dispose());

  it("are made by the real tools while simulated time stands still", async () => {
    await resolveTools(["prysmctl"]);
    const report = await rehearseLight(home.path, {
      project: parse(projectFile()) as Record<string, unknown>,
      program: () => {
        const opts = { provider: new aws.Provider("aws", { region: "us-east-1" }) };
        const provider = new LocalProvider("machine", { home: path.join(home.path, "none") });
        const args = { network: "net", era: 1, genesis: GENESIS, publicKeys: {} };
        const chain = new ChainFilesResource("chain", args, { provider });
        // Were time to run on meanwhile, the second one would begin when the first is long there.
        new aws.route53.Zone("first", { name: "first.example.org" }, opts);
        const name = chain.files.apply((files) => {
          assert.ok((files["genesis.ssz"]?.bytes ?? 0) > 1_000_000);
          return "second.example.org";
        });
        new aws.route53.Zone("second", { name }, opts);
        return Promise.resolve({});
      },
    });
    assert.equal(report.ok, true, JSON.stringify(report.phases));
    assert.deepEqual(
      report.time?.path.map(({ type }) => type),
      ["aws:route53/zone:Zone"],
    );
    assert.equal(report.time.ratio, 1);
    assert.deepEqual(report.leftovers, []);
  });
});
