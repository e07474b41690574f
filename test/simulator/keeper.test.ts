import * as assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as http from "node:http";
import * as net from "node:net";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { networkReleases } from "../../components/kubernetes/network/releases";
import type { ClusterAccess, Clusters } from "../../simulator/clusters/contract";
import { openClusters } from "../../simulator/clusters/open";
import { freePort } from "../../simulator/clusters/ports";
import { APPLY, KubeClient, type KubeObject } from "../../simulator/kube/client";
import { temporaryDirectory } from "../support/temporary";
import { context } from "../unit/daemon-chart/context";
import { MINA_KEYS, minaLike } from "../unit/daemon-chart/plans";
import { CHART, PodDirectories } from "../unit/daemon-chart/scripts";
import { applyStrictly, rendered } from "./support/chart";
import { clusterPrograms, nodes } from "./support/cluster-world";

const NAMESPACE = "mina-net";
const POD = "block-producer-1";
const LEASES = ["block-producer-1-libp2p", "block-producer-1-wallet"];
const TIMES = { durationSeconds: 6, deadlineSeconds: 3, renewSeconds: 1 };

/** A way to the API server that can be cut, for one pod. */
class Wire {
  private readonly open = new Set<net.Socket>();
  private isCut = false;
  private readonly server: net.Server;

  constructor(target: number) {
    this.server = net.createServer((near) => {
      if (this.isCut) return void near.destroy();
      const far = net.connect(target, "127.0.0.1");
      for (const socket of [near, far]) {
        this.open.add(socket);
        socket.on("error", () => undefined).on("close", () => (near.destroy(), far.destroy()));
      }
      near.pipe(far).pipe(near);
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((listening) => void this.server.listen(0, "127.0.0.1", listening));
    return (this.server.address() as net.AddressInfo).port;
  }

  cut(isCut: boolean): void {
    this.isCut = isCut;
    if (isCut) for (const socket of this.open) socket.destroy();
  }

  close(): void {
    this.cut(true);
    this.server.close();
  }
}

/** keeper.mjs of one pod, run for real. */
class Keeper {
  private constructor(
    readonly child: ChildProcess,
    readonly wire: Wire,
    private readonly port: number,
  ) {}

  static async start(holder: string, account: string, apiPort: number): Promise<Keeper> {
    const wire = new Wire(apiPort);
    const port = await freePort();
    const child = spawn(process.execPath, [path.join(CHART, "files", "keeper.mjs")], {
      stdio: ["ignore", "ignore", "ignore"],
      env: {
        TESTNET_KEEPER: JSON.stringify({ namespace: NAMESPACE, leases: LEASES, port, account, ...TIMES }),
        TESTNET_HOLDER: holder,
        KUBERNETES_SERVICE_HOST: "127.0.0.1",
        KUBERNETES_SERVICE_PORT: String(await wire.listen()),
      },
    });
    return new Keeper(child, wire, port);
  }

  /** What a kubelet would be told. */
  async isHealthy(): Promise<boolean> {
    return (await this.ask())?.status === 200;
  }

  ask(path = "/"): Promise<{ status: number; text: string } | undefined> {
    return new Promise((resolve) => {
      const call = http.get({ host: "127.0.0.1", port: this.port, path, agent: false }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => (text += part));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      });
      call.on("error", () => resolve(undefined));
    });
  }

  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill(signal);
      await once(this.child, "exit");
    }
    this.wire.close();
  }
}

async function until(what: string, holds: () => Promise<boolean>, seconds = 30): Promise<number> {
  const start = Date.now();
  while (!(await holds())) {
    if (Date.now() - start > seconds * 1000) assert.fail(`${what} did not come true in ${seconds} s`);
    await sleep(50);
  }
  return (Date.now() - start) / 1000;
}

