import { setTimeout as sleep } from "node:timers/promises";
import type { World } from "../cloud/world";
import { ClusterAttendant } from "./cluster-attendant";
import { releaseServices } from "./services";

/** Real milliseconds between two looks at which clusters there are. */
const LOOK_MS = 200;

/**
 * What a cloud does inside its clusters while pods run: it hands out secrets, addresses and machines. One attendant for each
 * cluster, from its start to its end.
 */
export class Attendance {
  private readonly attendants = new Map<string, ClusterAttendant>();
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;

  constructor(private readonly world: World) {
    this.running = world.clusters.runsPods ? this.run() : Promise.resolve();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await Promise.all([...this.attendants.values()].map((one) => one.stop()));
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.look();
      await sleep(LOOK_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private async look(): Promise<void> {
    const ids = this.world.store
      .all()
      .flatMap(({ facts }) => (typeof facts["cluster"] === "string" ? [facts["cluster"]] : []));
    for (const id of ids) {
      if (this.attendants.has(id)) continue;
      const access = await this.world.clusters.access(id);
      if (access !== undefined) this.attendants.set(id, new ClusterAttendant(this.world, id, access));
    }
    for (const [id, attendant] of this.attendants) {
      if (ids.includes(id)) continue;
      this.attendants.delete(id);
      await attendant.stop();
      releaseServices(this.world, (name) => name.startsWith(`${id}/`));
    }
  }
}
