import assert from "node:assert/strict";
import * as http from "node:http";
import * as net from "node:net";
import { stringify } from "yaml";
import { doorOfText } from "../../cli/clusters/door";
import { forward } from "../../cli/clusters/forward";
import { minaState } from "../../cli/clusters/mina-answers";
import { request } from "../../cli/observe/http";
import { TestnetError } from "../../errors/problem";

/** The library of the client that is tested; it brings no types. */
interface Socket {
  send(message: Buffer): void;
  close(): void;
  on(event: "message", listener: (message: Buffer) => void): void;
  on(event: "close", listener: () => void): void;
}
interface Sockets {
  on(event: "connection", listener: (client: Socket, call: http.IncomingMessage) => void): void;
}
const { WebSocketServer } = require("ws") as {
  WebSocketServer: new (options: { server: http.Server; handleProtocols: () => string }) => Sockets;
};

/** What a Mina daemon answers. */
const ANSWER = JSON.stringify({
  data: {
    daemonStatus: { syncStatus: "SYNCED", peers: [] },
    bestChain: [{ stateHash: "3NK", protocolState: { consensusState: { blockHeight: "7" } } }],
  },
});

/** An API server as far as it leads to ports of pods: the protocol of channels, with a daemon or nobody behind it. */
describe("a daemon in a pod is asked through the API server", () => {
  let daemon: http.Server;
  let server: http.Server;
  let kubeconfig: string;
  const asked: string[] = [];

  before(async () => {
    daemon = http.createServer((_, response) => void response.end(ANSWER));
    server = http.createServer(
      (_, response) => void response.writeHead(403).end('{"message":"pods is forbidden"}'),
    );
    await Promise.all(
      [daemon, server].map((one) => new Promise<void>((done) => one.listen(0, "127.0.0.1", done))),
    );
    const sockets = new WebSocketServer({ server, handleProtocols: () => "v4.channel.k8s.io" });
    sockets.on("connection", (client, call) => {
      asked.push(call.url ?? "");
      const port = Number(new URL(call.url ?? "", "http://x").searchParams.get("ports"));
      const [data, error] = [0, 1].map((channel) => Buffer.from([channel, port & 0xff, port >> 8]));
      client.send(data as Buffer);
      client.send(error as Buffer);
      if (port !== 3085) {
        client.send(Buffer.concat([Buffer.from([1]), Buffer.from("connection refused")]));
        return;
      }
      const way = net.connect((daemon.address() as net.AddressInfo).port, "127.0.0.1");
      client.on("message", (message: Buffer) => void way.write(message.subarray(1)));
      client.on("close", () => way.destroy());
      way.on("data", (piece) => client.send(Buffer.concat([Buffer.from([0]), piece])));
      way.on("error", () => client.close());
    });
    const { port } = server.address() as net.AddressInfo;
    kubeconfig = stringify({
      ...{ apiVersion: "v1", kind: "Config", "current-context": "one" },
      clusters: [
        { name: "one", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } },
      ],
      users: [{ name: "one", user: { token: "nobody" } }],
      contexts: [{ name: "one", context: { cluster: "one", user: "one" } }],
    });
  });
  after(() => {
    for (const one of [daemon, server]) {
      one.closeAllConnections();
      one.close();
    }
  });

  it("and answers, as often as it is asked", async () => {
    const way = await forward(doorOfText("one", kubeconfig), "net", "seed-1-0", 3085);
    try {
      for (let time = 0; time < 3; time++) {
        const state = await minaState(way.url);
        assert.ok(state.ok, JSON.stringify(state));
        assert.deepEqual(state.value.blocks, [{ height: 7, hash: "3NK" }]);
      }
      assert.match(asked[0] ?? "", /\/api\/v1\/namespaces\/net\/pods\/seed-1-0\/portforward\?ports=3085/);
    } finally {
      way.close();
    }
  });

  it("and where nobody listens whoever asks is told at once", async () => {
    const way = await forward(doorOfText("one", kubeconfig), "net", "seed-1-0", 9);
    const started = Date.now();
    const answer = await request(way.url);
    way.close();
    assert.equal(answer.ok, false);
    assert.ok(Date.now() - started < 3000);
  });

  it("and an API server that refuses is named with its words", async () => {
    const door = doorOfText("one", kubeconfig);
    await assert.rejects(
      door.ask((core) => core.listNamespacedPod({ namespace: "net" })),
      (error: unknown) => {
        assert.ok(error instanceof TestnetError);
        assert.equal(error.problems[0]?.code, "TN3010");
        assert.equal(error.problems[0].at, "one");
        assert.match(error.problems[0].message, /HTTP 403: pods is forbidden/);
        return true;
      },
    );
  });
});
