import type { Daemon, Workload } from "../../protocols/plan";

/** Daemons of a plan for tests that look at a few of their fields only. */

export type DaemonSketch = Pick<Daemon, "name" | "role"> &
  Partial<Omit<Daemon, "workload">> & { readonly workload?: Partial<Workload> };

const WORKLOAD: Omit<Workload, "pod"> = {
  cluster: "use1",
  pool: "nodes",
  kind: "one",
  replicas: 1,
  image: { reference: "example.org/client:1", command: ["client"], user: undefined, home: "/root" },
  resources: { cpuMilli: 100, memoryMiB: 100, memoryLimitMiB: 100 },
  storageGiB: 1,
  advertises: "node",
  nodes: {},
  spread: "none",
  leases: [],
  metricsPath: "/metrics",
  clients: [],
};

/** A daemon with a p2p and a metrics port, in the cluster use1 unless told otherwise. */
export function plannedDaemon({ workload, ...sketch }: DaemonSketch): Daemon {
  return {
    node: sketch.name,
    client: "client",
    version: "1.0.0",
    program: "client",
    args: [],
    files: [],
    env: {},
    ports: [
      { name: "p2p", number: 30_000, transports: ["tcp"], exposure: "peers" },
      { name: "metrics", number: 8081, transports: ["tcp"], exposure: "network" },
    ],
    readiness: { kind: "tcp", port: "p2p", timeoutSeconds: 60 },
    stop: { graceSeconds: 30 },
    afterCrash: "keep",
    after: [],
    restartsWith: [],
    ...sketch,
    workload: { ...WORKLOAD, pod: sketch.name, ...workload },
  };
}
