import type { Server } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as fs from "node:fs";
import type { PluginServer } from "./server";

/** The engine kills a plugin that has not ended five seconds after it was interrupted. */
const LAST_WORDS_MS = 4000;

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Answers the engine on a server that listens, until the engine ends this process or is gone itself. */
export function serve(server: Server, plugin: PluginServer): void {
  server.addService(ResourceProviderService, plugin.service);

  const end = async (atMostMs: number): Promise<void> => {
    // What is just being made is undone rather than left to nobody.
    plugin.cancel();
    setTimeout(() => process.exit(0), atMostMs).unref();
    await plugin.idle();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void end(LAST_WORDS_MS));

  // The engine holds the other end of this pipe: when it was killed, nobody else would end this process. There is no
  // hurry then, what is being done may be finished.
  const stdin = fs.fstatSync(0);
  if (stdin.isFIFO() || stdin.isSocket()) {
    process.stdin.on("close", () => void end(LONGEST_TIMER_MS));
    process.stdin.resume();
  }
}
