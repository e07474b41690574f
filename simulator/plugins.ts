import * as fs from "node:fs";
import * as path from "node:path";
import { socketOf } from "./cloud/socket";

/** Clouds that the daemon simulates, by the SDK whose version their plugin must have. */
const SIMULATED = { aws: "@pulumi/aws", gcp: "@pulumi/gcp", docker: "@pulumi/docker" } as const;

export interface Launcher {
  /** Of the resource plugin, e.g. `kubernetes`. */
  readonly name: string;
  /** The npm package whose version the engine asks for. */
  readonly sdk: string;
  /** What the plugin is started with. */
  readonly command: readonly string[];
}

/**
 * Writes a private PULUMI_HOME whose plugins are the simulated ones, so that the engine takes them for the real providers
 * and downloads nothing.
 */
export function writePulumiHome(home: string, directory: string, others: readonly Launcher[] = []): void {
  const launcher = path.join(__dirname, "cloud", "plugin-launcher.js");
  const socket = socketOf(directory);
  const simulated = Object.entries(SIMULATED).map(([name, sdk]): Launcher => {
    return { name, sdk, command: [process.execPath, launcher, name, socket] };
  });
  for (const { name, sdk, command } of [...simulated, ...others]) {
    const { version } = require(`${sdk}/package.json`) as { version: string };
    // The engine skips links: it must be a directory of this very name.
    const folder = path.join(home, "plugins", `resource-${name}-v${version}`);
    fs.mkdirSync(folder, { recursive: true });
    const line = `#!/bin/sh\nexec ${command.map(quoted).join(" ")} "$@"\n`;
    fs.writeFileSync(path.join(folder, `pulumi-resource-${name}`), line, { mode: 0o755 });
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
