import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import {
  type KeyWork,
  createKeys,
  deleteKeys,
  isInGenesis,
  keysToRotate,
  listKeys,
  rotateKeys,
} from "../../../cli/keys/manage";
import { refused } from "../../../cli/keys/store";
import { TestnetError } from "../../../errors/problem";
import { missingKeys, readKeyring } from "../../../keys/keyring";
import type { NetworkPlan } from "../../../protocols/plan";
import { ref } from "../../../protocols/references";
import { temporaryDirectory } from "../../support/temporary";
import { memoryTargets, twoStores } from "./memory-store";
import { MINA, ethereum, ethereumNode, planOf, pod } from "./plans";

/** Mina with a second producer, or any other plan that has what MINA has. */
const LARGER = planOf({
  protocol: "mina",
  daemons: [
    ...MINA.daemons,
    pod("seed-2", [ref.secret("seed-2-libp2p/key"), ref.secretValue("seed-2-libp2p/password")]),
  ],
  keys: [...MINA.keys, { kind: "mina-libp2p", name: "seed-2-libp2p" }],
});

/** A pair whose JWT two pods share, without validators: quick. */
const PAIR = planOf({
  daemons: ethereumNode(1).daemons.slice(0, 2),
  keys: ethereumNode(1).keys.slice(0, 3),
});

