import { loadStackConfig } from "../../stacks/config/file";
import { kindOf } from "../../stacks/kind";
import { requireLocal } from "../../stacks/placement";
import type { CommandContext } from "../context";
import type { BeforeUpOptions } from "../preview/before-up";

/** Stops all daemons of a network and keeps everything else. On this machine: as `down --keep-data`. */
export async function run(context: CommandContext, options: BeforeUpOptions): Promise<number> {
  const config = loadStackConfig(context.directory, context.stack);
  const found = kindOf(config);
  if (found.kind === "cluster network") {
    const { pauseNetwork } = require("../pause/pause") as typeof import("../pause/pause");
    return pauseNetwork(context, found, options);
  }
  requireLocal(config);
  const { run: down } = require("./down") as typeof import("./down");
  return down(context, { keepData: true, yes: true });
}
