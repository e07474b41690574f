import { type Argument, extraArguments, renderArguments } from "../arguments";
import type { Daemon } from "../plan";
import { threads, type MinaContext } from "./daemon";
import { workerImage } from "./images";
import { PORTS } from "./ports";
import { releaseOf } from "./releases";
import { internalName } from "./seeds";
import type { MinaWorkers } from "./topology";
import { workersWorkload } from "./workload";

/** A worker holds a piece of work for minutes; another gets it when this one does not come back with it. */
const GRACE_SECONDS = 10;

const START_SECONDS = 600;

/** The workers of a SNARK pool. They have no identity, listen on nothing and serve no metrics (T18). */
export function workersDaemon(workers: MinaWorkers, context: MinaContext): Daemon {
  const { settings } = context;
  const { worker } = releaseOf(settings.version);
  const image = workerImage(settings, workers.settings.coordinator.image);
  const workload = workersWorkload(workers, settings, image);
  return {
    name: workers.name,
    node: workers.name,
    role: "snark-worker",
    client: "mina",
    version: settings.version,
    program: "mina",
    args: [
      "internal",
      "snark-worker",
      ...renderArguments(worker, workerArguments(workers, context), "separate"),
      ...extraArguments(workers.settings.workerPods.extraArgs, "separate"),
    ],
    files: [],
    env: { RAYON_NUM_THREADS: String(threads(workload.resources.cpuMilli)) },
    ports: [],
    readiness: { kind: "running", timeoutSeconds: START_SECONDS },
    stop: { graceSeconds: GRACE_SECONDS },
    afterCrash: "keep",
    // Not the coordinator: a worker asks again until it is there.
    after: [],
    restartsWith: [],
    workload,
  };
}

/** All arguments of a worker but the user's extra ones. */
export function workerArguments(workers: MinaWorkers, { settings, placement }: MinaContext): Argument[] {
  return [
    ["proof-level", settings.genesis.proofLevel],
    // The default would end all workers of a pool with each restart of their coordinator.
    ["shutdown-on-disconnect", "false"],
    ["daemon-address", `${internalName(workers.coordinator, placement.network)}:${PORTS.client}`],
  ];
}
