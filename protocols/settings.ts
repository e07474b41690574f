import { z } from "zod";

/** Settings that networks of every protocol have. */

/** Seconds of the units that durations are written in. */
const UNITS = { minute: 60, hour: 3600, day: 86_400, week: 604_800 } as const;

const LIFETIME = /^([1-9]\d{0,3}) (minute|hour|day|week)s?$/;

/** Seconds from the making of a network to its end; undefined for one without an end. */
export function lifetimeSeconds(expires: string): number | undefined {
  const [, count, unit] = LIFETIME.exec(expires) ?? [];
  return unit === undefined ? undefined : Number(count) * UNITS[unit as keyof typeof UNITS];
}

export const expires = z
  .string()
  .refine(
    (value) => value === "never" || LIFETIME.test(value),
    "never, or a time such as 90 minutes, 8 hours, 3 days or 2 weeks",
  )
  .default("never")
  .describe(
    "How long the network is needed, from its creation: `never` ends, or a time such as `8 hours`. Default never.",
  );

export const era = z
  .int()
  .min(1)
  .max(1_000_000)
  .default(1)
  .describe(
    "Number of the chain. Raising it starts a fresh chain under the same names and ports. Default 1.",
  );

/** Names a pool of daemons, and so the daemons themselves. */
export const poolName = z
  .string()
  .regex(/^[a-z](-?[a-z0-9])*$/, "lower-case letters, digits and single hyphens, starting with a letter")
  .max(20);

const clusterName = z.string().regex(/^[a-z][a-z0-9]*$/, "name of a cluster of the environment");

/** Where the daemons of a group run: keys to be spread into the schema of a group. */
export const whereabouts = {
  clusters: z
    .array(clusterName)
    .min(1)
    .max(50)
    .optional()
    .describe(
      "Clusters that the daemons take turns in. Default: all of the environment, in its order. Name them before the environment gets another cluster: who is where follows from their number.",
    ),
  placement: z
    .record(clusterName, z.int().min(0).max(100))
    .optional()
    .describe("Percentages by cluster, 100 together, in place of `clusters`."),
  nodePool: z
    .string()
    .min(1)
    .max(63)
    .optional()
    .describe("Name of the node pool to run on. Default: any that suits."),
} as const;

/** What a pod asks for. Left out, the protocol's own figures stand. */
export const resources = z
  .strictObject({
    cpus: z.number().min(0.1).max(256).optional().describe("Cores it is promised; it may use idle ones."),
    memoryGiB: z.number().min(0.1).max(4096).optional().describe("Memory it is promised."),
    memoryLimitGiB: z.number().min(0.1).max(4096).optional().describe("Memory at which it is killed."),
  })
  .prefault({});

export type ResourceSettings = z.output<typeof resources>;

/** Name of an image as registries take it: `[host/]path:tag`, `…@sha256:…` or both. */
export const imageReference = z
  .string()
  .regex(
    /^[a-z0-9]+([._:/-][a-zA-Z0-9_.-]+)*(@sha256:[0-9a-f]{64})?$/,
    "an image with a tag or digest, such as docker.io/minaprotocol/mina-daemon:4.0.0",
  )
  .refine((value) => /@sha256:|:[^/]+$/.test(value), "an image with a tag or a digest");

export const pinImages = z
  .boolean()
  .optional()
  .describe(
    "In clusters: whether the tags of images are resolved to digests by whoever deploys, so that a tag that is moved changes nothing until the next `up`, and shows in its preview. Default true on an environment, false on a kubeconfig, whose nodes may have images that no registry has.",
  );

/** Arguments we did not foresee, for one program. */
export const extraArgs = z
  .array(
    z
      .string()
      .regex(/^--[a-zA-Z][a-zA-Z0-9._-]*(=.*)?$/s, "one argument as --flag or --flag=value")
      .describe("One argument, `--flag` or `--flag=value`."),
  )
  .default([]);
