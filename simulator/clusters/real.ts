import * as fs from "node:fs";
import * as path from "node:path";
import type { KubeObject } from "../kube/client";
import { setAddons } from "./addons";
import type { ClusterAccess, ClusterRequest, Clusters, SimulatedNode } from "./contract";
import { type ControlPlane, startControlPlane } from "./control-plane";
import { type Etcd, startEtcd } from "./etcd";
import { removeKeys } from "./etcd-keys";
import { setPool } from "./nodes";
import { Processes } from "./processes";
import type { ClusterPrograms } from "./programs";
import { recordRemoval } from "./removals";

/** Namespaces that every cluster has. */
const SYSTEM_NAMESPACES = new Set(["default", "kube-system", "kube-public", "kube-node-lease"]);

interface Cluster {
  readonly plane: ControlPlane;
  addons: Set<string>;
}

/** Clusters with a real control plane each, on one etcd. */
export class RealClusters implements Clusters {
  readonly runsPods = true;
  private readonly clusters = new Map<string, Promise<Cluster>>();
  private readonly processes: Processes;
  private etcd: Promise<Etcd> | undefined;

  constructor(
    private readonly directory: string,
    private readonly programs: ClusterPrograms,
    private readonly secretsAreChecked: boolean,
  ) {
    this.processes = new Processes(path.join(directory, "logs"));
  }

  async create(request: ClusterRequest): Promise<ClusterAccess> {
    const known = this.clusters.get(request.id);
    if (known !== undefined) return (await known).plane.access;
    const started = this.start(request);
    this.clusters.set(request.id, started);
    // One that did not start may be tried again.
    started.catch(() => this.clusters.delete(request.id));
    return (await started).plane.access;
  }

  async access(id: string): Promise<ClusterAccess | undefined> {
    return (await this.clusters.get(id))?.plane.access;
  }

  async remove(id: string): Promise<void> {
    const cluster = await this.clusters.get(id);
    if (cluster === undefined) return;
    const { plane } = cluster;
    recordRemoval(this.directory, { id, leftovers: await leftovers(plane) });
    this.clusters.delete(id);
    plane.client.close();
    await Promise.all([plane.apiServer, ...plane.others].map((one) => one.kill()));
    await removeKeys(path.join(this.directory, "etcd.sock"), `/${id}/`);
    fs.rmSync(this.directoryOf(id), { recursive: true, force: true });
  }

  async setNodes(id: string, pool: string, nodes: readonly SimulatedNode[]): Promise<void> {
    const { plane } = await this.running(id);
    await setPool(plane.client, pool, nodes, kubeletVersion(plane.request.version));
  }

  async setAddons(id: string, addons: readonly string[]): Promise<void> {
    const cluster = await this.running(id);
    await setAddons(cluster.plane.client, cluster.addons, addons);
    cluster.addons = new Set(addons);
  }

  async cut(id: string): Promise<void> {
    await (await this.running(id)).plane.apiServer.kill();
  }

  async restore(id: string): Promise<void> {
    const { plane } = await this.running(id);
    if (plane.apiServer.ended() !== undefined) plane.apiServer = await plane.startAgain();
  }

  async close(): Promise<void> {
    const planes = await Promise.allSettled(this.clusters.values());
    for (const one of planes) if (one.status === "fulfilled") one.value.plane.client.close();
    this.clusters.clear();
    await this.processes.close();
  }

  private async start(request: ClusterRequest): Promise<Cluster> {
    fs.mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    this.etcd ??= startEtcd(this.programs.etcd, this.directory, this.processes);
    const plane = await startControlPlane(request, {
      programs: this.programs,
      processes: this.processes,
      etcd: await this.etcd,
      directory: this.directoryOf(request.id),
      secretsAreChecked: this.secretsAreChecked,
    });
    return { plane, addons: new Set() };
  }

  private async running(id: string): Promise<Cluster> {
    const cluster = await this.clusters.get(id);
    if (cluster === undefined) throw new Error(`there is no cluster ${id}`);
    return cluster;
  }

  private directoryOf(id: string): string {
    return path.join(this.directory, id.replaceAll("/", "-"));
  }
}

/** What a program left in a cluster that is being removed: namespaces of its own, and disks, which would go on costing. */
async function leftovers({ client, apiServer }: ControlPlane): Promise<string[]> {
  if (apiServer.ended() !== undefined) return ["whatever was in it: it could not be reached"];
  const names = async (what: string) => {
    const { items } = await client.get<{ items: KubeObject[] }>(what);
    return items.map(({ metadata }) => metadata.name);
  };
  const namespaces = await names("/api/v1/namespaces");
  const volumes = await names("/api/v1/persistentvolumes");
  return [
    ...namespaces.filter((name) => !SYSTEM_NAMESPACES.has(name)).map((name) => `namespace ${name}`),
    ...volumes.map((name) => `disk ${name}`),
  ];
}

/** `1.36` as a kubelet tells it. */
function kubeletVersion(version: string): string {
  return `v${version.split(".").slice(0, 2).join(".")}.0`;
}
