import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { busyPorts, holderOf } from "../../components/local/ports";

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
    const ports = Array.from({ length: 150 }, (_, index) => ({
      number: 46_000 + index,
      transport: "tcp" as const,
    }));
    assert.deepEqual(await busyPorts(ports), []);
    assert.deepEqual(await busyPorts(ports), []);
    assert.equal(holderOf(46_000, "tcp"), undefined);
  });

  for (const transport of ["tcp", "udp"] as const) {
    it(`finds a busy ${transport} port and names who holds it`, async () => {
      const port = transport === "tcp" ? 46_201 : 46_202;
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
    started.push(await listener(46_203, "tcp", "0.0.0.0"), await listener(46_204, "tcp", "::"));
    const ports = [46_203, 46_204].map((number) => ({ number, transport: "tcp" as const }));
    assert.deepEqual(
      (await busyPorts(ports)).map(({ number }) => number),
      [46_203, 46_204],
    );
    assert.equal(holderOf(46_204, "tcp")?.pid, started.at(-1)?.pid);
  });
});
