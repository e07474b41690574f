import { Server, ServerCredentials } from "@grpc/grpc-js";

/**
 * The plugin process: serves on a free port of 127.0.0.1 and prints it, as the engine expects of a plugin it starts.
 * The last argument is the address of the engine.
 */
const server = new Server({
  "grpc.max_receive_message_length": -1,
  "grpc.max_send_message_length": -1,
});
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  // The engine connects while the rest is loaded; nothing it sends is looked at before this function returns.
  process.stdout.write(`${port}\n`);
  const { serve } = require("./serve") as typeof import("./serve");
  serve(server, process.argv.slice(2).at(-1));
});
