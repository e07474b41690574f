import * as path from "node:path";
import { homeDirectory } from "../stacks/config/home";
import { Output } from "./ui/output";

/** What every command is handed. */
export interface CommandContext {
  /** Folder of the stack files. */
  readonly directory: string;
  /** The stack named, `local` unless told otherwise. */
  readonly stack: string;
  /** State directory of local networks. */
  readonly home: string;
  readonly out: Output;
  /** How long to wait for a stack that another run holds. Without it: not at all. */
  readonly waitForLockSeconds?: number | undefined;
}

/** Folder of the program: Pulumi.yaml, index.ts, the stack files that come with it. */
export const PROGRAM_DIRECTORY = path.resolve(__dirname, "..");

export function commandContext(options: Readonly<Record<string, unknown>>): CommandContext {
  const directory =
    typeof options["directory"] === "string" ? path.resolve(options["directory"]) : PROGRAM_DIRECTORY;
  return {
    directory,
    stack: typeof options["stack"] === "string" ? options["stack"] : "local",
    home: homeDirectory(process.env, directory),
    out: new Output(options["json"] === true),
    waitForLockSeconds: waitOf(options["waitForLock"]),
  };
}

/** @throws TestnetError TN1056 */
function waitOf(given: unknown): number | undefined {
  if (typeof given !== "string") return undefined;
  const { waitSeconds } = require("./expiry/duration") as typeof import("./expiry/duration");
  return waitSeconds(given, "--wait-for-lock");
}
