import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import {
  type Keyring,
  emptyKeyring,
  keyringFile,
  missingKeys,
  publicKeysOf,
  readKeyring,
  refuseMissingKeys,
  writeKeyring,
} from "../../../keys/keyring";
import { temporaryDirectory } from "../../support/temporary";
import { MINA, ethereum } from "./plans";

/** A keyring of MINA in which nothing lacks. */
const WHOLE: Keyring = {
  ...emptyKeyring("mina"),
  keys: {
    "peer-id seed-1-libp2p": "12D3one",
    "peer-id producer-1-libp2p": "12D3two",
    "public-key producer-1-wallet": "B62one",
    "public-key fees": "B62two",
    "public-key itn": "itn",
  },
  secrets: {
    "seed-1": { cluster: "use1", holds: ["seed-1-libp2p/key", "seed-1-libp2p/password"] },
    "producer-1": {
      cluster: "euw4",
      holds: ["libp2p/key", "libp2p/password", "wallet/key", "wallet/password"].map(
        (file) => `producer-1-${file}`,
      ),
    },
    "key-fees": { cluster: "use1", holds: ["fees"] },
    "key-itn": { cluster: "use1", holds: ["itn"] },
  },
};

const without = (name: string): Keyring => {
  const keys = Object.entries(WHOLE.keys).filter(([part]) => part !== name);
  return { ...WHOLE, keys: Object.fromEntries(keys) };
};

describe("keyring", () => {
  const directory = temporaryDirectory();
  after(() => directory.dispose());

  it("tells which keys a plan lacks", () => {
    assert.deepEqual(missingKeys(MINA, WHOLE), []);
    assert.deepEqual(missingKeys(MINA, without("public-key fees")), ["mina-wallet fees"]);
    assert.deepEqual(missingKeys(MINA, { ...WHOLE, rotating: ["itn"] }), ["mina-itn itn"]);
    assert.equal(missingKeys(MINA, undefined).length, 5);
  });

  it("a key whose files no secret of its pod holds lacks, too", () => {
    const secrets = { ...WHOLE.secrets, "seed-1": { cluster: "use1", holds: ["seed-1-libp2p/key"] } };
    assert.deepEqual(missingKeys(MINA, { ...WHOLE, secrets }), ["mina-libp2p seed-1-libp2p"]);
  });

  it("a range of validators that moved lacks", () => {
    const plan = ethereum(1, 2);
    const lacks = (part: string) =>
      missingKeys(plan, {
        ...emptyKeyring("ethereum"),
        keys: { "validators node-1-validator": part },
        secrets: {
          "node-1-validator": { cluster: "use1", holds: ["node-1-validator", "node-1-validator-password"] },
        },
      }).includes("validators node-1-validator");
    assert.deepEqual([lacks("0+2:abc"), lacks("0+20:abc"), lacks("2+2:abc")], [false, true, true]);
  });

  it("refuses a plan in words that say the command, one time for all keys", () => {
    assert.throws(() => refuseMissingKeys(MINA, undefined), {
      message: [
        "TN2012 keyrings/alice.json: there is no keyring, and the network needs 5 keys",
        "    to do:   Run `testnet keys create alice`, then commit the keyring.",
        "    more:    docs/errors.md#tn2012",
      ].join("\n"),
    });
    assert.throws(
      () => refuseMissingKeys(MINA, without("public-key fees")),
      /TN2012 keyrings\/alice.json: the keyring lacks mina-wallet fees\n/,
    );
    assert.throws(
      () => refuseMissingKeys(ethereum(2), emptyKeyring("ethereum")),
      /node-1-validator and 4 more\n/,
    );
    assert.doesNotThrow(() => refuseMissingKeys(MINA, WHOLE));
  });

  it("is written in one order, whatever the order of making", () => {
    const file = keyringFile(directory.path, "alice");
    assert.equal(file, path.join(directory.path, "keyrings", "alice.json"));
    writeKeyring(file, WHOLE);
    const text = fs.readFileSync(file, "utf8");
    const turned = Object.fromEntries(Object.entries(WHOLE.keys).reverse());
    writeKeyring(file, { ...WHOLE, keys: turned });
    assert.equal(fs.readFileSync(file, "utf8"), text);
    assert.deepEqual(readKeyring(file), WHOLE);
    assert.deepEqual(fs.readdirSync(path.dirname(file)), ["alice.json"]);
    assert.match(text, /^\{\n {2}"version": 1,\n {2}"protocol": "mina",\n/);
  });

  it("a file that is none is told, with what to do", () => {
    const file = path.join(directory.path, "broken.json");
    for (const text of ["", "[]", "{", '{"version":2}', '{"version":1,"protocol":"mina"}', "null"]) {
      fs.writeFileSync(file, text);
      assert.throws(
        () => readKeyring(file),
        /^TestnetError: TN2015 .*broken.json: this is no keyring of this version\n/,
        text,
      );
    }
    assert.equal(readKeyring(path.join(directory.path, "none.json")), undefined);
  });

  it("enodes follow the ports and addresses of the plan, not those of the day they were made", () => {
    const keyring: Keyring = {
      ...emptyKeyring("ethereum"),
      keys: { "node-id node-1-geth": "ab", "enode node-1-geth": "enode://old" },
    };
    assert.equal(
      publicKeysOf(ethereum(1), keyring)["enode node-1-geth"],
      "enode://ab@{{seed-ip node-1-geth}}:11000",
    );
  });
});
