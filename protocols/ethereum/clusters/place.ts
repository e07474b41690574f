import type { Argument } from "../../arguments";
import { ref } from "../../references";
import { type EthereumNetwork, isPublic } from "../settings";
import { type ClusterNode, POD_PORTS, stableName } from "./topology";

/** What the programs of a node are told of the network and of their place in it. */
export interface Place {
  readonly node: ClusterNode;
  /** Whom its clients call: all seeds but itself. */
  readonly seeds: readonly ClusterNode[];
  readonly settings: EthereumNetwork;
  /** The stack's name, which is the namespace's. */
  readonly network: string;
  /** Whether the network has no other node. */
  readonly isAlone: boolean;
}

/** What a program is started with: words and flags, in this order. */
export interface ProgramArguments {
  /** Arguments of the image's script, and a subcommand. */
  readonly words?: readonly string[];
  readonly flags: readonly Argument[];
}

/** Files of the private chain, or the name of the public one. */
export const GENESIS_FILE = `${ref.shared}/genesis.json`;
export const CHAIN_CONFIG = `${ref.shared}/config.yaml`;
export const GENESIS_STATE = `${ref.shared}/genesis.ssz`;

/** Flags of the private chain, or of the public one. */
export function chainFlags(
  { settings }: Place,
  flags: { readonly private: readonly Argument[]; readonly public: readonly Argument[] },
): readonly Argument[] {
  return isPublic(settings) ? flags.public : flags.private;
}

/** The shared secret of the engine API of a node. */
export function jwtSecret({ node }: Place): string {
  return ref.secret(`${node.name}-jwt`);
}

/** Enodes of the seeds, separated by commas; empty for a first seed alone. */
export function seedEnodes({ seeds }: Pick<Place, "seeds">): string {
  return seeds.map(({ execution }) => ref.enode(execution)).join(",");
}

/** A flag for the seeds' enodes, left out where there are none. */
export function bootnodeFlag(flag: string, place: Place): Argument[] {
  const enodes = seedEnodes(place);
  return enodes === "" ? [] : [[flag, enodes]];
}

/**
 * Where consensus clients of seeds are found. Not by signed records: those hold the address, which is not known when keys
 * are made.
 */
export function seedMultiaddrs({ seeds }: Pick<Place, "seeds">): string[] {
  return seeds.map(
    ({ consensus, ports }) =>
      `/ip4/${ref.seedIp(consensus)}/tcp/${ports.consensus}/p2p/${ref.peerId(consensus)}`,
  );
}

/** The same for clients that ask for the signed record by UDP. */
export function seedDiscoveryAddresses({ seeds }: Pick<Place, "seeds">): string[] {
  return seeds.map(
    ({ consensus, ports }) =>
      `/ip4/${ref.seedIp(consensus)}/udp/${ports.discovery}/p2p/${ref.peerId(consensus)}`,
  );
}

/** The engine API of the node's own execution client, and of no other. */
export function engineUrl({ node, network }: Place): string {
  return `http://${stableName(node.execution, network)}:${POD_PORTS.engine}`;
}

/** The Beacon API of the node's own consensus client. */
export function beaconUrl({ node, network }: Place): string {
  return `http://${stableName(node.consensus, network)}:${POD_PORTS.beaconApi}`;
}

/** Who gets the fees of blocks: the first account of the network. Nobody proposes on a public one. */
export function feeRecipient(flag: string, { settings }: Place): Argument[] {
  return isPublic(settings) ? [] : [[flag, ref.address("funded", 0)]];
}

/** Where nodes of a public chain start from. */
export function checkpoint(flag: string, { settings }: Place): Argument[] {
  const url = settings.checkpointSyncUrl;
  return url === undefined ? [] : [[flag, url]];
}

/** Directories of a validator client's keystores and of their passwords. */
export function keystores(validator: string): { keys: string; passwords: string } {
  return { keys: ref.secret(`${validator}/keys`), passwords: ref.secret(`${validator}/secrets`) };
}
