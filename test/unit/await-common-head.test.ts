import assert from "node:assert/strict";
import { awaitCommonHead } from "../../components/local/provider/actions/await-common-head";
import { FakeServer } from "../support/fake-server";

/** A consensus client of which only the head is known. */
interface Head {
  slot: number;
  distance: number;
  syncing?: boolean;
}

describe("waiting for a common head", () => {
  const servers: FakeServer[] = [];
  const said: string[] = [];
  const say = (message: string) => void said.push(message);
  const log = { info: say, warn: say, status: say };
  const wait = (urls: string[], signal = new AbortController().signal) =>
    awaitCommonHead({ urls, signer: () => Promise.resolve(undefined) }, log, signal);

  async function clients(...heads: Head[]): Promise<string[]> {
    for (const head of heads) {
      const answer = () => ({
        data: {
          head_slot: String(head.slot),
          sync_distance: String(head.distance),
          is_syncing: head.syncing ?? false,
        },
      });
      servers.push(await FakeServer.start(() => ({ body: JSON.stringify(answer()) })));
    }
    return servers.slice(-heads.length).map(({ url }) => url);
  }

  afterEach(async () => {
    said.length = 0;
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });

  it("waits until the one that was away has the others' newest block, a slot more or less", async () => {
    const away = { slot: 40, distance: 20 };
    const urls = await clients({ slot: 60, distance: 0 }, away, { slot: 60, distance: 0 });
    setTimeout(() => (away.slot = 59), 700);
    await wait(urls);
    assert.equal(away.slot, 59);
    assert.match(said[0] ?? "", new RegExp(`^waiting for ${urls[1]} \\(slot 40 of 60\\) to catch up`));
  });

  it("waits for one that is still fetching, whatever its head", async () => {
    const fetching = { slot: 60, distance: 0, syncing: true };
    const urls = await clients({ slot: 60, distance: 0 }, fetching);
    setTimeout(() => (fetching.syncing = false), 700);
    await wait(urls);
    assert.equal(fetching.syncing, false);
  });

  it("waits for nothing where all have one head, and where the chain has not begun", async () => {
    await wait(await clients({ slot: 60, distance: 200 }, { slot: 60, distance: 200 }));
    await wait(await clients({ slot: 0, distance: 0 }));
    assert.deepEqual(said, []);
  });

  it("makes no block in the place of validators that run, and does not wait for theirs", async () => {
    await wait(await clients({ slot: 60, distance: 20 }, { slot: 59, distance: 21 }));
    assert.equal(said.length, 1);
    assert.deepEqual(
      new Set(servers.flatMap(({ requests }) => requests)),
      new Set(["GET /eth/v1/node/syncing"]),
    );
  });

  it("stops at once when cancelled", async () => {
    const urls = await clients({ slot: 60, distance: 0 }, { slot: 1, distance: 59 });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 200);
    await assert.rejects(wait(urls, controller.signal), { name: "AbortError" });
  });
});
