import { z } from "zod";
import { TestnetError } from "../../errors/problem";

/** What is read of the outputs of a network of clusters; stacks/cluster-network-outputs.ts says what they are. */

/** Values that an output leaves out come back as null from the engine. */
const optional = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);

const joinFile = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "64 hex digits"),
  gzip: optional,
  url: optional,
});

const joinOutputs = z.object({
  version: z.literal(1),
  protocol: z.string(),
  network: z.string(),
  era: z.int(),
  publicServices: z.array(z.object({ title: z.string(), url: optional })).default([]),
  join: z.object({
    peers: z.array(z.string()),
    files: z.record(z.string(), joinFile),
    command: z.array(z.string()),
    notes: z.array(z.string()).default([]),
    url: optional,
  }),
});

export type JoinOutputs = z.output<typeof joinOutputs>;
export type JoinFile = JoinOutputs["join"]["files"][string];

/** @throws TestnetError TN2005 where there is nothing yet, TN2019 where it is something else */
export function readJoinOutputs(outputs: unknown, stack: string): JoinOutputs {
  if (typeof outputs !== "object" || outputs === null || Object.keys(outputs).length === 0) {
    throw new TestnetError({ code: "TN2005", at: stack, message: "the network has no join bundle yet" });
  }
  const result = joinOutputs.safeParse(outputs);
  if (result.success) return result.data;
  throw new TestnetError(
    result.error.issues.map(({ path, message }) => ({
      code: "TN2019" as const,
      at: `${stack}: ${path.join(".")}`,
      message: `the outputs of the stack are not those of a network of clusters: ${message}`,
      remedy: "Bring the network up with this version, or name the file of its outputs.",
    })),
  );
}
