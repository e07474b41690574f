import * as path from "node:path";

/** A path longer than this cannot be a socket's. */
const LONGEST_SOCKET_PATH = 103;

/** The daemon's socket in the directory of a run. */
export function socketOf(directory: string): string {
  const socket = path.join(directory, "cloud.sock");
  if (Buffer.byteLength(socket) > LONGEST_SOCKET_PATH) {
    throw new Error(`the directory of a rehearsal must have a shorter path than ${directory}`);
  }
  return socket;
}
