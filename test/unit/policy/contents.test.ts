import assert from "node:assert/strict";
import { proveRule } from "./cases";
import { judge, STACK, type Shown, UNKNOWN } from "./judge";
import { gke, release, TAGS } from "./shapes";

const config = (text: unknown): Shown => ({
  type: "kubernetes:core/v1:ConfigMap",
  inputs: { data: { file: text } },
});

proveRule("expiry-tagged", [
  { what: "a tagged address", shown: { type: "aws:ec2/eip:Eip", inputs: { tags: TAGS } } },
  { what: "tags that are not known yet", shown: { type: "aws:ec2/eip:Eip", inputs: { tags: UNKNOWN } } },
  {
    what: "an address without tags",
    shown: { type: "aws:ec2/eip:Eip", inputs: {} },
    says: /testnet-stack, testnet-owner, testnet-expires is missing/,
  },
  {
    what: "an address without an expiry",
    shown: { type: "gcp:compute/address:Address", inputs: { labels: { ...TAGS, "testnet-expires": "" } } },
    says: /testnet-expires is missing/,
  },
  { what: "what takes no tags", shown: { type: "aws:route53/record:Record", inputs: {} } },
  { what: "a cluster of GCP", shown: gke({ resourceLabels: TAGS }) },
  {
    what: "a pool of GCP",
    shown: { type: "gcp:container/nodePool:NodePool", inputs: { nodeConfig: { resourceLabels: TAGS } } },
  },
  {
    what: "a namespace without labels",
    shown: { type: "kubernetes:core/v1:Namespace", inputs: { metadata: {} } },
    says: /missing/,
  },
]);

describe("the rule expiry-tagged", () => {
  it("lets nothing of a stack that expires stay for ever", () => {
    const shown = { type: "aws:ec2/eip:Eip", inputs: { tags: { ...TAGS, "testnet-expires": "never" } } };
    assert.deepEqual(judge("expiry-tagged", shown), []);
    assert.match(
      judge("expiry-tagged", shown, { ...STACK, isSelfService: true }).join(),
      /and the stack expires/,
    );
  });
});

proveRule("no-published-keys", [
  {
    what: "a genesis of its own",
    shown: config({ alloc: { ["1".repeat(40)]: { balance: "1" } }, hash: "ab".repeat(32) }),
  },
  { what: "a text that is not known yet", shown: config(UNKNOWN) },
  {
    what: "Hardhat's mnemonic",
    shown: config(`MNEMONIC="${"test ".repeat(11)}junk"`),
    says: /data\.file holds the mnemonic of Hardhat and Anvil/,
  },
  {
    what: "Hardhat's first account",
    shown: config({ alloc: { "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266": "1" } }),
    says: /Hardhat/,
  },
  {
    what: "Hardhat's first account in an argument",
    shown: release("a --fee-recipient=0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"),
    says: /values\.pods\[0\]\.containers\[0\]\.image holds the mnemonic of Hardhat/,
  },
  {
    what: "a password that everybody knows",
    shown: config("naughty blue worm"),
    says: /password of Mina's test keys/,
  },
  { what: "a private key of Mina", shown: config(`EK${"F".repeat(50)}`), says: /a private key of Mina/ },
  { what: "a private key in PEM", shown: config("-----BEGIN EC PRIVATE KEY-----"), says: /PEM/ },
]);

describe("the rule no-published-keys", () => {
  it("never repeats the key it found", () => {
    const key = `EK${"F".repeat(50)}`;
    assert.ok(!judge("no-published-keys", config(key)).join().includes(key));
  });
});

describe("the rule images-by-digest", () => {
  const tag = "docker.io/library/node:22";
  const digest = `${tag}@sha256:${"0".repeat(64)}`;
  const prod = { ...STACK, environment: "prod" };
  const job = (image: string): Shown => ({
    type: "kubernetes:batch/v1:Job",
    inputs: { spec: { template: { spec: { containers: [{ image }] } } } },
  });

  it("wants digests in prod, of charts and of workloads", () => {
    assert.match(judge("images-by-digest", release(tag), prod).join(), /node:22: no digest/);
    assert.match(judge("images-by-digest", job(tag), prod).join(), /node:22: no digest/);
    assert.deepEqual(judge("images-by-digest", release(digest), prod), []);
    assert.deepEqual(judge("images-by-digest", job(digest), prod), []);
    assert.deepEqual(judge("images-by-digest", job(UNKNOWN), prod), []);
  });

  it("leaves other environments alone, unless settings name them", () => {
    assert.deepEqual(judge("images-by-digest", job(tag)), []);
    assert.equal(judge("images-by-digest", job(tag), STACK, { environments: ["dev"] }).length, 1);
    assert.deepEqual(judge("images-by-digest", job(tag), prod, { environments: ["dev"] }), []);
  });
});
