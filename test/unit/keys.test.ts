import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import fc from "fast-check";
import { accountsOf } from "../../keys/accounts";
import { makeKeys } from "../../keys/make";
import { freshMnemonic, seedOf } from "../../keys/mnemonic";
import { enodeOf, enrOf, freshJwtSecret, freshNodeKey } from "../../keys/node-identity";
import { depositsOf, validatorKeysOf } from "../../keys/validators";
import type { KeyRequest } from "../../protocols/plan";
import { temporaryDirectory } from "../support/temporary";

/** Vectors are from the specifications named; nothing of them is used outside this file. */
const TEST_MNEMONIC = "test test test test test test test test test test test junk";

const REQUESTS: readonly KeyRequest[] = [
  { kind: "accounts", name: "funded", count: 2 },
  { kind: "jwt", name: "node-1-jwt" },
  { kind: "enode", name: "node-1-geth", host: "127.0.0.1", tcpPort: 20_000, udpPort: 20_000 },
  { kind: "enr", name: "node-1-prysm", host: "127.0.0.1", tcpPort: 20_005, udpPort: 20_006 },
  { kind: "validators", name: "v1", format: "prysm", from: 0, count: 2, genesisForkVersion: "0x10000038" },
  { kind: "validators", name: "v2", format: "prysm", from: 2, count: 1, genesisForkVersion: "0x10000038" },
];

describe("node identities", () => {
  it("match the example of EIP-778", async () => {
    // The EIP's record of this key has no tcp pair; identity scheme, key and address are compared.
    const key = "b71c71a67e1177ad4e901695e1b4b9ee17ae16c6668d313eac2f96dbcda3f291";
    const record = await enrOf(key, { host: "127.0.0.1", tcpPort: 30_303, udpPort: 30_303 });
    const decoded = Buffer.from(record.slice(4), "base64url").toString("hex");
    assert.ok(decoded.includes("826964827634826970847f000001"), "id v4, ip 127.0.0.1");
    assert.ok(
      decoded.includes("03ca634cae0d49acb401d8a4c6b6fe8c55b70d115bf400769cc1400f3258cd3138"),
      "public key",
    );
    assert.ok(decoded.includes("8375647082765f"), "udp 30303");
  });

  it("are signed so that the signature verifies", async () => {
    const [{ secp256k1 }, { keccak_256 }, { RLP }] = await Promise.all([
      import("@noble/curves/secp256k1.js"),
      import("@noble/hashes/sha3.js"),
      import("micro-eth-signer/core/rlp.js"),
    ]);
    const key = await freshNodeKey();
    const record = await enrOf(key, { host: "127.0.0.1", tcpPort: 20_005, udpPort: 20_006 });
    const [signature, ...content] = RLP.decode(Buffer.from(record.slice(4), "base64url")) as Uint8Array[];
    const publicKey = secp256k1.getPublicKey(Buffer.from(key, "hex"), true);
    const digest = keccak_256(RLP.encode(content));
    assert.ok(secp256k1.verify(signature!, digest, publicKey, { prehash: false }));
    assert.deepEqual(Buffer.from(content.at(-1)!).readUInt16BE(), 20_006);
  });

  it("write an enode with one port, or two where they differ", async () => {
    const key = await freshNodeKey();
    assert.match(
      await enodeOf(key, { host: "127.0.0.1", tcpPort: 1, udpPort: 1 }),
      /^enode:\/\/[0-9a-f]{128}@127\.0\.0\.1:1$/,
    );
    assert.match(await enodeOf(key, { host: "127.0.0.1", tcpPort: 1, udpPort: 2 }), /:1\?discport=2$/);
  });

  it("are fresh each time, 32 bytes as hex", async () => {
    const keys = await Promise.all([freshNodeKey(), freshNodeKey()]);
    const secrets = [...keys, freshJwtSecret(), freshJwtSecret()];
    assert.equal(new Set(secrets).size, 4);
    secrets.forEach((secret) => assert.match(secret, /^[0-9a-f]{64}$/));
  });
});

