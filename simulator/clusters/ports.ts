import { createServer } from "node:net";

/** Ports handed out by this process, which the one they are for may not have bound yet. */
const reserved = new Set<number>();

/** A port of 127.0.0.1 that nobody listens on and that this process did not hand out before. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await anyPort();
    if (reserved.has(port)) continue;
    reserved.add(port);
    return port;
  }
}

function anyPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
