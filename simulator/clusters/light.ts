import { randomBytes, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { KubeObject } from "../kube/client";
import { KNOWN_KINDS } from "../kube/kinds";
import type { ClusterAccess, ClusterRequest, Clusters } from "./contract";
import { recordRemoval } from "./removals";

interface LightCluster {
  readonly access: ClusterAccess;
  /** By path. */
  readonly objects: Map<string, KubeObject>;
  isCut: boolean;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Clusters that keep objects and do nothing else: applied, read and deleted over HTTP by the same client, without processes,
 * schemas, pods or charts. For runs where the API server adds nothing.
 */
export class LightClusters implements Clusters {
  readonly runsPods = false;
  private readonly clusters = new Map<string, LightCluster>();
  private server: Promise<{ server: Server; base: string }> | undefined;

  constructor(private readonly directory: string) {}

  async create(request: ClusterRequest): Promise<ClusterAccess> {
    const known = this.clusters.get(request.id);
    if (known !== undefined) return known.access;
    this.server ??= listen((call, response) => void this.serve(call, response));
    const { base } = await this.server;
    const access: ClusterAccess = {
      endpoint: `${base}/${request.id}`,
      caPem: "-----BEGIN CERTIFICATE-----\nbm9uZTogdGhlIGNsdXN0ZXIgaXMgbGlnaHQ=\n-----END CERTIFICATE-----\n",
      token: randomBytes(16).toString("hex"),
    };
    this.clusters.set(request.id, { access, objects: new Map(), isCut: false });
    return access;
  }

  access(id: string): Promise<ClusterAccess | undefined> {
    return Promise.resolve(this.clusters.get(id)?.access);
  }

  remove(id: string): Promise<void> {
    const cluster = this.clusters.get(id);
    if (cluster === undefined) return Promise.resolve();
    const namespaces = [...cluster.objects.values()].filter(({ kind }) => kind === "Namespace");
    const leftovers = namespaces.map(({ metadata }) => `namespace ${metadata.name}`);
    recordRemoval(this.directory, { id, leftovers });
    this.clusters.delete(id);
    return Promise.resolve();
  }

  setNodes(id: string): Promise<void> {
    return this.requireCluster(id);
  }

  setAddons(id: string): Promise<void> {
    return this.requireCluster(id);
  }

  cut(id: string): Promise<void> {
    return this.setCut(id, true);
  }

  restore(id: string): Promise<void> {
    return this.setCut(id, false);
  }

  async close(): Promise<void> {
    this.clusters.clear();
    const running = await this.server;
    running?.server.closeAllConnections();
    running?.server.close();
  }

  private requireCluster(id: string): Promise<void> {
    if (this.clusters.has(id)) return Promise.resolve();
    return Promise.reject(new Error(`there is no cluster ${id}`));
  }

  private async setCut(id: string, isCut: boolean): Promise<void> {
    await this.requireCluster(id);
    const cluster = this.clusters.get(id);
    if (cluster !== undefined) cluster.isCut = isCut;
  }

  private async serve(call: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.clusterOf(call.url ?? "")?.[1].isCut === true) {
      call.socket.destroy();
      return;
    }
    const { status, body } = this.answer(call, await bodyOf(call));
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  }

  private clusterOf(path: string): [id: string, cluster: LightCluster] | undefined {
    return [...this.clusters].find(([id]) => path.startsWith(`/${id}/`));
  }

  private answer(call: IncomingMessage, body: string): Answer {
    const { pathname, searchParams } = new URL(call.url ?? "", "http://127.0.0.1");
    const found = this.clusterOf(pathname);
    if (found === undefined) return refusal(404, "there is no such cluster");
    const [id, cluster] = found;
    if (call.headers.authorization !== `Bearer ${cluster.access.token}`) return refusal(401, "Unauthorized");
    const path = pathname.slice(id.length + 1);
    switch (call.method) {
      case "GET":
        return get(cluster, path);
      case "PATCH":
        return apply(cluster, path, JSON.parse(body) as KubeObject, searchParams.has("dryRun"));
      case "DELETE":
        return remove(cluster, path);
      default:
        return refusal(405, `a light cluster does not know ${call.method}`);
    }
  }
}

function get(cluster: LightCluster, path: string): Answer {
  const object = cluster.objects.get(path);
  if (object !== undefined) return { status: 200, body: object };
  const apiVersion = /^\/apis?\/((?:[a-z0-9.-]+\/)?v[^/]+)$/.exec(path)?.[1];
  const kinds = apiVersion === undefined ? undefined : KNOWN_KINDS[apiVersion];
  if (kinds !== undefined) {
    const resources = kinds.map(({ kind, plural, namespaced }) => ({ kind, name: plural, namespaced }));
    return {
      status: 200,
      body: { kind: "APIResourceList", groupVersion: apiVersion, light: true, resources },
    };
  }
  const below = [...cluster.objects].filter(
    ([at]) => at.startsWith(`${path}/`) && !at.slice(path.length + 1).includes("/"),
  );
  if (isCollection(path)) return { status: 200, body: { items: below.map(([, one]) => one) } };
  return refusal(404, `${path} not found`, "NotFound");
}

/** `PLURAL` or `namespaces/NAMESPACE/PLURAL`; an object has its name behind that, whatever letters it ends with. */
function isCollection(path: string): boolean {
  const inGroup = /^\/(?:api|apis\/[^/]+)\/v[^/]+\/(.+)$/.exec(path)?.[1];
  return inGroup !== undefined && inGroup.split("/").length % 2 === 1;
}

function apply(cluster: LightCluster, path: string, object: KubeObject, dryRun: boolean): Answer {
  const before = cluster.objects.get(path);
  const stored: KubeObject = {
    ...object,
    metadata: {
      uid: randomUUID(),
      creationTimestamp: new Date().toISOString(),
      ...before?.metadata,
      ...object.metadata,
    },
    ...(object.kind === "Job" && {
      status: { succeeded: 1, conditions: [{ type: "Complete", status: "True" }] },
    }),
  };
  if (!dryRun) cluster.objects.set(path, stored);
  return { status: before === undefined ? 201 : 200, body: stored };
}

function remove(cluster: LightCluster, path: string): Answer {
  if (!cluster.objects.delete(path)) return refusal(404, `${path} not found`, "NotFound");
  const namespace = /^\/api\/v1\/namespaces\/([^/]+)$/.exec(path)?.[1];
  for (const at of cluster.objects.keys()) {
    if (namespace !== undefined && at.includes(`/namespaces/${namespace}/`)) cluster.objects.delete(at);
  }
  return { status: 200, body: {} };
}

function refusal(status: number, message: string, reason = ""): Answer {
  return { status, body: { kind: "Status", message, reason } };
}

function listen(
  serve: (call: IncomingMessage, response: ServerResponse) => void,
): Promise<{ server: Server; base: string }> {
  return new Promise((resolve, reject) => {
    const server = createServer(serve);
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      resolve({ server, base: `http://127.0.0.1:${port}` });
    });
  });
}

async function bodyOf(call: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of call) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
