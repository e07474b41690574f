import type { Operation } from "../../plugin/provider";
import { CloudClient } from "../cloud/client";
import type { KubernetesSettings } from "./settings";

/** Work on a cluster, in simulated time. */
export interface WorkClock {
  /** The engine asked for something: it is at work. */
  touch(): void;
  during<T>(operation: "create" | "update" | "delete", call: Operation, work: () => Promise<T>): Promise<T>;
}

/**
 * Seconds an operation takes in a real cluster, where images are pulled and pods start. Cautious round figures; what this
 * machine takes for it says nothing about that.
 */
const SECONDS: Readonly<Record<string, { create: number; update: number; delete: number }>> = {
  "kubernetes:helm.sh/v3:Release": { create: 90, update: 60, delete: 30 },
  "kubernetes:core/v1:Namespace": { create: 1, update: 1, delete: 15 },
  "kubernetes:batch/v1:Job": { create: 30, update: 30, delete: 5 },
  "kubernetes:apps/v1:Deployment": { create: 30, update: 30, delete: 10 },
  "kubernetes:apps/v1:StatefulSet": { create: 60, update: 60, delete: 20 },
  "kubernetes:apps/v1:DaemonSet": { create: 30, update: 30, delete: 10 },
};

const OTHERS = { create: 1, update: 1, delete: 1 };

/** Work takes what it takes. */
const REAL_TIME: WorkClock = { touch: () => undefined, during: (_operation, _call, work) => work() };

/** The clock that the settings ask for. */
export function workClock({ directory, simulatedTime }: KubernetesSettings): WorkClock {
  return simulatedTime === true ? new CloudWorkClock(directory) : REAL_TIME;
}

/** Tells the simulated clouds of the work: their time stands still meanwhile and then moves on by what it takes. */
class CloudWorkClock implements WorkClock {
  private readonly clouds: CloudClient;

  constructor(directory: string) {
    this.clouds = CloudClient.of(directory);
  }

  touch(): void {
    // Too late to matter when the clouds are gone; the call itself will tell.
    this.clouds.ask("touch").catch(() => undefined);
  }

  async during<T>(
    operation: "create" | "update" | "delete",
    { type, urn, name }: Operation,
    work: () => Promise<T>,
  ): Promise<T> {
    const end = await this.clouds.work({ operation, cloud: "kubernetes", type, urn, name, region: "" });
    const { [operation]: seconds } = SECONDS[type] ?? OTHERS;
    try {
      const done = await work();
      await end({ id: name, seconds, result: "ok" });
      return done;
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      await end({ id: name, seconds, result: "failed", error: words });
      throw error;
    }
  }
}
