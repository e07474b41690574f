import * as fs from "node:fs";
import type { EraHome } from "../../components/local/home";
import type { NetworkPlan } from "../../protocols/plan";
import { type ConnectedPeer, connectedPeers, ownId, publicKeyOf } from "./execution";
import type { RequestOptions } from "./http";
import { nodesOfPlan, valueOf } from "./nodes";
import { inParallel } from "./parallel";

/** Every execution client's connected peers, as `peers --json` prints them. */
export interface PeersReport {
  readonly network: string;
  readonly protocol: string;
  readonly era: number;
  /** Whether every execution client answered. */
  readonly ok: boolean;
  /** In the order of the plan. */
  readonly nodes: readonly NodePeers[];
}

/** The peers of one execution client. */
export interface NodePeers {
  readonly node: string;
  readonly daemon: string;
  /** Why the client told nothing; null when it answered. */
  readonly problem: string | null;
  /** Sorted by id. */
  readonly peers: readonly Peer[];
}

export interface Peer {
  /** 64 hex digits. */
  readonly id: string;
  /** Name of the peer's daemon; null when it is none of this network. */
  readonly daemon: string | null;
  /** What it calls itself. */
  readonly client: string;
  /** Its end of the connection, `host:port`. */
  readonly address: string;
  readonly direction: "inbound" | "outbound";
  /** Those in use, e.g. `eth/69`, sorted. */
  readonly protocols: readonly string[];
}

/** Names of the network's own daemons by what tells them: public key or id. */
type Names = ReadonlyMap<string, string>;

/** Asks every execution client. One that does not answer is told, and no error. */
export async function peersOf(
  plan: NetworkPlan,
  era: EraHome,
  options?: RequestOptions,
): Promise<PeersReport> {
  const answers = await inParallel(nodesOfPlan(plan), async ({ node, executionUrl }) => {
    const [peers, id] = await Promise.all([
      connectedPeers(executionUrl, options),
      ownId(executionUrl, options),
    ]);
    return { node, peers, id: valueOf(id) };
  });
  const names = new Map([
    ...namesFromKeys(era.publicKeys),
    ...answers.flatMap(({ node, id }): [string, string][] =>
      id === undefined ? [] : [[id, node.execution]],
    ),
  ]);
  const nodes = answers.map(({ node: { name, execution }, peers }): NodePeers => {
    const list = peers.ok ? peers.value.map((peer) => named(peer, names)) : [];
    return { node: name, daemon: execution, problem: peers.ok ? null : peers.reason, peers: sortPeers(list) };
  });
  const ok = nodes.every(({ problem }) => problem === null);
  return { network: plan.network, protocol: plan.protocol, era: plan.era, ok, nodes };
}

/** By id, then by address: the same peers always make the same list. */
export function sortPeers<Entry extends Pick<Peer, "id" | "address">>(peers: readonly Entry[]): Entry[] {
  return [...peers].sort((left, right) => compare(left.id, right.id) || compare(left.address, right.address));
}

/** By code unit: the same on every machine, whatever its language. */
function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function named({ id, publicKey, ...peer }: ConnectedPeer, names: Names): Peer {
  const known = publicKey === undefined ? undefined : names.get(publicKey);
  return { id, daemon: known ?? names.get(id) ?? null, ...peer };
}

const ENODE = "enode ";

/** From the file of public keys, `"enode node-1-geth": "enode://KEY@…"`. Without it, what clients tell has to do. */
function namesFromKeys(file: string): [string, string][] {
  let keys: Record<string, string>;
  try {
    keys = JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, string>;
  } catch {
    return [];
  }
  return Object.entries(keys).flatMap(([name, enode]): [string, string][] => {
    const publicKey = name.startsWith(ENODE) ? publicKeyOf(enode) : undefined;
    return publicKey === undefined ? [] : [[publicKey, name.slice(ENODE.length)]];
  });
}