describe("the scripts of the chart of daemons, at a real API server", function () {
  this.timeout(240_000);
  const temporary = temporaryDirectory();
  const running: Keeper[] = [];
  let clusters: Clusters;
  let access: ClusterAccess;
  let client: KubeClient;
  let apiPort: number;
  let account: string;

  before(async () => {
    clusters = openClusters({ kind: "real", directory: temporary.path, programs: await clusterPrograms() });
    const id = "aws/us-east-1/one";
    access = await clusters.create({
      ...{ id, version: "1.36", serviceCidr: "10.96.0.0/16", podCidr: "10.244.0.0/16" },
    });
    await clusters.setNodes(id, "daemons", nodes(1));
    client = new KubeClient({ server: access.endpoint, caPem: access.caPem, token: access.token });
    apiPort = Number(new URL(access.endpoint).port);
    await put("/api/v1/namespaces/mina-net", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: NAMESPACE },
    });
    // The very rights that the chart gives, and no others.
    const release = networkReleases(minaLike(), "one", context(minaLike(), MINA_KEYS)).find(
      ({ name }) => name === "block-producers",
    );
    assert.ok(release);
    const kinds = /^(ServiceAccount|Lease|Role|RoleBinding|ClusterRole|ClusterRoleBinding)$/;
    for (const object of await rendered(temporary.path, NAMESPACE, release)) {
      if (kinds.test(object.kind)) await applyStrictly(client, NAMESPACE, object);
    }
    account = await accountOf(POD);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((keeper) => keeper.end("SIGKILL")));
    for (const name of LEASES) await clear(name);
  });
  after(async () => {
    client.close();
    await clusters.close();
    temporary.dispose();
  });

  function put(where: string, body: KubeObject): Promise<KubeObject> {
    const query = { fieldManager: "test", force: "true" };
    return client.request({ method: "PATCH", path: where, query, body, contentType: APPLY });
  }

  const leasePath = (name: string) => `/apis/coordination.k8s.io/v1/namespaces/${NAMESPACE}/leases/${name}`;
  const holderOf = async (name: string) =>
    ((await client.get(leasePath(name)))["spec"] as { holderIdentity?: string } | undefined)?.holderIdentity;

  async function clear(name: string): Promise<void> {
    // Of whatever version: what a keeper that was killed had on its way may come in between.
    const contentType = "application/merge-patch+json";
    await client.request({ method: "PATCH", path: leasePath(name), body: { spec: null }, contentType });
  }

  /** The token and certificate that a pod of that service account has. */
  async function accountOf(serviceAccount: string): Promise<string> {
    const { status } = await client.request<{ status: { token: string } }>({
      method: "POST",
      path: `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/${serviceAccount}/token`,
      body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
    });
    const directory = fs.mkdtempSync(path.join(temporary.path, "account-"));
    fs.writeFileSync(path.join(directory, "token"), status.token);
    fs.writeFileSync(path.join(directory, "ca.crt"), access.caPem);
    return directory;
  }

  async function keeper(holder: string): Promise<Keeper> {
    const started = await Keeper.start(holder, account, apiPort);
    running.push(started);
    return started;
  }

  it("take all leases, renew them, and give them back when they are ended", async () => {
    const one = await keeper("one");
    await until("one holds", () => one.isHealthy());
    assert.deepEqual(await Promise.all(LEASES.map(holderOf)), ["one", "one"]);
    // Longer than a lease lasts.
    await sleep((TIMES.durationSeconds + 1) * 1000);
    assert.equal(await one.isHealthy(), true);
    await one.end();
    assert.deepEqual(await Promise.all(LEASES.map(holderOf)), [undefined, undefined]);
    const two = await keeper("two");
    assert.ok((await until("two holds", () => two.isHealthy())) < TIMES.durationSeconds / 2);
  });

  it("are never held by two contenders at once, whoever starts, dies or comes back", async () => {
    const contenders = [await keeper("one"), await keeper("two")];
    let both = 0;
    let seen = 0;
    const watching = { isOver: false };
    const watch = (async () => {
      while (!watching.isOver) {
        const healthy = await Promise.all(contenders.map((one) => one.isHealthy()));
        if (healthy.every(Boolean)) both++;
        if (healthy.some(Boolean)) seen++;
        await sleep(20);
      }
    })();
    const anyone = async () => (await Promise.all(contenders.map((one) => one.isHealthy()))).some(Boolean);
    try {
      await until("somebody holds", anyone);
      await sleep(2000);
      const holder = (await contenders[0]!.isHealthy()) ? 0 : 1;
      await contenders[holder]!.end("SIGKILL");
      const waited = await until("the other succeeds", () => contenders[1 - holder]!.isHealthy());
      assert.ok(waited > TIMES.durationSeconds - TIMES.renewSeconds - 1, `taken over after ${waited} s`);
      contenders[holder] = await keeper(`again-${holder}`);
      await sleep(3000);
      assert.equal(await contenders[holder].isHealthy(), false);
    } finally {
      watching.isOver = true;
      await watch;
    }
    assert.ok(seen > 50);
    assert.equal(both, 0);
  });

  it("two who each began with another lease do not wait for each other", async () => {
    const now = new Date().toISOString().replace("Z", "000Z");
    const seconds = TIMES.durationSeconds;
    for (const [index, holderIdentity] of ["one", "two"].entries()) {
      const at = leasePath(LEASES[index] ?? "");
      const spec = { holderIdentity, leaseDurationSeconds: seconds, acquireTime: now, renewTime: now };
      await client.request({ method: "PUT", path: at, body: { ...(await client.get(at)), spec } });
    }
    const [one, two] = await Promise.all([keeper("one"), keeper("two")]);
    const waited = await until("the holder of the first holds both", () => one.isHealthy());
    assert.ok(waited > seconds - 1, `two may still have used its key after ${waited} s`);
    assert.equal(await two.isHealthy(), false);
    assert.deepEqual(await Promise.all(LEASES.map(holderOf)), ["one", "one"]);
  });

  it("a holder that is cut off says so before another has the leases", async () => {
    const one = await keeper("one");
    await until("one holds", () => one.isHealthy());
    const two = await keeper("two");
    await sleep(2000);
    assert.equal(await two.isHealthy(), false);
    one.wire.cut(true);
    const start = Date.now();
    let unhealthyAt: number | undefined;
    await until("two holds", async () => {
      if (unhealthyAt === undefined && !(await one.isHealthy())) unhealthyAt = Date.now() - start;
      return two.isHealthy();
    });
    const takenAt = Date.now() - start;
    assert.ok(unhealthyAt !== undefined, "the one that was cut off never noticed");
    assert.ok(takenAt - unhealthyAt > 1000, `unhealthy after ${unhealthyAt} ms, taken after ${takenAt} ms`);
    one.wire.cut(false);
    await sleep(3000);
    const told = await one.ask();
    assert.equal(told?.status, 503);
    assert.match(told.text, /held by two/);
    assert.equal((await one.ask("/alive"))?.status, 200, "it need not be started again itself");
  });

  it("a holder that was cut off for a moment goes on", async () => {
    const one = await keeper("one");
    await until("one holds", () => one.isHealthy());
    one.wire.cut(true);
    await sleep(1500);
    one.wire.cut(false);
    await sleep(2500);
    assert.equal(await one.isHealthy(), true);
    assert.deepEqual(await Promise.all(LEASES.map(holderOf)), ["one", "one"]);
  });

  it("is not healthy while one of several leases is another's", async () => {
    const spec = { holderIdentity: "stranger", leaseDurationSeconds: 3600 };
    const lease = await client.get(leasePath(LEASES[1]!));
    await client.request({ method: "PUT", path: leasePath(LEASES[1]!), body: { ...lease, spec } });
    const one = await keeper("one");
    await until("one holds the free lease", async () => (await holderOf(LEASES[0]!)) === "one");
    await sleep((TIMES.durationSeconds + 1) * 1000);
    assert.equal(await one.isHealthy(), false);
  });

  it("prepare.mjs learns the public address of its machine with the rights that the chart gives", async () => {
    const root = fs.mkdtempSync(path.join(temporary.path, "pod-"));
    const pod = new PodDirectories(root);
    fs.cpSync(account, pod.places.account, { recursive: true });
    const settings = { lookups: [{ kind: "node", marker: "{{external-ip}}", internal: false }] };
    const env = {
      ...{ KUBERNETES_SERVICE_HOST: "127.0.0.1", KUBERNETES_SERVICE_PORT: String(apiPort) },
      TESTNET_NODE: "daemons-1",
    };
    const ran = await pod.prepare(settings, env);
    assert.equal(ran.code, 0, ran.stderr);
    const markers = () => fs.readFileSync(path.join(pod.places.run, "markers"), "utf8");
    assert.equal(markers(), "203.0.113.1 {{external-ip}}\n");

    const token = fs.readFileSync(path.join(account, "token"), "utf8");
    const asPod = new KubeClient({ server: access.endpoint, caPem: access.caPem, token });
    await assert.rejects(asPod.get("/api/v1/nodes"), /forbidden/);
    await assert.rejects(asPod.get(`/api/v1/namespaces/${NAMESPACE}/secrets`), /forbidden/);
    asPod.close();

    // A node without a public address, which only a cluster that is not ours may have.
    await clusters.setNodes("aws/us-east-1/one", "inner", [{ ...nodes(1, "inner")[0]!, externalIp: "" }]);
    const inner = { ...env, TESTNET_NODE: "inner-1" };
    const refused = await pod.prepare(settings, inner);
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /the public address of the node inner-1 could not be had: the node has no ExternalIP/,
    );
    const lookups = [{ kind: "node", marker: "{{external-ip}}", internal: true }];
    assert.equal((await pod.prepare({ lookups }, inner)).code, 0);
    assert.equal(markers(), "10.0.0.1 {{external-ip}}\n");
  });
});
