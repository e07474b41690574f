import type { LocalPlacement } from "../plan";
import { type EthereumNetwork, type EthereumNodePool, validatorsOf } from "./settings";

/** One node, wherever it runs: an execution client, its own consensus client, and its validator client where it has validators. */
export interface NodeParts {
  /** e.g. `node-1`. */
  readonly name: string;
  readonly pool: EthereumNodePool;
  /** Index of the pool in the settings. */
  readonly poolIndex: number;
  /** Index in its pool, from 0. */
  readonly index: number;
  readonly execution: string;
  readonly consensus: string;
  /** Absent without validators. */
  readonly validator: string | undefined;
  /** How many validator keys it has. */
  readonly validators: number;
  /** Index of the node's first validator key; the ranges of all nodes are adjacent and cannot overlap. */
  readonly validatorsFrom: number;
}

/** A node of this machine. */
export interface EthereumNode extends NodeParts {
  readonly ports: NodePorts;
}

/** The ports of one node. Each number is the bound, advertised and published one. */
export type NodePorts = ReturnType<typeof nodePorts>;

/** Ports from one node's first to the next one's: room to grow without moving anybody. */
export const PORTS_PER_NODE = 20;

function nodePorts(from: number) {
  return {
    executionP2p: from,
    executionRpc: from + 1,
    executionWebSocket: from + 2,
    engine: from + 3,
    executionMetrics: from + 4,
    consensusP2p: from + 5,
    consensusDiscovery: from + 6,
    consensusGrpc: from + 7,
    beaconApi: from + 8,
    consensusMetrics: from + 9,
    validatorMetrics: from + 10,
  } as const;
}

/** All nodes of the network in order: pool by pool, so that growing the last pool moves nothing. */
export function partsOf(settings: EthereumNetwork): NodeParts[] {
  const nodes: NodeParts[] = [];
  let validatorsFrom = 0;
  settings.nodes.forEach((pool, poolIndex) => {
    const validators = validatorsOf(settings, pool);
    for (let index = 0; index < pool.count; index += 1) {
      const name = `${pool.name}-${index + 1}`;
      nodes.push({
        name,
        pool,
        poolIndex,
        index,
        execution: `${name}-${pool.execution}`,
        consensus: `${name}-${pool.consensus}`,
        validator: validators > 0 ? `${name}-validator` : undefined,
        validators,
        validatorsFrom,
      });
      validatorsFrom += validators;
    }
  });
  return nodes;
}

/** All nodes of a network of this machine. */
export function nodesOf(settings: EthereumNetwork, placement: LocalPlacement): EthereumNode[] {
  return partsOf(settings).map((parts, index) => ({
    ...parts,
    ports: nodePorts(placement.portsFrom + index * PORTS_PER_NODE),
  }));
}

/** How many ports the network takes on one machine, from its first. */
export function portCount(settings: EthereumNetwork): number {
  return PORTS_PER_NODE * settings.nodes.reduce((sum, pool) => sum + pool.count, 0);
}

/** All validator keys of the network. */
export function validatorCount(settings: EthereumNetwork): number {
  return settings.nodes.reduce((sum, pool) => sum + pool.count * validatorsOf(settings, pool), 0);
}

/**
 * The nodes a node is told at its start. Every node is a bootnode of others, so none must be first;
 * 20 are plenty to find the rest and keep command lines short in large networks.
 */
export function bootnodesOf(nodes: readonly EthereumNode[], index: number): EthereumNode[] {
  const count = Math.min(nodes.length - 1, 20);
  return Array.from({ length: count }, (_, step) => nodes[(index + 1 + step) % nodes.length] as EthereumNode);
}
