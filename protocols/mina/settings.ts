import { z } from "zod";
import { isCidr } from "../cidr";
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
import { genesis, mina } from "./genesis-settings";
import { MINA_RELEASES, WORK_SELECTIONS } from "./releases";
import { minaServicesSettings } from "./service-settings";

/** What a user sets for a Mina network: the `testnet:network` key of a stack file with `protocol: mina`. */

const LOG_LEVELS = ["Spam", "Trace", "Debug", "Info", "Warn", "Error", "Fatal"] as const;

const image = imageReference
  .optional()
  .describe("Image in place of the usual one of the version. Its flags must be those of `version`.");

/** Keys of every daemon that is a peer. */
const daemon = (options: { connections: number; graphql: boolean }) => ({
  resources: resources.describe("What each pod asks for. Default: 4 cores, 12 GiB, killed at 24 GiB."),
  image,
  storageGiB: z
    .int()
    .min(16)
    .max(16_000)
    .default(32)
    .describe("Volume of each daemon: chain, genesis and its own log. Default 32, at least 16."),
  logLevel: z.enum(LOG_LEVELS).default("Info").describe("What it writes to its log. Default Info."),
  maxConnections: z
    .int()
    .min(10)
    .max(1000)
    .default(options.connections)
    .describe(`Peers it is connected with at most. Default ${options.connections}.`),
  graphql: z
    .boolean()
    .default(options.graphql)
    .describe(
      `Whether pods of the network reach its GraphQL, which can spend what it has unlocked; nobody else does. Default ${options.graphql}.`,
    ),
  extraArgs: extraArgs.describe(
    "Arguments we did not foresee. One that repeats an argument already rendered, or that the version does not know, is refused.",
  ),
});

/** Keys of every group of them. */
const daemons = (options: { connections: number; graphql: boolean }) => ({
  ...whereabouts,
  ...daemon(options),
});

const peer = { connections: 50, graphql: true };

const seeds = z
  .strictObject({
    count: z
      .int()
      .min(1)
      .max(20)
      .default(1)
      .describe("How many. Every daemon is told of all of them, so growing them restarts all. Default 1."),
    ...daemons({ connections: 200, graphql: true }),
  })
  .prefault({})
  .describe("Daemons that others find first: reserved address, DNS name, stable identity.");

const blockProducers = z
  .strictObject({
    count: z
      .int()
      .min(1)
      .max(10_000)
      .default(1)
      .describe("How many, each with a wallet of its own. Default 1."),
    uptimeUrl: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe(
        "Service that collects proofs of being up. Each producer then signs with an uptime key of its own. Default: none.",
      ),
    ...daemons({ connections: 50, graphql: false }),
  })
  .prefault({})
  .describe("Daemons that make blocks.");

const snarkPool = z
  .strictObject({
    name: poolName.describe("Names the pool: `fast` makes fast-coordinator and fast-worker."),
    workSelection: z
      .enum(WORK_SELECTIONS)
      .default("seq")
      .describe("Which work is done first; `roffset` where the version knows it. Default seq."),
    feeMina: mina.default("0.001").describe('Price of a piece of work in MINA, as text. Default "0.001".'),
    workers: z.int().min(0).max(10_000).default(1).describe("How many workers. Default 1."),
    clusters: z
      .array(z.string())
      .length(1)
      .optional()
      .describe(
        "The one cluster it is in: workers talk to their coordinator without any proof of who they are, so that must not leave the cluster. Default: the pools take turns in the clusters of the environment.",
      ),
    spot: z
      .boolean()
      .optional()
      .describe(
        "Whether workers run on machines that the cloud may take away. Default: where the cluster has any.",
      ),
    genesisAccount: z
      .boolean()
      .default(true)
      .describe(
        "Whether the account that earns its fees is in the ledger of genesis. Set it to false for a pool added to a chain that runs. Default true.",
      ),
    workerPods: z
      .strictObject({
        nodePool: whereabouts.nodePool,
        resources: resources.describe("What each asks for. Default: 4 cores, 6 GiB, killed at 16 GiB."),
        extraArgs: extraArgs.describe("Further arguments of the workers."),
      })
      .prefault({})
      .describe("The workers' pods."),
    coordinator: z
      .strictObject({ nodePool: whereabouts.nodePool, ...daemon({ connections: 50, graphql: false }) })
      .prefault({})
      .describe("The coordinator's pod."),
  })
  .describe("A coordinator, which sells proofs, and the workers that make them.");

