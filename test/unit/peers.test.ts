import assert from "node:assert/strict";
import fc from "fast-check";
import { peersOf, sortPeers } from "../../cli/observe/peers";
import { FakeHome } from "../support/fake-home";
import { FakeNetwork } from "../support/fake-ethereum";

const CLIENT = "Geth/v1.17.8-stable/linux-amd64/go1.26.8";

/** An entry of `admin_peers`, as geth 1.17.8 writes it. */
function connected(id: string, publicKey: string, inbound: boolean, port: number) {
  const remoteAddress = `127.0.0.1:${port}`;
  return {
    enode: `enode://${publicKey}@${remoteAddress}`,
    id,
    name: CLIENT,
    caps: ["eth/69", "eth/70", "eth/71", "eth/72", "snap/1"],
    network: { localAddress: "127.0.0.1:48000", remoteAddress, inbound, trusted: false, static: false },
    protocols: { snap: { version: 1 }, eth: { version: 72, earliestBlock: 0, latestBlock: 0 } },
  };
}

describe("peers", () => {
  let network: FakeNetwork;
  let home: FakeHome;
  const era = () => home.network.era(1);

  beforeEach(async () => {
    network = await FakeNetwork.start(2);
    home = new FakeHome(network.plan);
  });
  afterEach(async () => {
    await network.stop();
    home.dispose();
  });

  it("are sorted by id, and the network's own are named by their public key", async () => {
    await home.makeKeys();
    const { "enode node-2-geth": enode } = JSON.parse(
      await import("node:fs/promises").then((fs) => fs.readFile(era().publicKeys, "utf8")),
    ) as Record<string, string>;
    const publicKey = /enode:\/\/(\w+)@/.exec(enode!)![1]!;
    network.nodes[0]!.connected = [
      connected("ff", "0".repeat(128), true, 51_000),
      connected("aa", publicKey, false, 48_020),
    ];
    const { ok, nodes } = await peersOf(network.plan, era());
    assert.equal(ok, true);
    assert.deepEqual(nodes, [
      {
        ...{ node: "node-1", daemon: "node-1-geth", problem: null },
        peers: [
          {
            ...{ id: "aa", daemon: "node-2-geth", client: CLIENT, address: "127.0.0.1:48020" },
            ...{ direction: "outbound", protocols: ["eth/72", "snap/1"] },
          },
          {
            ...{ id: "ff", daemon: null, client: CLIENT, address: "127.0.0.1:51000" },
            ...{ direction: "inbound", protocols: ["eth/72", "snap/1"] },
          },
        ],
      },
      { node: "node-2", daemon: "node-2-geth", problem: null, peers: [] },
    ]);
  });

  it("are named by what the clients tell of themselves where the file of keys is gone", async () => {
    network.nodes[0]!.connected = [connected("id-of-node-2", "0".repeat(128), false, 48_020)];
    const { nodes } = await peersOf(network.plan, era());
    assert.equal(nodes[0]?.peers[0]?.daemon, "node-2-geth");
  });

  it("a connection whose protocols are not agreed on yet is listed with their names", async () => {
    const peer = { ...connected("aa", "0".repeat(128), false, 48_020), protocols: { eth: "handshake" } };
    network.nodes[0]!.connected = [peer];
    const { nodes } = await peersOf(network.plan, era());
    assert.deepEqual(nodes[0]?.peers[0]?.protocols, ["eth"]);
  });

  it("a client that is silent is told, with the peers of the others", async () => {
    network.nodes[1]!.connected = [connected("aa", "0".repeat(128), false, 48_020)];
    await network.nodes[0]!.execution.stop();
    const { ok, nodes } = await peersOf(network.plan, era());
    assert.equal(ok, false);
    assert.deepEqual(
      nodes.map(({ problem, peers }) => [problem, peers.length]),
      [
        ["connection refused", 0],
        [null, 1],
      ],
    );
  });

  it("are the same list whatever order the client tells them in, and none is lost", () => {
    const peer = fc.record({
      id: fc.stringMatching(/^[0-9a-f]{1,4}$/),
      address: fc.ipV4().map((host) => `${host}:30303`),
    });
    const shuffled = fc.array(peer).chain((peers) => {
      const length = { minLength: peers.length, maxLength: peers.length };
      return fc.tuple(fc.constant(peers), fc.shuffledSubarray(peers, length));
    });
    fc.assert(
      fc.property(shuffled, ([peers, again]) => {
        const sorted = sortPeers(peers);
        assert.deepEqual(sortPeers(again), sorted);
        assert.equal(sorted.length, peers.length);
        sorted.slice(1).forEach((entry, index) => assert.ok(sorted[index]!.id <= entry.id));
      }),
    );
  });
});
