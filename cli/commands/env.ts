import { loadStackConfig } from "../../stacks/config/file";
import type { CommandContext } from "../context";
import { backendOf, engineEnvironment } from "../engine/workspace";

/** Shell lines that let `pulumi` work on the same stacks: `eval "$(testnet env)"`. */
export function run(context: CommandContext): Promise<number> {
  loadStackConfig(context.directory, context.stack);
  const env = engineEnvironment(context, backendOf(context.home, process.env));
  const lines = Object.entries(env).map(
    ([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`,
  );
  context.out.result(lines.join("\n"), env);
  return Promise.resolve(0);
}
