import * as path from "node:path";
import type { Launcher } from "../plugins";

/** How the engine starts the simulated `kubernetes` provider: TypeScript, run as it is. */
export const KUBERNETES_PLUGIN: Launcher = {
  name: "kubernetes",
  sdk: "@pulumi/kubernetes",
  command: [process.execPath, "--require", require.resolve("tsx/cjs"), path.join(__dirname, "main.ts")],
};
