import { z } from "zod";

/**
 * What a stack is charged for, as quantities without prices: made from its configuration, kept in its outputs, priced when
 * somebody asks. So what runs and what is planned are compared at one table of prices. Pure data.
 */

const ITEMS = [
  "control plane",
  "machine",
  "spot machine",
  "machine address",
  "disk",
  "reserved address",
  "load balancer",
  "encryption key",
  "secret",
  "DNS zone",
  "DNS queries",
  "logs",
  "registry",
  "bucket",
  "traffic",
] as const;

/**
 * How much of it, in the unit of the item: machines, GiB, GB of traffic, millions of queries, otherwise pieces.
 * - `least`: with every node pool at its `min`; of a network, its part of the machines that it shares
 * - `expected`: with node pools as large as the networks on them need; of a network the same as `least`
 * - `most`: with every node pool at its `max`; of a network, whole machines, as if no other network stood there
 */
const quantity = z.strictObject({ least: z.number(), expected: z.number(), most: z.number() });

const billLine = z.strictObject({
  of: z.string().describe("The cluster, or `environment` or `network` for what there is once."),
  item: z.enum(ITEMS),
  cloud: z.enum(["aws", "gcp"]),
  region: z.string(),
  pool: z.string().optional().describe("The node pool that it grows with."),
  perMachine: z.number().optional().describe("Units for each machine of that pool."),
  machine: z.string().optional().describe("Machine type."),
  quantity,
});

/** What a stack tells of its cost, under the output `cost`. */
export const costOutput = z.strictObject({
  version: z.literal(1),
  /** The environment's stack: of an environment, its own name. */
  environment: z.string(),
  owner: z.string(),
  lines: z.array(billLine),
});

export type ChargedItem = (typeof ITEMS)[number];
export type Quantity = Readonly<z.output<typeof quantity>>;
export type BillLine = Readonly<z.output<typeof billLine>>;
export type CostOutput = Readonly<z.output<typeof costOutput>>;

/** The level of {@link Quantity} that budgets and previews go by. */
export type Level = keyof Quantity;
export const LEVELS = ["least", "expected", "most"] as const satisfies readonly Level[];

/** A quantity that is the same at every level. */
export function always(amount: number): Quantity {
  return { least: amount, expected: amount, most: amount };
}

/** Reads an output of a stack; undefined where it tells nothing, or nothing this version understands. */
export function readCostOutput(output: unknown): CostOutput | undefined {
  const result = costOutput.safeParse(output);
  return result.success ? result.data : undefined;
}
