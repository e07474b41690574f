import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import type { Bundle } from "../../../keys/bundle";
import { makeBundles } from "../../../keys/bundles";
import { ref } from "../../../protocols/references";
import { resolveProgram } from "../../../tools/resolve";
import { freePorts } from "../../support/local";
import { temporaryDirectory } from "../../support/temporary";
import { ethereum, planOf, pod } from "./plans";

const run = promisify(execFile);

/** What pods find below /keys. */
function unpack({ files }: Bundle, directory: string): void {
  for (const [file, content] of Object.entries(files)) {
    const target = path.join(directory, file);
    fs.mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 });
    fs.writeFileSync(target, content, { mode: 0o600 });
  }
}

describe("real clients load the keys of a bundle", function () {
  this.timeout(180_000);
  const directory = temporaryDirectory();
  after(() => directory.dispose());

  it("geth has the identity of the keyring, and takes the JWT", async () => {
    const { bundles, publicKeys } = await makeBundles(ethereum(1, 1));
    const keys = path.join(directory.path, "geth");
    unpack(bundles.get("node-1-geth")!, keys);
    const geth = await resolveProgram("geth");
    const port = await freePorts(1);
    const { stdout } = await run(geth.path, [
      ...["--datadir", path.join(directory.path, "geth-data"), "--nodekey", path.join(keys, "node-1-geth")],
      ...["--authrpc.jwtsecret", path.join(keys, "node-1-jwt"), "--authrpc.port", String(port)],
      ...["--port", "0", "--nodiscover", "--maxpeers", "0", "--verbosity", "1"],
      ...["--discovery.dns", "", "--networkid", "20"], // it looks for nobody
      ...["--exec", "admin.nodeInfo.enode", "console"],
    ]);
    assert.equal(/enode:\/\/([0-9a-f]{128})@/.exec(stdout)?.[1], publicKeys["node-id node-1-geth"]);
  });

  it("Prysm opens its wallet and finds the validators of the deposits in it", async () => {
    const { bundles, publicKeys } = await makeBundles(ethereum(1, 3));
    const keys = path.join(directory.path, "prysm");
    unpack(bundles.get("node-1-validator")!, keys);
    const validator = await resolveProgram("validator");
    const { stdout, stderr } = await run(validator.path, [
      ...["accounts", "list", "--accept-terms-of-use"],
      ...["--wallet-dir", path.join(keys, "node-1-validator")],
      ...["--wallet-password-file", path.join(keys, "node-1-validator-password")],
    ]);
    const deposits = JSON.parse(publicKeys["deposits"]!) as { pubkey: string }[];
    assert.equal(deposits.length, 3);
    for (const { pubkey } of deposits) {
      assert.ok(`${stdout}${stderr}`.includes(pubkey), `${pubkey} is in the wallet`);
    }
  });

  it("a client that we did not write imports a keystore as others read it, with its password", async () => {
    const plan = planOf({
      daemons: [pod("vc", [ref.secret("v/keys"), ref.secret("v/secrets")])],
      keys: [
        { kind: "accounts", name: "funded", count: 1 },
        {
          ...{ kind: "validators", name: "v", format: "teku", from: 0, count: 1 },
          genesisForkVersion: "0x10000038",
        },
      ],
    });
    const { bundles } = await makeBundles(plan);
    const keys = path.join(directory.path, "teku");
    unpack(bundles.get("vc")!, keys);
    const [keystore] = fs.readdirSync(path.join(keys, "v/keys"));
    const [password] = fs.readdirSync(path.join(keys, "v/secrets"));
    const walletPassword = path.join(directory.path, "wallet-password");
    fs.writeFileSync(walletPassword, "Some-wallet-password-1\n", { mode: 0o600 });
    const validator = await resolveProgram("validator");
    const wallet = [
      "--wallet-dir",
      path.join(directory.path, "wallet"),
      "--wallet-password-file",
      walletPassword,
    ];
    const { stdout, stderr } = await run(validator.path, [
      ...["accounts", "import", "--accept-terms-of-use", ...wallet],
      ...["--keys-dir", path.join(keys, "v/keys", keystore!)],
      ...["--account-password-file", path.join(keys, "v/secrets", password!)],
    ]);
    assert.match(`${stdout}${stderr}`, /Imported accounts|Successfully imported 1/);
    const listed = await run(validator.path, ["accounts", "list", "--accept-terms-of-use", ...wallet]);
    assert.ok(`${listed.stdout}${listed.stderr}`.includes(keystore!.replace(/^0x|\.json$/g, "")));
  });
});
