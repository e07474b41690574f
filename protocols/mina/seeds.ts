import type { ClusterPlacement, Port, Seed } from "../plan";
import { ref } from "../references";
import { libp2pKey } from "./names";
import type { MinaPeer } from "./topology";

/** Name of a daemon inside its cluster. */
export function internalName(daemon: string, network: string): string {
  return `${daemon}.${network}.svc.cluster.local`;
}

/** How others call a seed: its public name, or the cluster's own where there is no domain. */
export function seedHost({ name }: MinaPeer, { domain, network }: ClusterPlacement): string {
  return domain === undefined ? internalName(name, network) : `${name}.${domain}`;
}

/** How peers find a seed. Name, port and identity are those that the seed itself is given (T1, T2). */
export function seedAddress(seed: MinaPeer, placement: ClusterPlacement): string {
  const host = seedHost(seed, placement);
  return `/dns4/${host}/tcp/${seed.p2pPort}/p2p/${ref.peerId(libp2pKey(seed.name))}`;
}

/** Mina's peers speak TCP. UDP is open beside it, for the transports to come and for whoever measures the network. */
export function peerPort(peer: MinaPeer): Port {
  return { name: "p2p", number: peer.p2pPort, transports: ["tcp", "udp"], exposure: "peers" };
}

export function planSeed(seed: MinaPeer): Seed {
  return { daemon: seed.name, cluster: seed.cluster, label: seed.name, ports: [peerPort(seed)] };
}
