import { z } from "zod";
import {
  era,
  expires,
  extraArgs,
  imageReference,
  pinImages,
  poolName,
  resources,
  whereabouts,
} from "../settings";
import { ethereumServicesSettings } from "./service-settings";

/** What a user sets for an Ethereum network: the `testnet:network` key of a stack file with `protocol: ethereum`. */

const volume = z.int().min(1).max(64_000).optional();

const version = (client: string) =>
  z
    .string()
    .optional()
    .describe(
      `Version of the ${client} client, without v. Default: the newest version in our flag tables that suits the network.`,
    );

const nodePool = z
  .strictObject({
    name: poolName
      .default("node")
      .describe(
        "Names the nodes: `node` makes node-1, node-2 … Each pool needs a name of its own. Default node.",
      ),
    count: z.int().min(1).max(10_000).default(1).describe("How many nodes of this kind. Default 1."),
    execution: z
      .enum(["geth", "reth", "besu", "nethermind", "erigon"])
      .default("geth")
      .describe("Execution client. On this machine geth only. Default geth."),
    executionVersion: version("execution"),
    consensus: z
      .enum(["prysm", "lighthouse", "teku", "nimbus", "lodestar"])
      .default("prysm")
      .describe(
        "Consensus client, and the validator client of the same make. On this machine Prysm only. Default prysm.",
      ),
    consensusVersion: version("consensus"),
    validators: z
      .int()
      .min(0)
      .max(100_000)
      .optional()
      .describe(
        "Validator keys of each node. 0 makes nodes that follow the chain without a validator client. Default 32; always 0 on public networks.",
      ),
    extraArgs: z
      .strictObject({
        execution: extraArgs.describe("Further arguments of the execution client."),
        consensus: extraArgs.describe("Further arguments of the consensus client."),
        validator: extraArgs.describe("Further arguments of the validator client."),
      })
      .prefault({})
      .describe(
        "Arguments we did not foresee. One that repeats an argument already rendered, or that the client's version does not know, is refused.",
      ),
    ...whereabouts,
    images: z
      .strictObject({
        execution: imageReference.optional().describe("Image of the execution client."),
        consensus: imageReference.optional().describe("Image of the consensus client."),
        validator: imageReference.optional().describe("Image of the validator client."),
      })
      .prefault({})
      .describe("Images in clusters. Default: those of the clients' publishers, of the client's version."),
    resources: z
      .strictObject({
        execution: resources.describe("Of the execution client."),
        consensus: resources.describe("Of the consensus client."),
        validator: resources.describe("Of the validator client."),
      })
      .prefault({})
      .describe("What the pods ask for. Default: by client and network, see docs/ethereum.md."),
    storageGiB: z
      .strictObject({
        execution: volume.describe("Volume of the execution client."),
        consensus: volume.describe("Volume of the consensus client."),
      })
      .prefault({})
      .describe("GiB of the volumes in clusters. Default: by client and network, see docs/ethereum.md."),
  })
  .describe(
    "Nodes of one kind. A node is an execution client, its own consensus client and its validator client.",
  );

export const ethereumNetwork = z
  .strictObject({
    protocol: z.literal("ethereum"),
    network: z
      .enum(["private", "sepolia", "hoodi", "mainnet"])
      .default("private")
      .describe(
        "`private` makes a chain of its own; the others are public chains that the nodes follow, in clusters only. Default private.",
      ),
    checkpointSyncUrl: z
      .url({ protocol: /^https$/ })
      .optional()
      .describe(
        "Beacon API, https, of one you trust, from which nodes of a public chain take the newest finalized state.",
      ),
    nodes: z.array(nodePool).min(1).describe("The nodes, pool by pool. Growing a pool renames no node."),
    seeds: z
      .strictObject({
        count: z.int().min(0).max(16).describe("How many nodes of the first pool are seeds."),
      })
      .optional()
      .describe(
        "In clusters: the first nodes have a reserved address and a DNS name, and all others call them. Default 2, or 1 where the first pool has one node; always 0 on public networks.",
      ),
    secondsPerSlot: z
      .int()
      .min(2)
      .max(60)
      .default(12)
      .describe(
        "Seconds of a slot, 2 to 60: Prysm 6 panics below 2, Nimbus needs 12 or more. Default 12, as on mainnet.",
      ),
    slotsPerEpoch: z
      .union([z.literal(4), z.literal(8), z.literal(16), z.literal(32)])
      .default(32)
      .describe(
        "Slots of an epoch: 4, 8, 16 or 32. Fewer give quicker finality and need Prysm as the only consensus client. Default 32, as on mainnet.",
      ),
    chainId: z.int().min(1).max(2_147_483_647).default(1337).describe("Chain and network id. Default 1337."),
    gasLimit: z
      .int()
      .min(5_000_000)
      .max(1_000_000_000)
      .default(60_000_000)
      .describe("Gas limit of the genesis block. Default 60,000,000."),
    fundedAccounts: z
      .strictObject({
        count: z
          .int()
          .min(1)
          .max(100)
          .default(10)
          .describe("How many accounts own ether at genesis. Default 10."),
        balanceEther: z
          .int()
          .min(1)
          .max(1_000_000_000)
          .default(1_000_000)
          .describe("Ether of each account. Default 1,000,000."),
      })
      .prefault({})
      .describe("Accounts of a fresh mnemonic that own ether from the start."),
    genesisDelaySeconds: z
      .int()
      .min(-604_800)
      .max(86_400)
      .optional()
      .describe(
        "Seconds from the making of genesis to the first slot. Default 0 on this machine, where slots pass while the daemons start, which delays neither the first block nor finality; 300 in clusters, where machines may have to be made. Below 0 the chain begins as one that has slept for so long: a rehearsal of resuming it.",
      ),
    ports: z
      .strictObject({
        from: z.int().min(1024).max(60_000).describe("First port of the network."),
      })
      .optional()
      .describe(
        "Ports on this machine, or those of peers in clusters (three of each node, up to 29999). Default on this machine: the lowest range no other local network of yours uses, from 20000.",
      ),
    services: ethereumServicesSettings,
    pinImages,
    expires,
    era,
  })
  .describe("An Ethereum network: execution and consensus clients in pairs, proof of stake from genesis.");

export type EthereumNetwork = z.output<typeof ethereumNetwork>;
export type EthereumNodePool = EthereumNetwork["nodes"][number];
export type ExecutionName = EthereumNodePool["execution"];
export type ConsensusName = EthereumNodePool["consensus"];
export type NodePart = keyof EthereumNodePool["resources"];

/** Validator keys of a node where the settings do not say. */
const VALIDATORS = 32;

/** Whether the chain is not ours. */
export function isPublic({ network }: EthereumNetwork): boolean {
  return network !== "private";
}

/** Validator keys of each node of a pool. */
export function validatorsOf(settings: EthereumNetwork, pool: EthereumNodePool): number {
  return isPublic(settings) ? 0 : (pool.validators ?? VALIDATORS);
}

/** Whether one of the services has a port for the world. */
export function hasPublicService({ services }: Pick<EthereumNetwork, "services">): boolean {
  return services.rpcProxy?.public === true;
}
