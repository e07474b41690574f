import assert from "node:assert/strict";
import fc from "fast-check";
import {
  ed25519PeerId,
  freshItnKey,
  freshMinaLibp2p,
  freshMinaWallet,
  itnPublicKeyOf,
  minaPeerIdOf,
  minaPublicKeyOf,
} from "../../../keys/mina-keys";
import { WrongPassword, decode, encode, openSecretBox, sealSecretBox } from "../../../keys/mina-secret-box";

/** The demonstration wallet in the image of Mina (its entry point writes it), and its public key. Its password is empty. */
const DEMO_WALLET =
  '{"box_primitive":"xsalsa20poly1305","pw_primitive":"argon2i","nonce":"6pcvpWSLkMi393dT5VSLR6ft56AWKkCYRqJoYia","pwsalt":"ASoBkV3NsY7ZRuxztyPJdmJCiz3R","pwdiff":[134217728,6],"ciphertext":"Dmq1Qd8uNbZRT1NT7zVbn3eubpn9Myx9Je9ZQGTKDxUv4BoPNmZAGox18qVfbbEUSuhT4ZGDt"}';
const DEMO_PUBLIC_KEY = "B62qiZfzW27eavtPrnF6DeDSAKEjXuGFdkouC3T5STRa6rrYLiDUP2p";

/** A libp2p key pair of Mina's own tests (src/test/archive): public key as protobuf in base64, and its id. */
const LIBP2P_PUBLIC = "CAESII1GU+T7HPu+Jbh5kkn+5FSGe8NGDmwv/1FVzwjoHoeK";
const LIBP2P_PEER_ID = "12D3KooWKKqrPfHi4PNkWms5Z9oANjRftE5vueTmkt4rpz9sXM69";

