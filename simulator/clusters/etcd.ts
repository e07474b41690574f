import * as path from "node:path";
import { request } from "node:http";
import { type Processes, type Running, logTail } from "./processes";
import { waitUntil } from "./wait";

/** The one store behind all simulated clusters, each with keys of its own. */
export interface Etcd {
  /** What an API server is given: a unix socket, because etcd on a port would let anybody in. */
  readonly address: string;
  readonly process: Running;
}

const READY_MS = 60_000;

/** Starts etcd on sockets in the directory, without syncing: what a rehearsal stores may be lost. */
export async function startEtcd(program: string, directory: string, processes: Processes): Promise<Etcd> {
  const client = `unix://${path.join(directory, "etcd.sock")}`;
  const peer = `unix://${path.join(directory, "etcd-peer.sock")}`;
  const running = await processes.start({
    name: "etcd",
    program,
    args: [
      ...["--data-dir", path.join(directory, "etcd"), "--unsafe-no-fsync", "--log-level", "error"],
      ...["--listen-client-urls", client, "--advertise-client-urls", client],
      ...["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer],
      ...["--initial-cluster", `default=${peer}`],
      // Many API servers write at once; none of it is kept.
      ...[
        "--snapshot-count",
        "100000",
        "--auto-compaction-mode",
        "periodic",
        "--auto-compaction-retention",
        "5m",
      ],
    ],
  });
  await waitUntil("etcd", READY_MS, async () => {
    requireAlive(running);
    return answers(path.join(directory, "etcd.sock"));
  });
  return { address: client, process: running };
}

/** @throws Error with the end of its log when a process ended */
export function requireAlive(running: Running): void {
  const ended = running.ended();
  if (ended !== undefined) throw new Error(`${running.name} ended (${ended}):\n${logTail(running.log)}`);
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request({ socketPath, path: "/health", timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.on("error", () => resolve(false));
    call.on("timeout", () => call.destroy());
    call.end();
  });
}
