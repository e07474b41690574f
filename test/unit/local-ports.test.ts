import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { busyPorts, holderOf } from "../../components/local/ports";
import { freePorts } from "../support/local";

/** A process that listens on a port and says so. */
function listener(port: number, transport: "tcp" | "udp", address: string): Promise<ChildProcess> {
  const tcp = `require("net").createServer().listen(${port}, "${address}", () => console.log("listens"))`;
  const udp = `require("dgram").createSocket("udp4").bind(${port}, "${address}", () => console.log("listens"))`;
  const child = spawn(process.execPath, ["-e", transport === "tcp" ? tcp : udp], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve) => child.stdout.once("data", () => resolve(child)));
}

describe("ports of this machine", () => {
  const started: ChildProcess[] = [];
  after(() => started.forEach((child) => child.kill("SIGKILL")));

  it("finds nothing busy where nobody listens, however often it looks", async () => {
    const first = await freePorts(150);
    const ports = Array.from({ length: 150 }, (_, index) => ({
      number: first + index,
      transport: "tcp" as const,
    }));
    assert.deepEqual(await busyPorts(ports), []);
    assert.deepEqual(await busyPorts(ports), []);
    assert.equal(holderOf(first, "tcp"), undefined);
  });

  for (const transport of ["tcp", "udp"] as const) {
    it(`finds a busy ${transport} port and names who holds it`, async () => {
      const port = await freePorts(11);
      const child = await listener(port, transport, "127.0.0.1");
      started.push(child);
      const busy = await busyPorts([
        { number: port, transport },
        { number: port, transport: transport === "tcp" ? "udp" : "tcp" },
        { number: port + 10, transport },
      ]);
      assert.deepEqual(busy, [{ number: port, transport, reason: "EADDRINUSE" }]);
      const holder = holderOf(port, transport)!;
      assert.equal(holder.pid, child.pid);
      assert.match(holder.command, new RegExp(`node -e .*${port}`));
    });
  }

  it("finds a port busy that another program holds on all addresses, also of IPv6", async () => {
    const first = await freePorts(2);
    started.push(await listener(first, "tcp", "0.0.0.0"), await listener(first + 1, "tcp", "::"));
    const ports = [first, first + 1].map((number) => ({ number, transport: "tcp" as const }));
    assert.deepEqual(
      (await busyPorts(ports)).map(({ number }) => number),
      [first, first + 1],
    );
    assert.equal(holderOf(first + 1, "tcp")?.pid, started.at(-1)?.pid);
  });
});
