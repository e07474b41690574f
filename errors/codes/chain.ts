import { entry, type ErrorCodeEntry } from "./entry";

/** TN3xxx: the chain. */
export const CHAIN_CODES = {
  TN3001: entry(
    1,
    "Verification failed",
    "The network runs, but at least one check of `verify` does not hold.",
    "Read the checks that failed, then the logs of the daemons named: `testnet logs <daemon>`.",
  ),
  TN3002: entry(
    1,
    "Daemon did not become ready",
    "A daemon was started but ended, or did not answer its readiness probe in time.",
    "Read the end of its log, shown with the error, or all of it with `testnet logs <daemon>`.",
  ),
  TN3003: entry(
    1,
    "Genesis could not be made",
    "The tool that makes the genesis files failed.",
    "Read the tool's words shown with the error.",
  ),
  TN3004: entry(
    1,
    "Chain lost in a crash",
    "All daemons of the network ended without an orderly stop (power loss, kill -9, reboot). Execution clients keep their newest blocks in memory, so the chain cannot be taken up again.",
    "Nothing: `up` starts a new era, with a fresh chain under the same names and ports. Stop networks with `testnet down --keep-data` to keep their chain.",
  ),
  TN3010: entry(
    1,
    "Cluster cannot be read",
    "The API server of a cluster does not answer, or refuses these credentials.",
    "Check the credentials of its cloud, and `apiAccess` of the environment: it names who may reach the API server.",
  ),
  TN3011: entry(
    1,
    "Log cannot be read",
    "The daemon has no pod, or its machine gives no log of it.",
    "See `testnet status <stack>`: it names what keeps the pod from running.",
  ),
  TN3012: entry(
    1,
    "Nobody to ask",
    "A command asks daemons, and none runs that could answer: the network is paused, or its machines are simulated.",
    "Run `testnet resume <stack>` where it is paused. In a rehearsal nothing runs in the pods.",
  ),
  TN3013: entry(
    1,
    "Volume not removed",
    "A volume that was to be removed is still there. Others were removed.",
    "Run `testnet reset <stack> --old-volumes` again.",
  ),
  TN3014: entry(
    1,
    "Diagnosis cannot be written",
    "The directory or file of the diagnosis cannot be made or written, or something else is there already.",
    "Name another place with `--output`.",
  ),
} as const satisfies Record<string, ErrorCodeEntry>;
