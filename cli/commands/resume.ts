import { loadStackConfig } from "../../stacks/config/file";
import { kindOf } from "../../stacks/kind";
import { requireLocal } from "../../stacks/placement";
import type { CommandContext } from "../context";
import type { UpOptions } from "./up";

/** Starts the daemons of a paused network again. On this machine: as `up`. */
export async function run(context: CommandContext, options: UpOptions): Promise<number> {
  const config = loadStackConfig(context.directory, context.stack);
  const found = kindOf(config);
  if (found.kind === "cluster network") {
    const { resumeNetwork } = require("../pause/pause") as typeof import("../pause/pause");
    return resumeNetwork(context, found, options);
  }
  requireLocal(config);
  const { run: up } = require("./up") as typeof import("./up");
  return up(context, options);
}
