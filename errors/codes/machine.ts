import { entry, type ErrorCodeEntry } from "./entry";

/** TN4xxx: this machine. */
export const MACHINE_CODES = {
  TN4001: entry(
    1,
    "Tool missing",
    "A program the network needs is neither in PATH nor built yet, and cannot be built because Go is missing.",
    "Install Go 1.26 or newer (https://go.dev/dl), or put the tool itself in PATH, then run the command again.",
  ),
  TN4002: entry(
    1,
    "Go too old",
    "A tool must be built, and the Go in PATH is older than its module asks for.",
    "Install a newer Go (https://go.dev/dl), then run the command again.",
  ),
  TN4003: entry(
    1,
    "Tool could not be built",
    "`go install` of a pinned tool failed.",
    "Read the compiler's or downloader's words shown with the error. A second run goes on where this one stopped.",
  ),
  TN4004: entry(
    1,
    "State directory not usable",
    "The directory that keeps the state, keys and data of local networks cannot be made or written.",
    "Make it writable, or name another one in TESTNET_HOME.",
  ),
  TN4005: entry(
    1,
    "Port in use",
    "Another program listens on a port that a daemon needs.",
    "Stop the program named, or set `ports.from` of the network to another start.",
  ),
  TN4006: entry(
    1,
    "Node.js too old",
    "The program needs features of a newer Node.js.",
    "Install Node.js 20.19 or newer, 22 or 24.",
  ),
  TN4007: entry(
    1,
    "Program cannot be started",
    "The operating system refused to start a daemon's program.",
    "Check that the file named exists and may be executed.",
  ),
  TN4008: entry(
    1,
    "Program could not be stopped",
    "A process did not end, not even when killed.",
    "Look at the process named; it may hang in the kernel.",
  ),
  TN4020: entry(
    1,
    "Program for clusters missing",
    "A program that is not part of this project is needed to reach the clusters of a stack, or to carry its images, and is not in PATH.",
    "Install the program named.",
  ),
} as const satisfies Record<string, ErrorCodeEntry>;
