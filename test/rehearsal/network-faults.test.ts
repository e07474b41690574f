import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { NetworkWorld } from "./support/network-world";

/** A chain of creations is as long as the path to the last Helm release: each round mends one link of all chains. */
const MOST_ROUNDS = 20;

const SITES = [
  { cloud: "aws", site: { region: "us-east-1" } },
  { cloud: "aws", site: { region: "us-west-2" } },
  { cloud: "gcp", site: { account: "example-testnets", region: "europe-west4" } },
] as const;

describe("the network `prod-testnet`", function () {
  this.timeout(900_000);
  let world: NetworkWorld;
  before(async () => {
    world = await NetworkWorld.start("prod-testnet");
  });
  after(() => world.close());

  it("comes up without a cluster that cannot be reached, says which, and completes when it is back", async () => {
    const { client } = world.running;
    await client.ask("cut", { cluster: "aws/us-west-2/prod-usw2" });
    assert.equal(await world.up(), false);
    const made = await world.made();
    const releases = (cluster: string) =>
      made.filter((urn) => urn.includes("helm.sh/v3:Release") && urn.includes(`::prod-testnet-${cluster}-`));
    assert.ok(releases("use1").length > 3, made.join("\n"));
    assert.ok(releases("euw4").length > 3);
    assert.deepEqual(releases("usw2"), []);
    const failed = [...world.errors].filter(([urn]) => urn.includes("usw2"));
    assert.ok(failed.length > 0, "nothing is told of the cluster");
    assert.match(
      failed.map(([, message]) => message).join("\n"),
      /^configured Kubernetes cluster is unreachable: \w+ ".+": /m,
    );
    await client.ask("restore", { cluster: "aws/us-west-2/prod-usw2" });
    world.events.length = 0;
    assert.equal(await world.up(), true, [...world.errors.values()].join("\n"));
    await world.stack.destroy({ parallel: 64 });
  });

  it("converges though every create fails once, and names each resource with the cloud's words", async () => {
    const { client } = world.running;
    world.events.length = 0;
    const before = (await client.ask("operations")).length;
    await client.ask("arm", { faults: [{ operation: "create", firstTries: true }] });
    let rounds = 0;
    while (rounds < MOST_ROUNDS && !(await world.up())) rounds += 1;
    await client.ask("arm", { faults: [] });
    assert.ok(rounds > 2 && rounds < MOST_ROUNDS, `${rounds} rounds`);
    const operations = (await client.ask("operations")).slice(before);
    const failed = operations.filter(({ result }) => result === "failed").map(({ urn }) => urn);
    const made = operations.filter(({ operation, result }) => operation === "create" && result === "ok");
    assert.deepEqual(
      made.map(({ urn }) => urn).filter((urn) => !failed.includes(urn)),
      [],
    );
    assert.deepEqual(
      failed.filter((urn) => !(world.errors.get(urn) ?? "").includes("(simulated)")),
      [],
    );
  });

  it("keeps its private keys in the secret managers: no state, log, plan or cluster holds one", async () => {
    const secrets = await privateTexts(world);
    assert.ok(secrets.length > 20, `${secrets.length} private texts`);
    const files = world.files();
    const found = files.flatMap(({ name, text }) =>
      secrets.filter((secret) => unpacked(text).some((layer) => layer.includes(secret))).map(() => name),
    );
    assert.deepEqual([...new Set(found)], []);
    // The same search finds what is there: a public part, which the state holds.
    const keyring = files.find(({ name }) => name.endsWith("keyrings/prod-testnet.json"));
    const [peer] = /12D3Koo\w+/.exec(keyring?.text ?? "") ?? [];
    assert.ok(
      peer !== undefined && files.some(({ name, text }) => name.includes("state") && text.includes(peer)),
    );
  });

  it("leaves nothing in the clouds", async () => {
    assert.deepEqual(await world.end(), []);
  });
});

/** Every private file of every secret, as it would stand in another file. */
async function privateTexts({ running }: NetworkWorld): Promise<string[]> {
  const texts: string[] = [];
  for (const place of SITES) {
    for (const { name, byHand } of await running.client.ask("secretList", place)) {
      if (!byHand) continue;
      const found = await running.client.ask("secretGet", { ...place, name });
      const { files } = JSON.parse(found?.value ?? "{}") as { files: Record<string, string> };
      texts.push(...Object.values(files));
    }
  }
  // A key file is JSON: what stands in other files is a part of it, or it escaped.
  return [...new Set(texts.flatMap((text) => text.match(/[A-Za-z0-9]{40,}/g) ?? []))];
}

/** A text, and what it holds as base64 of gzip, as Helm keeps releases. */
function unpacked(text: string): string[] {
  const packed = text.match(/H4sI[A-Za-z0-9+/=]{20,}/g) ?? [];
  return [text, ...packed.flatMap((one) => inflated(one))];
}

function inflated(text: string): string[] {
  try {
    return [gunzipSync(Buffer.from(text, "base64")).toString("latin1")];
  } catch {
    return [];
  }
}
