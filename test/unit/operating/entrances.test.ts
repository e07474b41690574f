import assert from "node:assert/strict";
import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { judgeEntrances } from "../../../cli/clusters/entrances";
import type { ClusterCheck } from "../../../cli/clusters/judge";
import type { ClusterReading } from "../../../cli/clusters/reading";

/** What `verify` says of a service that the world should reach, asked on this machine in the place of the world. */
describe("the entrances of a network are asked as a stranger would", () => {
  let server: http.Server;
  let status = 200;
  before(async () => {
    server = http.createServer((request, response) => {
      response.writeHead(request.url === "/healthz" ? status : 404).end();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  beforeEach(() => (status = 200));
  after(() => server.close());

  const port = () => (server.address() as AddressInfo).port;
  const entrance = (number: number) => ({
    ...{ name: "rpc-proxy", cluster: "one", host: undefined, address: "127.0.0.1" },
    ports: [{ number, transports: ["tcp"] }],
  });
  const service = (number: number) => ({ ...entrance(number), title: "JSON-RPC", url: undefined });
  const readings = (simulated = false): ClusterReading[] => [
    {
      ...{ cluster: "one", problem: undefined, services: [], volumes: [] },
      pods: [{ simulated } as ClusterReading["pods"][number]],
    },
  ];
  const stateOf = (checks: readonly ClusterCheck[]) =>
    Object.fromEntries(checks.map(({ name, state }) => [name, state]));

  it("is well where seeds take connections and services serve", async () => {
    const told = { seeds: [entrance(port())], publicServices: [service(port())], paused: false };
    assert.deepEqual(stateOf(await judgeEntrances(told, readings())), {
      ...{ seeds: "ok", "public-services": "ok" },
    });
  });

  it("fails for a service that does not serve, though something takes connections there", async () => {
    const told = { seeds: [entrance(port())], publicServices: [service(port())], paused: false };
    status = 502;
    const checks = await judgeEntrances(told, readings());
    assert.deepEqual(stateOf(checks), { seeds: "ok", "public-services": "failed" });
    assert.equal(checks[1]?.detail, `rpc-proxy answers 502 at 127.0.0.1:${port()}`);
  });

  it("fails where nobody listens, by name", async () => {
    const closed = http.createServer().listen(0, "127.0.0.1");
    await once(closed, "listening");
    const { port: free } = closed.address() as AddressInfo;
    closed.close();
    const told = { seeds: [], publicServices: [service(free)], paused: false };
    const check = (await judgeEntrances(told, readings())).find(({ name }) => name === "public-services");
    assert.deepEqual([check?.state, check?.daemons], ["failed", ["rpc-proxy"]]);
    assert.equal(check?.detail, `rpc-proxy does not answer at 127.0.0.1:${free} (ECONNREFUSED)`);
  });

  it("asks nobody while machines are simulated or the network rests, and has no check without a service", async () => {
    const told = { seeds: [entrance(1)], publicServices: [service(1)], paused: false };
    const unasked = { seeds: "not asked", "public-services": "not asked" };
    assert.deepEqual(stateOf(await judgeEntrances(told, readings(true))), unasked);
    assert.deepEqual(stateOf(await judgeEntrances({ ...told, paused: true }, readings())), unasked);
    assert.deepEqual(stateOf(await judgeEntrances({ ...told, publicServices: [] }, readings(true))), {
      seeds: "not asked",
    });
  });
});