describe("key files of Mina", () => {
  it("open what Mina itself wrote, with the public key Mina tells of it", async function () {
    this.timeout(120_000); // Argon2 at Mina's own difficulty, in JavaScript
    assert.equal(await minaPublicKeyOf({ key: DEMO_WALLET, password: "" }), DEMO_PUBLIC_KEY);
  });

  it("encode as Mina's Base58Check", async () => {
    assert.equal(await encode(0x02, Buffer.from("mina")), "2nwUT4hk16hQ");
    assert.equal(Buffer.from(await decode(0x02, "2nwUT4hk16hQ")).toString(), "mina");
    await assert.rejects(decode(0x03, "2nwUT4hk16hQ"), /version byte 3 is wanted, found 2/);
  });

  it("have the fields of Mina's JSON, in its order, and their lengths", async () => {
    const box = JSON.parse(await sealSecretBox(Buffer.alloc(33), "x")) as Record<string, string>;
    assert.deepEqual(Object.keys(box), [
      "box_primitive",
      "pw_primitive",
      "nonce",
      "pwsalt",
      "pwdiff",
      "ciphertext",
    ]);
    const lengths = ["nonce", "pwsalt", "ciphertext"].map(
      async (part) => (await decode(2, box[part]!)).length,
    );
    assert.deepEqual(await Promise.all(lengths), [24, 16, 33 + 16]);
    assert.deepEqual([box["box_primitive"], box["pw_primitive"]], ["xsalsa20poly1305", "argon2i"]);
  });

  it("ask for at least what libsodium takes", async () => {
    const { pwdiff } = JSON.parse(await sealSecretBox(Buffer.alloc(1), "x")) as { pwdiff: [number, number] };
    assert.ok(pwdiff[0] >= 8192 && pwdiff[1] >= 3, JSON.stringify(pwdiff));
  });

  it("property: what was sealed opens with its password and with no other", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.string(),
        fc.string(),
        async (content, one, two) => {
          const file = await sealSecretBox(content, one);
          assert.deepEqual(Buffer.from(await openSecretBox(file, one)), Buffer.from(content));
          if (one !== two) await assert.rejects(openSecretBox(file, two), WrongPassword);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("refuse what was damaged", async () => {
    const file = await sealSecretBox(Buffer.from("content"), "password");
    const box = JSON.parse(file) as Record<string, unknown>;
    const other = await encode(2, Buffer.alloc(23));
    await assert.rejects(
      openSecretBox(JSON.stringify({ ...box, ciphertext: other }), "password"),
      WrongPassword,
    );
    await assert.rejects(
      openSecretBox(JSON.stringify({ ...box, pw_primitive: "scrypt" }), "password"),
      /no key file/,
    );
  });
});

describe("keys of Mina", () => {
  it("wallets: the file opens to the key whose public part was told", async () => {
    const { key, password, publicKey } = await freshMinaWallet();
    assert.match(publicKey, /^B62q[1-9A-HJ-NP-Za-km-z]{51}$/);
    assert.equal(await minaPublicKeyOf({ key, password }), publicKey);
    await assert.rejects(minaPublicKeyOf({ key, password: `${password}0` }), WrongPassword);
    assert.equal(
      (await openSecretBox(key, password)).length,
      33,
      "a version byte and 32 bytes, as Mina writes",
    );
  });

  it("wallets sign what verifies under the public key", async () => {
    const { key, password, publicKey } = await freshMinaWallet();
    const { default: Client } = await import("mina-signer");
    const client = new Client({ network: "testnet" });
    const privateKey = await encode(0x5a, await openSecretBox(key, password));
    assert.ok(client.verifyMessage({ ...client.signMessage("hello", privateKey), publicKey }));
  });

  it("libp2p: ids are those Mina tells of its own keys", async () => {
    const publicKey = Buffer.from(LIBP2P_PUBLIC, "base64").subarray(4);
    assert.equal(await ed25519PeerId(publicKey), LIBP2P_PEER_ID);
  });

  it("libp2p: the file holds private key, public key and id as Mina's text form", async () => {
    const { key, password, peerId } = await freshMinaLibp2p();
    const [secret, open, id] = Buffer.from(await openSecretBox(key, password))
      .toString()
      .split(",");
    const [secretBytes, openBytes] = [Buffer.from(secret!, "base64"), Buffer.from(open!, "base64")];
    assert.equal(secretBytes.subarray(0, 4).toString("hex"), "08011240");
    assert.equal(openBytes.subarray(0, 4).toString("hex"), "08011220");
    assert.deepEqual(
      secretBytes.subarray(36),
      openBytes.subarray(4),
      "the private key ends in the public one",
    );
    const { ed25519 } = await import("@noble/curves/ed25519.js");
    assert.deepEqual(Buffer.from(ed25519.getPublicKey(secretBytes.subarray(4, 36))), openBytes.subarray(4));
    assert.equal(id, peerId);
    assert.equal(await ed25519PeerId(openBytes.subarray(4)), peerId);
    assert.equal(await minaPeerIdOf({ key, password }), peerId);
    await assert.rejects(minaPeerIdOf({ key, password: "wrong" }), WrongPassword);
  });

  it("ITN: the public part verifies what the key signs", async () => {
    const { ed25519 } = await import("@noble/curves/ed25519.js");
    const key = freshItnKey();
    const publicKey = Buffer.from(await itnPublicKeyOf(key), "base64");
    const signature = ed25519.sign(Buffer.from("query"), Buffer.from(key, "base64"));
    assert.ok(ed25519.verify(signature, Buffer.from("query"), publicKey));
    assert.equal(Buffer.from(key, "base64").length, 32);
  });

  it("are others each time, and so are their passwords", async () => {
    const made = await Promise.all([
      freshMinaWallet(),
      freshMinaWallet(),
      freshMinaLibp2p(),
      freshMinaLibp2p(),
    ]);
    assert.equal(new Set(made.map(({ key }) => key)).size, 4);
    assert.equal(new Set(made.map(({ password }) => password)).size, 4);
    made.forEach(({ password }) => assert.match(password, /^[0-9a-f]{64}$/));
  });
});
