import { z } from "zod";
import { poolName } from "../settings";

/** What a user sets of a Mina chain's first state. */

export const mina = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,9})?$/, 'an amount of MINA as text, such as "0.001"')
  .describe('Amount in MINA, as text: "0.001".');

const genesisAccounts = z
  .strictObject({
    name: poolName.describe(
      "Names the accounts, and so their keys: `whale` makes whale-1-account, whale-2-account …",
    ),
    count: z.int().min(1).max(100_000).default(1).describe("How many. Default 1."),
    balanceMina: mina.describe("Balance of each in MINA, as text."),
    delegate: z
      .enum(["producers", "self"])
      .default("producers")
      .describe(
        "Whose stake it is: `producers` gives each to one of the block producers in turn, `self` to itself. Default producers.",
      ),
  })
  .describe("Accounts of one class that own MINA from the start.");

export const genesis = z
  .strictObject({
    timestamp: z.iso
      .datetime({ error: "a time in UTC such as 2026-12-01T12:00:00Z" })
      .optional()
      .describe("First slot. Default: `readyMarginSeconds` after genesis is made."),
    readyMarginSeconds: z
      .int()
      .min(0)
      .max(604_800)
      .default(1200)
      .describe(
        "Seconds from the making of genesis to the first slot, for the pods to start in. Default 1200.",
      ),
    slotSeconds: z
      .int()
      .min(5)
      .max(3600)
      .optional()
      .describe("Seconds of a slot. Default: what the version was built for, 180 before Mesa and 90 since."),
    slotsPerEpoch: z
      .int()
      .min(12)
      .max(1_000_000)
      .default(7140)
      .describe("Slots of an epoch, a multiple of 3. Default 7140."),
    k: z.int().min(1).max(10_000).default(290).describe("Blocks until one is final. Default 290."),
    delta: z.int().min(0).max(100).default(0).describe("Slots a block may be late. Default 0."),
    slotsPerSubWindow: z
      .int()
      .min(1)
      .max(1000)
      .default(7)
      .describe("Slots of each part of the window that density is counted in. Default 7."),
    gracePeriodSlots: z
      .int()
      .min(0)
      .max(1_000_000)
      .optional()
      .describe(
        "Slots from the start in which density counts for nothing. Default: in proportion to 2160 of 7140.",
      ),
    proofLevel: z
      .enum(["full", "check", "none"])
      .default("full")
      .describe("How much is proved: `full`, or `check` or `none` for quick networks. Default full."),
    transactionCapacityLog2: z
      .int()
      .min(2)
      .max(9)
      .optional()
      .describe("Base-2 logarithm of the transactions of a block. Default: that of the build."),
    producerStakeMina: mina
      .default("1000000")
      .describe('Balance of each producer\'s wallet, as text. Default "1000000".'),
    stakedProducers: z
      .int()
      .min(1)
      .max(10_000)
      .optional()
      .describe(
        "How many producers, from the first, own stake from the start. Default: all. Before producers are added to a chain that runs, set it to how many there were: the ledger of genesis cannot change.",
      ),
    accounts: z
      .array(genesisAccounts)
      .max(100)
      .default([])
      .describe("Further accounts of the ledger, class by class. Append new ones. Default none."),
  })
  .prefault({})
  .describe("The chain's first state. Changing any of it needs a new era.");
