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
  /** By daemon in the order of the plan, then by id. */
  readonly peers: readonly PeerEntry[];
  /** Daemons that did not answer, and why. */
  readonly silent: readonly { readonly daemon: string; readonly reason: string }[];
}

/** One peer of one execution client. */
export interface PeerEntry {
  readonly node: string;
  /** Whose peer it is. */
  readonly daemon: string;
  /** 64 hex digits. */
  readonly id: string;
  /** Name of the peer's daemon; null when it is none of this network. */
  readonly peer: string | null;
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
  const nodes = nodesOfPlan(plan);
  const answers = await inParallel(nodes, async ({ node, executionUrl }) => {
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
  const peers = answers.flatMap(({ node, peers: answer }) =>
    answer.ok ? answer.value.map((peer) => entry(node.name, node.execution, peer, names)) : [],
  );
  const silent = answers.flatMap(({ node, peers: answer }) =>
    answer.ok ? [] : [{ daemon: node.execution, reason: answer.reason }],
  );
  const { network, protocol, era: number } = plan;
  const order = nodes.map(({ node }) => node.execution);
  return { network, protocol, era: number, ok: silent.length === 0, peers: sortPeers(peers, order), silent };
}

/** By daemon in the given order, then by id, then by address: the same peers always make the same list. */
export function sortPeers(peers: readonly PeerEntry[], daemons: readonly string[]): PeerEntry[] {
  const rank = new Map(daemons.map((daemon, index) => [daemon, index]));
  const rankOf = (daemon: string) => rank.get(daemon) ?? daemons.length;
  return [...peers].sort(
    (left, right) =>
      rankOf(left.daemon) - rankOf(right.daemon) ||
      compare(left.daemon, right.daemon) ||
      compare(left.id, right.id) ||
      compare(left.address, right.address),
  );
}

/** By code unit: the same on every machine, whatever its language. */
function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function entry(node: string, daemon: string, peer: ConnectedPeer, names: Names): PeerEntry {
  const { id, publicKey, client, address, direction, protocols } = peer;
  const known = (publicKey === undefined ? undefined : names.get(publicKey)) ?? names.get(id) ?? null;
  return { node, daemon, id, peer: known, client, address, direction, protocols };
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
