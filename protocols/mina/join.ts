import type { JoinGuide } from "../plan";
import { daemonReference, START_JOINED } from "./images";
import { RUNTIME_CONFIGURATION } from "./names";
import type { MinaNetwork } from "./settings";

/** Port of a daemon that somebody runs at home. */
const OUTSIDE_PORT = 8302;

/** Name of the published peer list in the join bundle. */
const PEER_LIST = "peers.txt";

/** How an outsider joins, with the files of the join bundle in the working directory. */
export function minaJoin(settings: MinaNetwork): JoinGuide {
  const { proofLevel } = settings.genesis;
  return {
    command: [
      "docker",
      "run",
      "--rm",
      "--publish",
      `${OUTSIDE_PORT}:${OUTSIDE_PORT}`,
      "--volume",
      "./:/join:ro",
      "--entrypoint",
      "/bin/sh",
      daemonReference(settings),
      ...START_JOINED,
      "daemon",
      "--peer-list-file",
      `/join/${PEER_LIST}`,
      "--config-file",
      `/join/${RUNTIME_CONFIGURATION}`,
      "--external-port",
      String(OUTSIDE_PORT),
      ...(proofLevel === "full" ? [] : ["--proof-level", proofLevel]),
    ],
    notes: [
      `Open TCP port ${OUTSIDE_PORT} of your router to this machine, or peers can only be called, never call.`,
      "The image's own configuration of a public network is removed at start: it could not be overruled otherwise.",
      "To make blocks, add --block-producer-key with a key of yours that owns or was given stake.",
      `When the network starts a new era, fetch the bundle again and start with an empty directory: ${RUNTIME_CONFIGURATION} is another then.`,
    ],
  };
}
