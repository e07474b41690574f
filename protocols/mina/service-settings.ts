import { z } from "zod";
import { publicOption, serviceOptions } from "../services";

/**
 * Programs beside the daemons, each off unless named. For a faucet, a transaction load and an explorer no image with a
 * version is published for everybody that was found; see docs/mina.md.
 */
export const minaServicesSettings = z
  .strictObject({
    transactionsExpected: z
      .boolean()
      .default(false)
      .describe(
        "Whether somebody sends transactions all the time: alerts then tell when none come. Default false.",
      ),
    graphqlProxy: z
      .strictObject({ ...serviceOptions, ...publicOption })
      .optional()
      .describe(
        "Read-only GraphQL before the daemons of a cluster that have `graphql`: no mutations, no keys. Inside that cluster only, unless `public`.",
      ),
  })
  .prefault({})
  .describe("Programs beside the daemons. Default none.");
