import { Server, ServerCredentials } from "@grpc/grpc-js";

/**
 * Serves on a free port of 127.0.0.1 and prints it, as the engine expects of a plugin it starts. The engine connects
 * while `load` brings in the rest; nothing it sends is looked at before `load` returns.
 */
export function listen(load: (server: Server) => void): void {
  const server = new Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) throw error;
    process.stdout.write(`${port}\n`);
    load(server);
  });
}
