import { z } from "zod";

/** What a user sets for an Ethereum network: the `testnet:network` key of a stack file with `protocol: ethereum`. */

const extraArgs = z
  .array(
    z
      .string()
      .regex(/^--[a-zA-Z][a-zA-Z0-9._-]*(=.*)?$/s, "one argument as --flag or --flag=value")
      .describe("One argument, `--flag` or `--flag=value`."),
  )
  .default([]);

const nodePool = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z](-?[a-z0-9])*$/, "lower-case letters, digits and single hyphens, starting with a letter")
      .max(20)
      .default("node")
      .describe(
        "Names the nodes: `node` makes node-1, node-2 … Each pool needs a name of its own. Default node.",
      ),
    count: z.int().min(1).max(10_000).default(1).describe("How many nodes of this kind. Default 1."),
    execution: z.enum(["geth"]).default("geth").describe("Execution client. Default geth."),
    executionVersion: z
      .string()
      .optional()
      .describe(
        "Version of the execution client, without v. Default: the newest version in our flag tables.",
      ),
    consensus: z.enum(["prysm"]).default("prysm").describe("Consensus client. Default prysm."),
    consensusVersion: z
      .string()
      .optional()
      .describe(
        "Version of the consensus client, without v. Default: the newest version in our flag tables.",
      ),
    validators: z
      .int()
      .min(0)
      .max(100_000)
      .default(32)
      .describe(
        "Validator keys of each node. 0 makes nodes that follow the chain without a validator client. Default 32.",
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
  })
  .describe(
    "Nodes of one kind. A node is an execution client, its own consensus client and its validator client.",
  );

export const ethereumNetwork = z
  .strictObject({
    protocol: z.literal("ethereum"),
    nodes: z.array(nodePool).min(1).describe("The nodes, pool by pool. Growing a pool renames no node."),
    secondsPerSlot: z
      .int()
      .min(2)
      .max(60)
      .default(12)
      .describe("Seconds of a slot, 2 to 60: Prysm 6 panics below 2. Default 12, as on mainnet."),
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
      .default(0)
      .describe(
        "Seconds from the making of genesis to the first slot. Default 0: slots pass while the daemons start, which delays neither the first block nor finality. Below 0 the chain begins as one that has slept for so long: a rehearsal of resuming it.",
      ),
    ports: z
      .strictObject({
        from: z.int().min(1024).max(60_000).describe("First port of the network."),
      })
      .optional()
      .describe(
        "Ports on this machine. Default: the lowest range no other local network of yours uses, from 20000.",
      ),
    era: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(1)
      .describe(
        "Number of the chain. Raising it starts a fresh chain under the same names and ports. Default 1.",
      ),
  })
  .describe("An Ethereum network: execution and consensus clients in pairs, proof of stake from genesis.");

export type EthereumNetwork = z.output<typeof ethereumNetwork>;
export type EthereumNodePool = EthereumNetwork["nodes"][number];
