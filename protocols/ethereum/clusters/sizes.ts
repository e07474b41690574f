import type { Resources } from "../../plan";
import type { ResourceSettings } from "../../settings";
import { type EthereumNetwork, isPublic } from "../settings";
import { CONSENSUS_PROGRAMS, EXECUTION_PROGRAMS } from "./programs";
import type { ClusterNode } from "./topology";

/** What the pods of a node get. The settings go before the figures of its clients. */

/** Of a public chain: what its clients recommend for mainnet, roughly. */
const PUBLIC = {
  execution: { cpuMilli: 2000, memoryMiB: 16_384, memoryLimitMiB: 32_768 },
  consensus: { cpuMilli: 1000, memoryMiB: 8192, memoryLimitMiB: 16_384 },
} as const;

/** GiB of a private chain: months of a quiet one. */
const PRIVATE_GIB = { execution: 20, consensus: 20 } as const;

/** What is signed, and little else. */
export const VALIDATOR_GIB = 1;

/** GiB of a public chain's consensus client: blobs of 18 days and finalized states. */
const PUBLIC_CONSENSUS_GIB = { sepolia: 400, hoodi: 400, mainnet: 600 } as const;

/** Part of mainnet's size that an execution client needs for a test network. */
const TESTNET_SHARE = 0.5;

export function resourcesOf(
  settings: EthereumNetwork,
  { pool }: ClusterNode,
  part: "execution" | "consensus" | "validator",
): Resources {
  const usual = () => {
    if (part === "validator") return CONSENSUS_PROGRAMS[pool.consensus].validatorResources;
    if (isPublic(settings)) return PUBLIC[part];
    return part === "execution"
      ? EXECUTION_PROGRAMS[pool.execution].resources
      : CONSENSUS_PROGRAMS[pool.consensus].resources;
  };
  return overridden(usual(), pool.resources[part]);
}

/** A limit below what was asked for is raised to it: the pod would be refused. */
function overridden(usual: Resources, { cpus, memoryGiB, memoryLimitGiB }: ResourceSettings): Resources {
  const memoryMiB = memoryGiB === undefined ? usual.memoryMiB : Math.round(memoryGiB * 1024);
  const limit = memoryLimitGiB === undefined ? usual.memoryLimitMiB : Math.round(memoryLimitGiB * 1024);
  return {
    cpuMilli: cpus === undefined ? usual.cpuMilli : Math.round(cpus * 1000),
    memoryMiB,
    memoryLimitMiB: Math.max(memoryMiB, limit),
  };
}

export function storageOf(
  settings: EthereumNetwork,
  { pool }: ClusterNode,
  part: "execution" | "consensus",
): number {
  const given = pool.storageGiB[part];
  if (given !== undefined) return given;
  const { network } = settings;
  if (network === "private") return PRIVATE_GIB[part];
  if (part === "consensus") return PUBLIC_CONSENSUS_GIB[network];
  const { mainnetGiB } = EXECUTION_PROGRAMS[pool.execution];
  return network === "mainnet" ? mainnetGiB : mainnetGiB * TESTNET_SHARE;
}
