import assert from "node:assert/strict";
import { TestnetError } from "../../../errors/problem";
import { accountsOf } from "../../../keys/accounts";
import { type Bundle, decodeBundle, encodeBundle } from "../../../keys/bundle";
import { makeBundles } from "../../../keys/bundles";
import { emptyKeyring, publicKeysOf } from "../../../keys/keyring";
import { minaPeerIdOf, minaPublicKeyOf } from "../../../keys/mina-keys";
import { seedOf } from "../../../keys/mnemonic";
import { nodeIdOf, peerIdOf } from "../../../keys/node-identity";
import { validatorKeysOf } from "../../../keys/validators";
import type { KeyRequest } from "../../../protocols/plan";
import { ref } from "../../../protocols/references";
import { MINA, ethereum, planOf, pod } from "./plans";

type Format = Extract<KeyRequest, { kind: "validators" }>["format"];

const filesIn = (bundles: ReadonlyMap<string, Bundle>, name: string) => bundles.get(name)?.files ?? {};
const hex = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString("hex")}`;

/** Made once: a key derivation for each wallet takes its time. */
const once = new Map<number, ReturnType<typeof makeBundles>>();
function madeEthereum(nodes: number): ReturnType<typeof makeBundles> {
  const made = once.get(nodes) ?? makeBundles(ethereum(nodes));
  once.set(nodes, made);
  return made;
}

function validators(format: Format, count = 2) {
  const wanted = format === "prysm" ? ["v", "v-password"] : ["v/keys", "v/secrets"];
  return planOf({
    daemons: [pod("vc", wanted.map(ref.secret))],
    keys: [
      { kind: "accounts", name: "funded", count: 1 },
      { kind: "validators", name: "v", format, from: 3, count, genesisForkVersion: "0x10000038" },
    ],
  });
}

describe("bundles of Mina", () => {
  it("hold the files whose public parts are told, each with a password of its own", async () => {
    const { bundles, publicKeys } = await makeBundles(MINA);
    assert.deepEqual([...bundles.keys()], ["seed-1", "producer-1", "key-fees", "key-itn"]);
    const producer = filesIn(bundles, "producer-1");
    const locked = (name: string) => ({
      key: producer[`${name}/key`] ?? "",
      password: producer[`${name}/password`] ?? "",
    });
    assert.equal(await minaPeerIdOf(locked("producer-1-libp2p")), publicKeys["peer-id producer-1-libp2p"]);
    assert.equal(
      await minaPublicKeyOf(locked("producer-1-wallet")),
      publicKeys["public-key producer-1-wallet"],
    );
    assert.notEqual(locked("producer-1-libp2p").password, locked("producer-1-wallet").password);
    assert.deepEqual(Object.keys(filesIn(bundles, "key-itn")), ["itn/key"]);
  });
});

describe("bundles of Ethereum", () => {
  it("give both pods of a pair one JWT, and each node its own keys", async function () {
    this.timeout(60_000);
    const { bundles, publicKeys } = await madeEthereum(2);
    const [geth, prysm] = [filesIn(bundles, "node-1-geth"), filesIn(bundles, "node-1-prysm")];
    assert.equal(geth["node-1-jwt"], prysm["node-1-jwt"]);
    assert.notEqual(geth["node-1-jwt"], filesIn(bundles, "node-2-geth")["node-2-jwt"]);
    assert.deepEqual(Object.keys(geth).sort(), ["node-1-geth", "node-1-jwt"]);
    assert.equal(await nodeIdOf(geth["node-1-geth"]!), publicKeys["node-id node-1-geth"]);
    assert.equal(await peerIdOf(prysm["node-1-prysm"]!), publicKeys["peer-id node-1-prysm"]);
  });

  it("leave the address in an enode open, and sign no record over it", async () => {
    const plan = ethereum(1);
    const { publicKeys } = await madeEthereum(1);
    const all = publicKeysOf(plan, { ...emptyKeyring("ethereum"), keys: publicKeys });
    assert.match(all["enode node-1-geth"]!, /^enode:\/\/[0-9a-f]{128}@\{\{seed-ip node-1-geth\}\}:11000$/);
    assert.deepEqual(
      Object.keys(all).filter((name) => name.startsWith("enr ")),
      [],
    );
  });

  it("sign a record where the address is known", async () => {
    const key: KeyRequest = { kind: "enr", name: "c", host: "203.0.113.7", tcpPort: 9000, udpPort: 9000 };
    const { publicKeys } = await makeBundles(planOf({ daemons: [pod("c", [ref.secret("c")])], keys: [key] }));
    assert.match(publicKeys["enr c"]!, /^enr:/);
  });

  it("write a raw key as 32 bytes with the same identity as hex would have", async () => {
    const key: KeyRequest = { kind: "enode", name: "n", format: "raw", host: "h", tcpPort: 1, udpPort: 1 };
    const plan = planOf({ daemons: [pod("n", [ref.secret("n")])], keys: [key] });
    const { bundles, publicKeys } = await makeBundles(plan);
    const [, base64] = /^base64:(.+)$/.exec(filesIn(bundles, "n")["n/key"]!)!;
    const bytes = Buffer.from(base64!, "base64");
    assert.equal(bytes.length, 32);
    assert.equal(await nodeIdOf(bytes.toString("hex")), publicKeys["node-id n"]);
    const again = await makeBundles(plan, { bundles, publicKeys: {} });
    assert.deepEqual([again.bundles.size, again.publicKeys], [0, publicKeys]);
  });

  it("keep deposits in the order of the keys, for all nodes", async () => {
    const { publicKeys, bundles } = await madeEthereum(2);
    const deposits = JSON.parse(publicKeys["deposits"]!) as { pubkey: string }[];
    const mnemonic = filesIn(bundles, "network-mnemonic")["validators-mnemonic"]!;
    const keys = await validatorKeysOf(await seedOf(mnemonic), 0, 4);
    assert.deepEqual(
      deposits.map(({ pubkey }) => `0x${pubkey}`),
      keys.map(({ publicKey }) => hex(publicKey)),
    );
  });

  it("give a service the private key of the account it asks for, and not the mnemonic", async () => {
    const plan = planOf({
      daemons: [pod("faucet", [ref.secretValue("funded/1")])],
      keys: [{ kind: "accounts", name: "funded", count: 2 }],
    });
    const { bundles, publicKeys } = await makeBundles(plan);
    const mnemonic = filesIn(bundles, "network-mnemonic")["funded-mnemonic"]!;
    const account = (await accountsOf(mnemonic, 2))[1]!;
    assert.deepEqual(filesIn(bundles, "faucet"), { "funded/1": account.privateKey });
    assert.equal(publicKeys["address funded/1"], account.address);
  });
});

describe("keystores of validators", () => {
  const paths: Readonly<
    Record<Exclude<Format, "prysm">, [keystore: RegExp, password: (key: string) => string]>
  > = {
    lighthouse: [/^v\/keys\/0x([0-9a-f]{96})\/voting-keystore\.json$/, (key) => `v/secrets/0x${key}`],
    lodestar: [/^v\/keys\/0x([0-9a-f]{96})\/voting-keystore\.json$/, (key) => `v/secrets/0x${key}`],
    nimbus: [/^v\/keys\/0x([0-9a-f]{96})\/keystore\.json$/, (key) => `v/secrets/0x${key}`],
    teku: [/^v\/keys\/([0-9a-f]{96})\.json$/, (key) => `v/secrets/${key}.txt`],
  };

  for (const [format, [keystorePath, passwordPath]] of Object.entries(paths)) {
    it(`${format}: lie where it looks, and open to the keys of the range with the path of EIP-2334`, async function () {
      this.timeout(60_000);
      const { decryptEIP2335Keystore } = await import("micro-key-producer/bls.js");
      const { bundles } = await makeBundles(validators(format as Format));
      const files = filesIn(bundles, "vc");
      const mnemonic = filesIn(bundles, "network-mnemonic")["validators-mnemonic"]!;
      const expected = await validatorKeysOf(await seedOf(mnemonic), 3, 2);
      const keystores = Object.entries(files).filter(([path]) => keystorePath.test(path));
      assert.equal(Object.keys(files).length, 4, "two keystores and two passwords");
      for (const [index, [path, text]] of keystores.entries()) {
        const key = keystorePath.exec(path)![1]!;
        const keystore = JSON.parse(text) as Parameters<typeof decryptEIP2335Keystore>[0];
        assert.equal(keystore.path, `m/12381/3600/${3 + index}/0/0`);
        assert.equal(keystore.pubkey, key);
        assert.equal(keystore.version, 4);
        const secret = decryptEIP2335Keystore(keystore, files[passwordPath(key)]!);
        assert.deepEqual(Buffer.from(secret), Buffer.from(expected[index]!.privateKey));
        assert.equal(`0x${key}`, hex(expected[index]!.publicKey));
      }
    });
  }

  it("another client gets the same keys, and the files of the client before go", async function () {
    this.timeout(60_000);
    const before = await makeBundles(validators("lighthouse"));
    const after = await makeBundles(validators("teku"), before);
    const files = Object.keys(filesIn(after.bundles, "vc"));
    assert.equal(files.length, 4);
    assert.ok(
      files.every((file) => file.endsWith(".json") || file.endsWith(".txt")),
      files.join(),
    );
    assert.deepEqual(after.publicKeys, before.publicKeys);
  });
});

describe("bundles of a network that has some", () => {
  it("nothing changes when nothing is asked for", async () => {
    const before = await madeEthereum(2);
    const after = await makeBundles(ethereum(2), before);
    assert.equal(after.bundles.size, 0);
    assert.deepEqual(after.publicKeys, before.publicKeys);
  });

  it("growing adds bundles and leaves those that are there", async () => {
    const before = await madeEthereum(1);
    const after = await makeBundles(ethereum(2), before);
    assert.deepEqual([...after.bundles.keys()], ["node-2-geth", "node-2-prysm", "node-2-validator"]);
    const [one, two] = [before, after].map(
      ({ publicKeys }) => JSON.parse(publicKeys["deposits"]!) as unknown[],
    );
    assert.deepEqual(two!.slice(0, one!.length), one, "the validators are of the same mnemonic");
  });

  it("a key more for a pod is added to its bundle", async () => {
    const keys: KeyRequest[] = [
      { kind: "jwt", name: "a" },
      { kind: "jwt", name: "b" },
    ];
    const before = await makeBundles(
      planOf({ daemons: [pod("d", [ref.secret("a")])], keys: keys.slice(0, 1) }),
    );
    const plan = planOf({ daemons: [pod("d", [ref.secret("a"), ref.secret("b")])], keys });
    const after = await makeBundles(plan, before);
    assert.equal(filesIn(after.bundles, "d")["a"], filesIn(before.bundles, "d")["a"]);
    assert.match(filesIn(after.bundles, "d")["b"]!, /^[0-9a-f]{64}$/);
  });

  it("public parts are found again from the bundles alone", async function () {
    this.timeout(60_000);
    const mina = await makeBundles(MINA);
    for (const [plan, before] of [[MINA, mina] as const, [ethereum(2), await madeEthereum(2)] as const]) {
      const after = await makeBundles(plan, { bundles: before.bundles, publicKeys: {} });
      assert.equal(after.bundles.size, 0);
      assert.deepEqual(after.publicKeys, before.publicKeys);
    }
  });

  it("a lost private part is told, never replaced in silence", async () => {
    const { publicKeys } = await makeBundles(MINA);
    await assert.rejects(makeBundles(MINA, { bundles: new Map(), publicKeys }), (error) => {
      assert.ok(error instanceof TestnetError);
      assert.match(
        error.message,
        /^TN2015 seed-1-libp2p: the keyring knows seed-1-libp2p, but its private part is in no/,
      );
      return true;
    });
  });

  it("a lost mnemonic is told, never replaced in silence", async () => {
    const { publicKeys, bundles } = await madeEthereum(1);
    const without = new Map([...bundles].filter(([name]) => name !== "network-mnemonic"));
    await assert.rejects(
      makeBundles(ethereum(2), { bundles: without, publicKeys }),
      /TN2015 network-mnemonic/,
    );
  });

  it("validators never move to other keys, with and without a keyring", async function () {
    this.timeout(60_000);
    const before = await madeEthereum(2);
    for (const publicKeys of [before.publicKeys, {}]) {
      await assert.rejects(
        makeBundles(ethereum(2, 3), { bundles: before.bundles, publicKeys }),
        /TN2016 node-1-validator: its validators are others than those its secret was made for/,
      );
    }
  });
});

describe("the text of a bundle", () => {
  it("is the same for the same files, and reads back", () => {
    const [one, two] = [
      { b: "2", a: "1" },
      { a: "1", b: "2" },
    ].map((files) => encodeBundle({ version: 1, files }));
    assert.equal(one, two);
    assert.deepEqual(decodeBundle(one!), { version: 1, files: { a: "1", b: "2" } });
  });

  it("other text is none", () => {
    const others = [
      "",
      "{}",
      "null",
      '{"version":2,"files":{}}',
      '{"version":1,"files":{"a":1}}',
      '{"version":1}',
    ];
    others.forEach((text) => assert.equal(decodeBundle(text), undefined, text));
  });
});
