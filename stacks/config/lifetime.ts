import { z } from "zod";

/** What `testnet new` writes beside the two mappings of a network's stack file: whose it is, and since when. */

export const created = z
  .string()
  .refine(
    (value) =>
      /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/.test(value) && !Number.isNaN(Date.parse(value)),
    "a moment such as 2026-01-31T12:00:00Z, in UTC",
  )
  .optional()
  .describe(
    "When the network was made; `expires` counts from it. Written by `testnet new`, or by the first `testnet up`, and not changed later.",
  );

/** A moment as the engine hands it on: one without quotes in the stack file is a time to it, which it tells in Go's words. */
export function momentOf(text: string | undefined): string | undefined {
  const [, day, time] =
    /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d+)?) \+0000 UTC$/.exec(text ?? "") ?? [];
  return day === undefined || time === undefined ? text : `${day}T${time}Z`;
}

export const owner = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,61}[a-z0-9]$/, "lower-case letters, digits and hyphens, 2 to 63")
  .optional()
  .describe("Who answers for the network: a tag of every resource. Default: the owner of its environment.");
