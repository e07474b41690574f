import { planNetwork } from "../../protocols/network";
import { ethereumNetwork } from "../../protocols/ethereum/settings";
import type { NetworkPlan } from "../../protocols/plan";
import { beaconApi, FakeServer, jsonRpc } from "./fake-server";

/**
 * An Ethereum network without clients: one chain that a test moves on, and for each node of a plan two servers that
 * answer in the shapes recorded from geth 1.17.8 and Prysm 6.0.4.
 */

interface FakeBlock {
  readonly slot: number;
  readonly number: number;
  readonly proposer: number;
}

const SLOTS_PER_EPOCH = 4;

const quantity = (value: number) => `0x${value.toString(16)}`;

/** A hash that tells what it is of. */
export function fakeHash(kind: "block" | "root", height: number, fork = ""): string {
  const digits = `${kind === "block" ? "b10c" : "4007"}${fork}${height.toString(16).padStart(8, "0")}`;
  return `0x${digits.padEnd(64, "0")}`;
}

export class FakeChain {
  readonly genesisTime = Math.floor(Date.now() / 1000) - 2;
  slot = 0;
  /** Slots without a block. */
  readonly missed = new Set<number>();
  /** Whether finality follows the head. */
  finalizes = true;
  /** Who proposes a slot, as an index of all validators. */
  proposerOf: (slot: number) => number;
  readonly blocks: FakeBlock[] = [{ slot: 0, number: 0, proposer: 0 }];
  /** Block of each transaction by its hash; undefined while it waits. */
  readonly transactions = new Map<string, number | undefined>();
  private readonly timer: NodeJS.Timeout | undefined;

