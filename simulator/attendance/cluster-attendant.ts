import { setTimeout as sleep } from "node:timers/promises";
import type { Seen } from "../cloud/model";
import type { World } from "../cloud/world";
import type { ClusterAccess } from "../clusters/contract";
import { KubeClient, type KubeObject } from "../kube/client";
import { Machines } from "./machines";
import { type Pod, type Service, uidOf } from "./kube-objects";
import { Secrets } from "./secrets";
import { Services } from "./services";

/** Real milliseconds after which what did not work is tried again; a change is looked at sooner. */
const AGAIN_MS = 1000;
const SOON_MS = 40;

interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "ERROR";
  readonly object: KubeObject;
}

/** Looks after the pods that do not run yet, and the load balancers, of one cluster. */
export class ClusterAttendant {
  private readonly client: KubeClient;
  private readonly stopping = new AbortController();
  private readonly pods = new Map<string, Pod>();
  private readonly services = new Map<string, Service>();
  private readonly work: Promise<unknown>;
  /** Whether something changed since the last look. */
  private isWoken = false;
  private endWait: () => void = () => undefined;

  constructor(
    private readonly world: World,
    private readonly id: string,
    { endpoint, caPem, token }: ClusterAccess,
  ) {
    this.client = new KubeClient({ server: endpoint, caPem, token });
    this.work = Promise.all([
      this.follow(
        "/api/v1/pods",
        { fieldSelector: "status.phase=Pending" },
        this.pods as Map<string, KubeObject>,
      ),
      this.follow("/api/v1/services", {}, this.services as Map<string, KubeObject>),
      this.attend(),
    ]);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    this.client.close();
    await this.work;
  }

  /** Keeps what is there up to date, across breaks of the connection. */
  private async follow(
    path: string,
    query: Record<string, string>,
    kept: Map<string, KubeObject>,
  ): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      kept.clear();
      try {
        for await (const line of this.client.lines(path, { ...query, watch: "true" }, signal)) {
          const { type, object } = JSON.parse(line) as WatchEvent;
          if (type === "ERROR") break;
          if (type === "DELETED") kept.delete(uidOf(object));
          else kept.set(uidOf(object), object);
          this.wake();
        }
      } catch {
        // The API server is away, or this attendant ends.
      }
      await this.pause(AGAIN_MS);
    }
  }

  private async attend(): Promise<void> {
    const secrets = new Secrets(this.world, this.client);
    const machines = new Machines(this.world, this.client, this.id);
    const services = new Services(this.world, this.client, this.id);
    while (!this.stopping.signal.aborted) {
      const cluster = this.cluster();
      if (cluster !== undefined) {
        // What fails for one is tried again with the next look; the others go on.
        await Promise.allSettled([
          ...[...this.pods.values()].map((pod) => secrets.attend(pod, cluster)),
          ...[...this.services.values()].map((service) => services.attend(service, cluster)),
          machines.attend([...this.pods.values()]),
        ]);
      }
      await this.untilNextLook();
    }
  }

  private cluster(): Seen | undefined {
    const record = this.world.store.all().find(({ facts }) => facts["cluster"] === this.id);
    return record && this.world.seen(record);
  }

  private wake(): void {
    this.isWoken = true;
    this.endWait();
  }

  /** Many changes that come together are looked at together. */
  private async untilNextLook(): Promise<void> {
    if (!this.isWoken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, AGAIN_MS);
        this.endWait = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    await this.pause(SOON_MS);
    this.isWoken = false;
  }

  private async pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}
