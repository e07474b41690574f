import * as net from "node:net";
import { Writable } from "node:stream";
import type { Daemon } from "../../protocols/plan";
import { portOf } from "../../protocols/plan";
import { clientLibrary, type ClusterDoor } from "./door";
import type { PodReading } from "./reading";

/** A port of a pod, as a port of this machine: through the API server and the kubelet, as `kubectl port-forward` does. */
export interface Forwarded {
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  readonly url: string;
  close(): void;
}

/** A WebSocket, as far as it is used here; the library that brings it has no types. */
interface Closable {
  close(): void;
}

/** Leads a port of a pod to a free one of this machine. Every connection gets a way of its own. */
export async function forward(
  door: ClusterDoor,
  namespace: string,
  pod: string,
  port: number,
): Promise<Forwarded> {
  const { PortForward } = clientLibrary();
  const way = new PortForward(door.config);
  const open = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    // Whoever asks is told by the cut; there is nobody else to tell.
    socket.on("error", () => socket.destroy());
    const opening = way.portForward(namespace, pod, [port], socket, cutting(socket), socket);
    (opening as Promise<Closable | (() => Closable | null)>)
      .then((made) => {
        const connection = typeof made === "function" ? made() : made;
        socket.once("close", () => connection?.close());
      })
      .catch(() => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", reject);
  });
  const { port: own } = server.address() as net.AddressInfo;
  return {
    url: `http://127.0.0.1:${own}`,
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

/** The kubelet says there why it cannot reach the port; without a cut whoever asks would wait for an answer in vain. */
function cutting(socket: net.Socket): Writable {
  return new Writable({
    write: (piece: Buffer, _encoding, done) => {
      if (piece.length > 0) socket.destroy();
      done();
    },
  });
}

/** The ways to ask daemons, opened when they are first needed, closed together. */
export class DaemonWays {
  private readonly made = new Map<string, Promise<Forwarded>>();

  constructor(
    private readonly network: string,
    private readonly doors: readonly ClusterDoor[],
    private readonly pods: readonly PodReading[],
  ) {}

  /** The pod that a daemon runs in; undefined where there is none, or nothing runs in it. */
  podOf({ workload }: Daemon): PodReading | undefined {
    const ours = this.pods.filter(
      (pod) => pod.daemon === workload?.pod && pod.cluster === workload.cluster && !pod.leaving,
    );
    return ours.find(({ ready }) => ready) ?? ours[0];
  }

  /** Where a port of a daemon is asked; undefined where it has no pod with a machine. */
  async urlOf(daemon: Daemon, port: string): Promise<string | undefined> {
    const pod = this.podOf(daemon);
    const door = this.doors.find(({ name }) => name === pod?.cluster);
    if (pod?.node === undefined || door === undefined || pod.simulated) return undefined;
    const { number } = portOf(daemon, port);
    const key = `${pod.cluster}/${pod.name}:${number}`;
    const way = this.made.get(key) ?? forward(door, this.network, pod.name, number);
    this.made.set(key, way);
    return (await way).url;
  }

  async close(): Promise<void> {
    for (const way of this.made.values()) (await way).close();
  }
}