const archives = z
  .strictObject({
    count: z.int().min(0).max(10_000).default(0).describe("How many. Default 0."),
    ...daemons(peer),
    database: z
      .strictObject({
        storageGiB: z.int().min(1).max(16_000).default(64).describe("Volume of the database. Default 64."),
        resources: resources.describe("Default: 0.5 cores, 1 GiB, killed at 4 GiB."),
      })
      .prefault({})
      .describe("Its Postgres, which nothing outside the pod reaches."),
  })
  .prefault({})
  .describe("Daemons that keep every block in a database: daemon, mina-archive and Postgres in one pod.");

const nodes = z
  .strictObject({
    count: z.int().min(0).max(10_000).default(0).describe("How many. Default 0."),
    ...daemons(peer),
  })
  .prefault({})
  .describe("Daemons that only follow the chain.");

const itnNodes = z
  .strictObject({
    count: z.int().min(0).max(10_000).default(0).describe("How many. Default 0."),
    maxLogs: z
      .int()
      .min(0)
      .max(100_000)
      .default(10_000)
      .describe("Log entries it keeps to be asked for. Default 10,000."),
    ...daemons(peer),
  })
  .prefault({})
  .describe("Daemons with the GraphQL server of the incentivized testnet, for load tests.");

export const minaNetwork = z
  .strictObject({
    protocol: z.literal("mina"),
    version: z
      .string()
      .describe(
        `Version of Mina: its flags are checked against it, and its usual images are run. One of ${Object.keys(MINA_RELEASES).join(", ")}.`,
      ),
    expires,
    era,
    availability: z
      .enum(["high", "low"])
      .default("low")
      .describe(
        "`high`: seeds never share a machine, other daemons do so only if need be, services run twice. `low`: as cheap as can be. Default low.",
      ),
    images: z
      .strictObject({ daemon: image, archive: image, postgres: image })
      .prefault({})
      .describe("Images of the whole network in place of the usual ones."),
    pinImages,
    seeds,
    blockProducers,
    snark: z
      .array(snarkPool)
      .max(100)
      .prefault([{ name: "snark" }])
      .describe(
        "SNARK pools. Append new ones: their ports follow from their order. Without proofs blocks soon hold no transactions. Default: one of one worker.",
      ),
    archives,
    nodes,
    itnNodes,
    genesis,
    stopTime: z
      .strictObject({
        hours: z
          .int()
          .min(1)
          .max(100_000)
          .default(168)
          .describe("Hours after which a daemon starts anew. Default 168."),
        staggerHours: z
          .int()
          .min(1)
          .max(10_000)
          .default(24)
          .describe("Over how many further hours the restarts of all daemons are spread. Default 24."),
      })
      .prefault({})
      .describe("Mina daemons stop themselves after a while and are started again."),
    clientTrustList: z
      .array(z.string().refine(isCidr, "a CIDR block such as 10.4.0.0/16"))
      .min(1)
      .max(50)
      .optional()
      .describe(
        "Who may use the client port of daemons, which the network policy leaves to pods of the network. Default: the pods of the daemon's cluster.",
      ),
    ports: z
      .strictObject({
        from: z.int().min(1024).max(29_000).describe("First port of the network."),
      })
      .optional()
      .describe("Ports that peers reach. Default: a range that no other network of the environment uses."),
    services: minaServicesSettings,
  })
  .describe("A Mina network: seeds, block producers, SNARK pools, archives and plain nodes.");

export type MinaNetwork = z.output<typeof minaNetwork>;
export type MinaSnarkPool = MinaNetwork["snark"][number];
export type MinaDaemonSettings = MinaNetwork["nodes"];

/** Whether one of the services has a port for the world. */
export function hasPublicService({ services }: Pick<MinaNetwork, "services">): boolean {
  return services.graphqlProxy?.public === true;
}
