import assert from "node:assert/strict";
import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { KubeClient, KubeUnreachable } from "../../simulator/kube/client";

describe("the client of an API server", () => {
  /** Answers requests by their number, from 1; those of which it says no are cut off unanswered. */
  async function asked(
    answers: (nth: number) => boolean,
    work: (client: KubeClient) => Promise<unknown>,
  ): Promise<number> {
    let count = 0;
    const server = http.createServer((request, response) => {
      if (answers(++count)) response.end("{}");
      else request.socket.destroy();
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const client = new KubeClient({ server: `http://127.0.0.1:${port}`, caPem: "", token: "" });
    try {
      await work(client);
      return count;
    } finally {
      client.close();
      server.close();
    }
  }

  it("asks again, once, where a connection ended that had been idle", async () => {
    const count = await asked(
      (nth) => nth !== 2,
      async (client) => {
        await client.get("/api");
        // The connection is free to be used again a turn later.
        await new Promise(setImmediate);
        await client.get("/api");
      },
    );
    assert.equal(count, 3);
  });

  it("does not where it was a new one", async () => {
    const count = await asked(
      () => false,
      (client) => assert.rejects(client.get("/api"), KubeUnreachable),
    );
    assert.equal(count, 1);
  });
});
