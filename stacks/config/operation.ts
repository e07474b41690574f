import { z } from "zod";

/** What operators set beside the two mappings of a network's stack file: how it is kept. */

export const paused = z
  .boolean()
  .optional()
  .describe(
    "Of a network in clusters: whether no pod runs. Volumes, addresses, names and keys stay. Written by `testnet pause`, removed by `testnet resume`. Default false.",
  );

export const protect = z
  .boolean()
  .optional()
  .describe(
    "Of a network in clusters: whether `testnet down` and `testnet reset` ask for its name. Default: true for a network that never expires on a protected environment.",
  );
