import { openClusters } from "../clusters/open";
import { CloudDaemon } from "./daemon";
import type { CloudOptions } from "./protocol";
import { socketOf } from "./socket";

/**
 * The daemon's process. Its argument is CloudOptions as JSON; a line on stdout tells that it is ready. It ends when
 * stdin does: whoever started it is gone then.
 */
async function main(): Promise<void> {
  const options = JSON.parse(process.argv[2] ?? "{}") as CloudOptions;
  const programs = process.env["TESTNET_CLUSTER_PROGRAMS"];
  const clusters = openClusters({
    kind: options.clusters,
    directory: options.directory,
    secretsAreChecked: true,
    ...(programs !== undefined && { programs: JSON.parse(programs) as Record<string, string> }),
  });
  const daemon = await CloudDaemon.start(options, clusters);
  const end = () => {
    void daemon.close().finally(() => process.exit(0));
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, end);
  process.stdin.on("close", end);
  process.stdin.resume();
  process.stdout.write(`${JSON.stringify({ socket: socketOf(options.directory), pid: process.pid })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