  constructor(validators: number, slotMs?: number) {
    // 7 has no factor in common with powers of two: everybody has a turn.
    this.proposerOf = (slot) => (slot * 7) % validators;
    if (slotMs !== undefined) this.timer = setInterval(() => this.advance(), slotMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  advance(slots = 1): void {
    for (let count = 0; count < slots; count += 1) {
      this.slot += 1;
      if (this.missed.has(this.slot)) continue;
      const number = this.head.number + 1;
      this.blocks.push({ slot: this.slot, number, proposer: this.proposerOf(this.slot) });
      for (const [hash, block] of this.transactions) this.transactions.set(hash, block ?? number);
    }
  }

  get head(): FakeBlock {
    return this.blocks.at(-1) as FakeBlock;
  }

  get finalizedEpoch(): number {
    return this.finalizes ? Math.max(0, Math.floor(this.slot / SLOTS_PER_EPOCH) - 2) : 0;
  }
}

/** The two clients of a node. */
export class FakeNode {
  peers = 2;
  consensusPeers = 2;
  /** Part of the hashes of a node that strays from the others' chain. */
  fork = "";
  /** Calls of `eth_sendRawTransaction`. */
  readonly sent: string[] = [];
  /** Answer of `admin_peers`. */
  connected: object[] = [];

  private constructor(
    readonly name: string,
    private readonly chain: FakeChain,
    readonly execution: FakeServer,
    readonly consensus: FakeServer,
  ) {}

  static async start(name: string, chain: FakeChain): Promise<FakeNode> {
    const nobody = () => ({ status: 503, body: "" });
    const [execution, consensus] = await Promise.all([FakeServer.start(nobody), FakeServer.start(nobody)]);
    const node = new FakeNode(name, chain, execution, consensus);
    node.revive();
    return node;
  }

  /** Answers as a healthy node does. */
  revive(): void {
    this.execution.answer = jsonRpc(this.methods());
    this.consensus.answer = beaconApi((path) => this.data(path));
  }

  private methods() {
    return {
      eth_getBlockByNumber: (at: string) => this.block(at),
      net_peerCount: () => quantity(this.peers),
      eth_chainId: () => quantity(1337),
      eth_getTransactionCount: () => quantity(5),
      eth_sendRawTransaction: (raw: string) => this.send(raw),
      eth_getTransactionReceipt: (hash: string) => this.receipt(hash),
      admin_peers: () => this.connected,
      admin_nodeInfo: () => ({ id: `id-of-${this.name}`, name: "Geth/v1.17.8-stable/linux-amd64/go1.26.8" }),
    };
  }

  private block(at: string) {
    const number = at === "latest" ? this.chain.head.number : Number(at);
    if (number > this.chain.head.number) return null;
    const hash = fakeHash("block", number, this.fork);
    return { number: quantity(number), hash, baseFeePerGas: "0x4b6e7af", transactions: [] };
  }

  private async send(raw: string): Promise<string> {
    const { keccak_256 } = await import("@noble/hashes/sha3.js");
    const hash = `0x${Buffer.from(keccak_256(Buffer.from(raw.slice(2), "hex"))).toString("hex")}`;
    if (this.chain.transactions.has(hash)) throw new Error("already known");
    this.sent.push(raw);
    this.chain.transactions.set(hash, undefined);
    return hash;
  }

  private receipt(hash: string) {
    const block = this.chain.transactions.get(hash);
    return block === undefined
      ? null
      : { blockNumber: quantity(block), status: "0x1", transactionHash: hash };
  }

  private data(path: string): unknown {
    const { chain } = this;
    const header = /^\/eth\/v1\/beacon\/headers\/(head|\d+)$/.exec(path)?.[1];
    if (header !== undefined) return this.header(header === "head" ? chain.head.slot : Number(header));
    switch (path) {
      case "/eth/v1/beacon/states/head/finality_checkpoints":
        return {
          previous_justified: { epoch: "0", root: fakeHash("root", 0) },
          current_justified: { epoch: String(chain.finalizedEpoch + 1), root: fakeHash("root", 0) },
          finalized: { epoch: String(chain.finalizedEpoch), root: fakeHash("root", 0) },
        };
      case "/eth/v1/node/peer_count":
        return {
          disconnected: "0",
          connecting: "0",
          connected: String(this.consensusPeers),
          disconnecting: "0",
        };
      case "/eth/v1/node/syncing":
        return { head_slot: String(chain.slot), sync_distance: "0", is_syncing: false, el_offline: false };
      case "/eth/v1/beacon/genesis":
        return { genesis_time: String(chain.genesisTime), genesis_fork_version: "0x10007e57" };
      case "/eth/v1/config/spec":
        return { SECONDS_PER_SLOT: "1", SLOTS_PER_EPOCH: String(SLOTS_PER_EPOCH), CONFIG_NAME: "testnet" };
      default:
        return undefined;
    }
  }

  private header(slot: number) {
    const block = this.chain.blocks.find((candidate) => candidate.slot === slot);
    if (block === undefined) return undefined;
    return {
      root: fakeHash("root", slot, this.fork),
      canonical: true,
      header: { message: { slot: String(slot), proposer_index: String(block.proposer) }, signature: "0x" },
    };
  }
}

/** A chain, its nodes, and a plan whose ports are theirs. */
export class FakeNetwork {
  private constructor(
    readonly chain: FakeChain,
    readonly nodes: readonly FakeNode[],
    readonly plan: NetworkPlan,
  ) {}

  /** @param slotMs how often the chain moves by itself; it stands still without */
  static async start(count: number, slotMs?: number): Promise<FakeNetwork> {
    const settings = ethereumNetwork.parse({
      ...{ protocol: "ethereum", nodes: [{ count, validators: 8 }], secondsPerSlot: 2, slotsPerEpoch: 4 },
    });
    const place = {
      target: "local" as const,
      ...{ network: "fake", host: "127.0.0.1", peersWithin: "127.0.0.0/8" },
      ...{ portsFrom: 48_900, era: 1, discovery: false, mayPause: true },
    };
    const plan = planNetwork(settings, place);
    const chain = new FakeChain(count * 8, slotMs);
    const names = [...new Set(plan.daemons.map((daemon) => daemon.node))];
    const nodes = await Promise.all(names.map((name) => FakeNode.start(name, chain)));
    for (const node of nodes) node.peers = node.consensusPeers = count - 1;
    return new FakeNetwork(chain, nodes, { ...plan, blockSeconds: 0.2, daemons: withPorts(plan, nodes) });
  }

  async stop(): Promise<void> {
    this.chain.stop();
    await Promise.all(this.nodes.flatMap((node) => [node.execution.stop(), node.consensus.stop()]));
  }
}

function withPorts(plan: NetworkPlan, nodes: readonly FakeNode[]): NetworkPlan["daemons"] {
  return plan.daemons.map((daemon) => {
    const node = nodes.find((candidate) => candidate.name === daemon.node);
    const numbers: Record<string, number | undefined> = {
      execution: node?.execution.port,
      consensus: node?.consensus.port,
    };
    const ports = daemon.ports.map((port) =>
      port.name === "rpc" || port.name === "api"
        ? { ...port, number: numbers[daemon.role] ?? port.number }
        : port,
    );
    return { ...daemon, ports };
  });
}
