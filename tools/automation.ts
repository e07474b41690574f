/**
 * Pulumi's Automation API, loaded when the engine is about to run, and mended for a process in which it runs more than once.
 *
 * An inline program's clients of its engine are never closed, and clients of one process share the connections of an
 * address. So a later engine that was given the port of an earlier one got the earlier one's broken connection: its program
 * failed with "14 UNAVAILABLE: No connection established. Last error: null". Each client has connections of its own here.
 */
export function automationApi(): typeof import("@pulumi/pulumi/automation") {
  const { grpcClientOptions } = require("@pulumi/pulumi/runtime/settings") as {
    grpcClientOptions: Record<string, unknown>;
  };
  grpcClientOptions["grpc.use_local_subchannel_pool"] = 1;
  return require("@pulumi/pulumi/automation") as typeof import("@pulumi/pulumi/automation");
}