describe("accounts", () => {
  it("are those every wallet derives", async () => {
    const accounts = await accountsOf(TEST_MNEMONIC, 2);
    assert.equal(accounts[0]?.address, "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    assert.equal(accounts[1]?.address, "0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
  });

  it("come of 24 fresh words", async () => {
    const words = await Promise.all([freshMnemonic(), freshMnemonic()]);
    assert.notEqual(words[0], words[1]);
    assert.equal(words[0].split(" ").length, 24);
  });
});

describe("validator keys", () => {
  it("are derived as EIP-2333 and EIP-2334 say, whatever range they are asked for in", async () => {
    const { deriveSeedTree } = await import("micro-key-producer/bls.js");
    const seed = await seedOf(TEST_MNEMONIC);
    const all = await validatorKeysOf(seed, 0, 4);
    assert.deepEqual(await validatorKeysOf(seed, 2, 2), all.slice(2));
    assert.deepEqual(all[3]?.privateKey, deriveSeedTree(seed, "m/12381/3600/3/0/0"));
  });

  it("sign deposits that verify for their own network only", async () => {
    const [{ PublicKey, Signature, verify }, { bytes, container, uint64 }] = await Promise.all([
      import("@chainsafe/blst"),
      import("micro-eth-signer/ssz.js"),
    ]);
    const keys = await validatorKeysOf(await seedOf(TEST_MNEMONIC), 0, 1);
    const [deposit] = await depositsOf(keys, "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", "0x10000038");
    assert.ok(deposit);
    const unhex = (hex: string) => Buffer.from(hex, "hex");
    const message = container({
      pubkey: bytes(48),
      withdrawal_credentials: bytes(32),
      amount: uint64,
    }).merkleRoot({
      pubkey: unhex(deposit.pubkey),
      withdrawal_credentials: unhex(deposit.withdrawal_credentials),
      amount: BigInt(deposit.amount),
    });
    assert.equal(Buffer.from(message).toString("hex"), deposit.deposit_message_root);
    const holds = (forkVersion: string) => {
      const forkData = container({ current_version: bytes(4), genesis_validators_root: bytes(32) });
      const fork = forkData.merkleRoot({
        current_version: unhex(forkVersion),
        genesis_validators_root: new Uint8Array(32),
      });
      const domain = Buffer.concat([unhex("03000000"), fork.subarray(0, 28)]);
      const root = container({ object_root: bytes(32), domain: bytes(32) }).merkleRoot({
        object_root: message,
        domain,
      });
      return verify(
        root,
        PublicKey.fromHex(deposit.pubkey),
        Signature.fromHex(deposit.signature),
        true,
        true,
      );
    };
    assert.deepEqual([holds("10000038"), holds("10000039")], [true, false]);
    assert.match(deposit.withdrawal_credentials, /^01(00){11}f39fd6e51aad88f6f4ce6ab8827279cfffb92266$/);
  });
});

describe("making keys", () => {
  const directory = temporaryDirectory();
  const directories = {
    secrets: path.join(directory.path, "secrets"),
    publicKeys: path.join(directory.path, "public-keys.json"),
  };
  after(() => directory.dispose());

  it("writes private parts for their owner only, and returns none of them", async () => {
    const publicKeys = JSON.stringify(await makeKeys(REQUESTS, directories));
    const files = fs.readdirSync(directories.secrets, { recursive: true, withFileTypes: true });
    for (const entry of files) {
      const file = path.join(entry.parentPath, entry.name);
      assert.equal(fs.statSync(file).mode & 0o077, 0, file);
      if (!entry.isFile() || entry.name === "keymanageropts.json") continue;
      assert.ok(!publicKeys.includes(fs.readFileSync(file, "utf8").trim()), `${file} is not public`);
    }
  });

  it("changes nothing when it runs again, and adds what is new", async () => {
    const before = await makeKeys(REQUESTS, directories);
    const secret = fs.readFileSync(path.join(directories.secrets, "node-1-geth"), "utf8");
    const more: KeyRequest = { kind: "jwt", name: "node-2-jwt" };
    assert.deepEqual(await makeKeys([...REQUESTS, more], directories), before);
    assert.equal(fs.readFileSync(path.join(directories.secrets, "node-1-geth"), "utf8"), secret);
    assert.ok(fs.existsSync(path.join(directories.secrets, "node-2-jwt")));
  });

  it("wallets hold just the keys of their range, in the order of the deposits", async () => {
    const { decryptEIP2335Keystore } = await import("micro-key-producer/bls.js");
    const publicKeys = await makeKeys(REQUESTS, directories);
    const deposits = JSON.parse(publicKeys["deposits"] ?? "[]") as { pubkey: string }[];
    const inWallets = ["v1", "v2"].flatMap((name) => {
      const file = path.join(directories.secrets, name, "direct", "accounts", "all-accounts.keystore.json");
      const password = fs.readFileSync(path.join(directories.secrets, `${name}-password`), "utf8");
      const keystore = JSON.parse(fs.readFileSync(file, "utf8")) as Parameters<
        typeof decryptEIP2335Keystore
      >[0];
      const text = Buffer.from(decryptEIP2335Keystore(keystore, password)).toString();
      const { public_keys } = JSON.parse(text) as { public_keys: string[] };
      return public_keys.map((key) => Buffer.from(key, "base64").toString("hex"));
    });
    assert.deepEqual(
      inWallets,
      deposits.map((deposit) => deposit.pubkey),
    );
    assert.equal(new Set(inWallets).size, 3);
  });

  it("property: another directory, other keys", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constant(undefined), async () => {
        const other = temporaryDirectory();
        const made = await makeKeys(REQUESTS.slice(0, 4), {
          secrets: path.join(other.path, "s"),
          publicKeys: path.join(other.path, "p.json"),
        });
        other.dispose();
        const mine = await makeKeys(REQUESTS.slice(0, 4), directories);
        for (const [name, value] of Object.entries(made)) assert.notEqual(value, mine[name], name);
      }),
      { numRuns: 3 },
    );
  });
});
