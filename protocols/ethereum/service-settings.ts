import { z } from "zod";
import { publicOption, serviceOptions } from "../services";

/** Programs beside the daemons, each off unless named; but the exporter of peers is on. */
export const ethereumServicesSettings = z
  .strictObject({
    peers: z
      .boolean()
      .default(true)
      .describe("Tells Prometheus every peer of every execution client. Default true."),
    rpcProxy: z
      .strictObject({
        ...serviceOptions,
        ...publicOption,
        transactions: z
          .boolean()
          .default(false)
          .describe("Whether signed transactions pass, too. Default false."),
      })
      .optional()
      .describe(
        "Read-only JSON-RPC before all execution clients of a cluster. Inside that cluster only, unless `public`.",
      ),
    faucet: z
      .strictObject({
        ...serviceOptions,
        maxEther: z.int().min(1).max(1000).default(1).describe("Ether that one may have a day. Default 1."),
      })
      .optional()
      .describe("Web page that gives ether away (PoWFaucet), inside its cluster only."),
    load: z
      .strictObject({
        ...serviceOptions,
        transactionsPerSlot: z
          .int()
          .min(1)
          .max(10_000)
          .default(10)
          .describe("Transfers of ether in each slot. Default 10."),
      })
      .optional()
      .describe("Transactions without end (spamoor)."),
    explorer: z
      .strictObject({ ...serviceOptions })
      .optional()
      .describe("Explorer of slots, blocks and validators (dora), inside its cluster only."),
  })
  .prefault({})
  .describe("Programs beside the daemons. Default: the exporter of peers.");