describe("keys of a network", () => {
  const directory = temporaryDirectory();
  let stores: ReturnType<typeof twoStores>;
  let file: string;
  let written: string[];
  let runs = 0;

  beforeEach(() => {
    stores = twoStores();
    file = path.join(directory.path, `${runs++}`, "alice.json");
    written = [];
  });
  after(() => directory.dispose());

  const work = (plan: NetworkPlan, signal?: AbortSignal): KeyWork => ({
    targets: memoryTargets(plan, stores).targets,
    file,
    onWritten: (name, place, how) => written.push(`${how} ${name} in ${place}`),
    ...(signal !== undefined && { signal }),
  });
  const privateParts = () =>
    [...stores.use1.values.keys(), ...stores.euw4.values.keys()].flatMap((name) =>
      Object.values({ ...stores.use1.files(name), ...stores.euw4.files(name) }),
    );

  describe("create", () => {
    it("writes each secret to the manager of the cloud its pod runs in, and tells of it", async () => {
      await createKeys(work(MINA));
      assert.deepEqual([...stores.use1.values.keys()].sort(), ["key-fees", "key-itn", "seed-1"]);
      assert.deepEqual([...stores.euw4.values.keys()], ["producer-1"]);
      assert.deepEqual(written.sort(), [
        "made key-fees in Secrets of America",
        "made key-itn in Secrets of America",
        "made producer-1 in Secrets of Europe",
        "made seed-1 in Secrets of America",
      ]);
    });

    it("leaves a keyring that lacks nothing", async () => {
      assert.equal(missingKeys(MINA, undefined).length, 5);
      await createKeys(work(MINA));
      assert.deepEqual(missingKeys(MINA, readKeyring(file)), []);
    });

    it("writes nothing when it runs again", async () => {
      await createKeys(work(MINA));
      const [before, writes] = [fs.readFileSync(file, "utf8"), stores.use1.writes.length];
      await createKeys(work(MINA));
      assert.equal(fs.readFileSync(file, "utf8"), before);
      assert.equal(stores.use1.writes.length, writes);
      assert.ok(
        !stores.use1.log.some((call) => call.startsWith("read")),
        "nobody's secret is read without need",
      );
    });

    it("makes only what is new when the network grows", async () => {
      await createKeys(work(MINA));
      written = [];
      await createKeys(work(LARGER));
      assert.deepEqual(written, ["made seed-2 in Secrets of America"]);
    });

    it("takes over secrets whose keyring was lost, and makes none", async () => {
      const keyring = await createKeys(work(MINA));
      fs.rmSync(file);
      written = [];
      assert.deepEqual(await createKeys(work(MINA)), keyring);
      assert.deepEqual(written, []);
    });

    it("a canary: no private part is in keyring, words or errors", async () => {
      await createKeys(work(ethereum(1)));
      const keyring = fs.readFileSync(file, "utf8");
      const parts = privateParts();
      assert.ok(parts.length >= 9, `${parts.length} private parts`);
      for (const part of parts.filter((text) => text.trim() !== "{}")) {
        assert.ok(!keyring.includes(part.replace(/^0x/, "").trim()), "the keyring holds a private part");
      }
      stores.use1.values.set("node-1-geth", "canary, no bundle");
      fs.rmSync(file);
      await assert.rejects(createKeys(work(ethereum(1))), (error: Error) => {
        assert.match(error.message, /TN2015 node-1-geth: its secret is no bundle/);
        return !error.message.includes("canary") && !written.join().includes("canary");
      });
    }).timeout(60_000);

    it("goes on after it was cut off between a secret and the keyring", async () => {
      // The process ends at once: the keyring is not written at all.
      await createKeys(work(MINA));
      const seed = stores.use1.values.get("seed-1");
      fs.rmSync(file);
      stores.use1.values.delete("key-fees");
      await createKeys(work(MINA));
      assert.equal(stores.use1.values.get("seed-1"), seed);
      assert.deepEqual(missingKeys(MINA, readKeyring(file)), []);
    });

    it("keeps what it got when it is interrupted, and goes on in the next run", async () => {
      const controller = new AbortController();
      const plan = LARGER;
      const interrupting = work(plan, controller.signal);
      await assert.rejects(
        createKeys({ ...interrupting, onWritten: () => controller.abort(new Error("Ctrl-C")) }),
        /Ctrl-C/,
      );
      const got = missingKeys(plan, readKeyring(file));
      assert.ok(got.length > 0 && got.length < plan.keys.length, `${got.length} keys lack`);
      await createKeys(work(plan));
      assert.deepEqual(missingKeys(plan, readKeyring(file)), []);
    });

    it("tells what a secret manager refuses, keeps the rest, and goes on when it is mended", async () => {
      stores.euw4.before = (call) => {
        if (call.startsWith("put")) {
          throw refused({
            place: stores.euw4.place,
            name: "producer-1",
            action: "make this secret",
            words: "no",
            right: "r",
          });
        }
      };
      await assert.rejects(
        createKeys(work(MINA)),
        /TN2014 producer-1: Secrets of Europe did not make this secret: no/,
      );
      assert.ok(stores.use1.values.has("seed-1"));
      stores.euw4.before = () => undefined;
      await createKeys(work(MINA));
      assert.deepEqual(missingKeys(MINA, readKeyring(file)), []);
    });

    it("two at once from two machines agree on one set of keys", async () => {
      const other = path.join(directory.path, `other-${runs}`, "alice.json");
      const [one, two] = await Promise.all([
        createKeys(work(PAIR)),
        createKeys({ ...work(PAIR), file: other }),
      ]);
      assert.deepEqual(one.keys, two.keys);
      assert.equal(
        stores.use1.files("node-1-geth")["node-1-jwt"],
        stores.use1.files("node-1-prysm")["node-1-jwt"],
        "the pair has one JWT",
      );
    });

    it("two at once on one machine wait for each other", async () => {
      const [one, two] = await Promise.all([createKeys(work(PAIR)), createKeys(work(PAIR))]);
      assert.deepEqual(one, two);
      assert.equal(written.length, 2, "each secret is made once");
    });

    it("a pod that moved to another cloud takes its keys along", async () => {
      await createKeys(work(MINA));
      const keys = stores.use1.values.get("seed-1");
      const [seed, ...others] = MINA.daemons;
      const moved = { ...seed!, workload: { ...seed!.workload!, cluster: "euw4" } };
      await createKeys(work({ ...MINA, daemons: [moved, ...others] }));
      assert.equal(stores.euw4.values.get("seed-1"), keys);
    });

    it("a key whose pod is no more stays a key of the network, with its own secret", async () => {
      const before = await createKeys(work(MINA));
      const producer = MINA.daemons.filter(({ name }) => name !== "producer-1");
      const after = await createKeys(work({ ...MINA, daemons: producer }));
      assert.deepEqual(after.keys, before.keys);
      const wallet = stores.use1.files("key-producer-1-wallet")["producer-1-wallet/key"];
      assert.equal(wallet, stores.euw4.files("producer-1")["producer-1-wallet/key"]);
    });

    it("a key that a pod is given later is the one that was there", async () => {
      await createKeys(work(MINA));
      const payer = pod("payer", [ref.secret("fees/key"), ref.secretValue("fees/password")]);
      await createKeys(work({ ...MINA, daemons: [...MINA.daemons, payer] }));
      assert.deepEqual(stores.use1.files("payer"), stores.use1.files("key-fees"));
    });

    it("tells of a secret that is gone although the keyring knows its key", async () => {
      await createKeys(work(MINA));
      stores.use1.values.delete("seed-1");
      await assert.rejects(createKeys(work(MINA)), /TN2015 seed-1-libp2p: the keyring knows seed-1-libp2p/);
      assert.ok(!stores.use1.values.has("seed-1"));
    });

    it("a wallet that is gone is made again of the mnemonic, with the same validators", async () => {
      const before = await createKeys(work(ethereum(1)));
      stores.use1.values.delete("node-1-validator");
      const after = await createKeys(work(ethereum(1)));
      assert.deepEqual(after.keys, before.keys);
      assert.ok(stores.use1.values.has("node-1-validator"));
    }).timeout(60_000);

    it("refuses ranges of validators that moved, before anything is written", async () => {
      await createKeys(work(ethereum(1, 1)));
      const writes = stores.use1.writes.length;
      await assert.rejects(
        createKeys(work(ethereum(1, 2))),
        /TN2016 node-1-validator: its validators are others/,
      );
      assert.equal(stores.use1.writes.length, writes);
    }).timeout(60_000);

    it("refuses what a secret manager cannot hold, with what it can", async () => {
      const plan = planOf({
        daemons: [pod("vc", [ref.secret("v/keys"), ref.secret("v/secrets")])],
        keys: [
          { kind: "accounts", name: "funded", count: 1 },
          {
            ...{ kind: "validators", name: "v", format: "teku", from: 0, count: 100 },
            genesisForkVersion: "0x10000038",
          },
        ],
      });
      await assert.rejects(createKeys(work(plan)), (error: Error) => {
        assert.match(error.message, /TN2014 vc: its private files are more than a secret manager takes/);
        assert.match(error.message, /given: {3}"\d+ bytes"\n {4}allowed: 65536 bytes/);
        return true;
      });
    }).timeout(120_000);

    it("refuses the keyring of a network of another protocol", async () => {
      await createKeys(work(MINA));
      await assert.rejects(
        createKeys(work(PAIR)),
        /TN2015 .*the keyring is that of a network of another protocol/,
      );
    });
  });

  describe("rotate", () => {
    it("replaces the keys of a pod, and a shared one in the other pod too, and no others", async () => {
      const before = await createKeys(work(PAIR));
      const [geth, prysm] = [stores.use1.files("node-1-geth"), stores.use1.files("node-1-prysm")];
      const after = await rotateKeys(work(PAIR), "node-1-geth", false);
      const [newGeth, newPrysm] = [stores.use1.files("node-1-geth"), stores.use1.files("node-1-prysm")];
      assert.notEqual(newGeth["node-1-geth"], geth["node-1-geth"]);
      assert.notEqual(newGeth["node-1-jwt"], geth["node-1-jwt"]);
      assert.equal(newPrysm["node-1-jwt"], newGeth["node-1-jwt"]);
      assert.equal(newPrysm["node-1-prysm"], prysm["node-1-prysm"]);
      const changed = Object.keys(after.keys).filter((name) => after.keys[name] !== before.keys[name]);
      assert.deepEqual(changed.sort(), ["jwt node-1-jwt", "node-id node-1-geth"]);
    });

    it("refuses a key of the genesis, and says which", async () => {
      await createKeys(work(MINA));
      const before = stores.euw4.values.get("producer-1");
      await assert.rejects(rotateKeys(work(MINA), "producer-1", false), (error) => {
        assert.ok(error instanceof TestnetError && error.exitCode === 2);
        assert.match(error.message, /^TN2016 producer-1: the genesis of alice names producer-1-wallet\n/);
        return true;
      });
      assert.equal(stores.euw4.values.get("producer-1"), before);
      await rotateKeys(work(MINA), "producer-1", true);
      assert.notEqual(stores.euw4.values.get("producer-1"), before);
    });

    it("all that comes of the mnemonics goes together", async () => {
      const plan = ethereum(2, 1);
      const before = await createKeys(work(plan));
      await assert.rejects(rotateKeys(work(plan), "node-1-validator", false), /TN2016/);
      const after = await rotateKeys(work(plan), "node-1-validator", true);
      const same = Object.keys(before.keys).filter((name) => before.keys[name] === after.keys[name]);
      assert.ok(!same.some((name) => /^(validators|address|deposits)/.test(name)), same.join());
      assert.ok(same.includes("node-id node-1-geth"));
      assert.deepEqual(missingKeys(plan, readKeyring(file)), []);
      // The wallets are those of the new mnemonic: a second look at them finds the same public parts.
      fs.rmSync(file);
      assert.deepEqual((await createKeys(work(plan))).keys, after.keys);
    }).timeout(60_000);

    it("makes ranges that moved, on purpose", async () => {
      await createKeys(work(ethereum(1, 1)));
      const keyring = await rotateKeys(work(ethereum(1, 2)), "network-mnemonic", true);
      assert.equal((JSON.parse(keyring.keys["deposits"]!) as unknown[]).length, 2);
    }).timeout(60_000);

    it("an interruption leaves a network that may not come up, and create ends the rotation", async () => {
      const before = await createKeys(work(PAIR));
      stores.use1.before = (call) => {
        if (call === "replace node-1-prysm") throw new Error("cut off");
      };
      await assert.rejects(rotateKeys(work(PAIR), "node-1-geth", false), /cut off/);
      assert.deepEqual(missingKeys(PAIR, readKeyring(file)), ["jwt node-1-jwt", "enode node-1-geth"]);
      stores.use1.before = () => undefined;
      const after = await createKeys(work(PAIR));
      assert.deepEqual(missingKeys(PAIR, readKeyring(file)), []);
      assert.deepEqual(after.rotating, []);
      assert.notEqual(after.keys["jwt node-1-jwt"], before.keys["jwt node-1-jwt"]);
      assert.equal(
        stores.use1.files("node-1-geth")["node-1-jwt"],
        stores.use1.files("node-1-prysm")["node-1-jwt"],
      );
    });

    it("makes a key in the place of one that was lost", async () => {
      const before = await createKeys(work(MINA));
      stores.use1.values.delete("seed-1");
      const after = await rotateKeys(work(MINA), "seed-1", false);
      assert.notEqual(after.keys["peer-id seed-1-libp2p"], before.keys["peer-id seed-1-libp2p"]);
      assert.ok(stores.use1.values.has("seed-1"));
    });

    it("makes a mnemonic in the place of one that was lost", async () => {
      const plan = ethereum(1, 1);
      await createKeys(work(plan));
      stores.use1.values.delete("network-mnemonic");
      await assert.rejects(createKeys(work(plan)), /TN2015 network-mnemonic/);
      await rotateKeys(work(plan), "network-mnemonic", true);
      assert.deepEqual(missingKeys(plan, readKeyring(file)), []);
    }).timeout(60_000);

    it("names the secrets there are for a pod that is none", () => {
      assert.throws(
        () => keysToRotate(PAIR, "geth"),
        /TN1015 geth: .*\n {4}allowed: node-1-geth, node-1-prysm/,
      );
    });

    it("knows what stands in the genesis", () => {
      const bound = (plan: NetworkPlan) =>
        plan.keys.filter((key) => isInGenesis(plan, key)).map(({ name }) => name);
      assert.deepEqual(bound(MINA), ["producer-1-wallet"]);
      assert.deepEqual(bound(ethereum(1)), ["funded", "node-1-validator"]);
      assert.deepEqual(bound(PAIR), []);
    });
  });

  describe("list", () => {
    it("tells what is there, what lacks and what nobody wants any more, and reads no value", async () => {
      await createKeys(work(LARGER));
      stores.euw4.values.delete("producer-1");
      stores.use1.log.length = 0;
      const states = Object.fromEntries((await listKeys(work(MINA))).map(({ name, state }) => [name, state]));
      assert.deepEqual(states, {
        "seed-1": "ready",
        "producer-1": "lacking",
        "key-fees": "ready",
        "key-itn": "ready",
        "seed-2": "unused",
      });
      assert.deepEqual(stores.use1.log, ["list"]);
    });
  });

  describe("delete", () => {
    it("removes all secrets and the keyring", async () => {
      await createKeys(work(MINA));
      const deleted = await deleteKeys(work(MINA), false);
      assert.deepEqual(deleted.sort(), ["key-fees", "key-itn", "producer-1", "seed-1"]);
      assert.equal(stores.use1.values.size + stores.euw4.values.size, 0);
      assert.ok(!fs.existsSync(file));
    });

    it("removes the copy a pod left behind, once the pod's own is there", async () => {
      await createKeys(work(MINA));
      const [seed, ...others] = MINA.daemons;
      const moved = {
        ...MINA,
        daemons: [{ ...seed!, workload: { ...seed!.workload!, cluster: "euw4" } }, ...others],
      };
      assert.deepEqual(await deleteKeys(work(moved), true), []);
      await createKeys(work(moved));
      const copies = (await listKeys(work(moved))).filter(({ state }) => state === "unused");
      assert.deepEqual(
        copies.map(({ name, place }) => [name, place]),
        [["seed-1", "Secrets of America"]],
      );
      assert.deepEqual(await deleteKeys(work(moved), true), ["seed-1"]);
      assert.deepEqual([stores.use1.values.has("seed-1"), stores.euw4.values.has("seed-1")], [false, true]);
    });

    it("removes only what nobody wants any more, with its public parts", async () => {
      const small = await createKeys(work(MINA));
      await createKeys(work(LARGER));
      assert.deepEqual(await deleteKeys(work(MINA), true), ["seed-2"]);
      assert.deepEqual(readKeyring(file), small);
    });
  });
});
