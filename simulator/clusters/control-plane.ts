import { generateKeyPairSync, randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { KubeClient } from "../kube/client";
import type { ClusterAccess, ClusterRequest } from "./contract";
import { type Etcd, requireAlive } from "./etcd";
import { kubeconfigOf } from "./kubeconfig";
import { freePort } from "./ports";
import { type Processes, type Running } from "./processes";
import type { ClusterPrograms } from "./programs";
import { stages } from "./stages";
import { waitUntil } from "./wait";

/** A running simulated cluster. */
export interface ControlPlane {
  readonly request: ClusterRequest;
  readonly access: ClusterAccess;
  readonly client: KubeClient;
  apiServer: Running;
  /** Starts the API server again after it was ended, and waits until it answers. */
  readonly startAgain: () => Promise<Running>;
  /** All processes but the API server. */
  readonly others: readonly Running[];
}

/** What a control plane needs of its surroundings. */
export interface ControlPlaneContext {
  readonly programs: ClusterPrograms;
  readonly processes: Processes;
  readonly etcd: Etcd;
  /** Receives keys, certificates and configuration; exists for this cluster alone. */
  readonly directory: string;
  /** Whether pods wait for somebody who looks at the secrets they mount. */
  readonly secretsAreChecked: boolean;
}

const READY_MS = 120_000;

/** The clients' own limits are made for real clusters, where they keep 100 pods waiting for 15 seconds. */
const QPS = 500;

/**
 * Starts the programs of a real control plane, and kwok in the place of kubelets: the API server stores and checks, the
 * controller manager makes pods, the scheduler places them, kwok lets them become ready.
 */
export async function startControlPlane(
  request: ClusterRequest,
  context: ControlPlaneContext,
): Promise<ControlPlane> {
  const { directory, processes, programs } = context;
  const label = path.basename(directory);
  const files = writeFiles(context);
  const port = await freePort();
  const endpoint = `https://127.0.0.1:${port}`;
  const launch = {
    name: `${label}-kube-apiserver`,
    program: programs["kube-apiserver"],
    args: apiserverArguments(request, context, port),
  };
  const apiServer = await processes.start(launch);
  const certificate = path.join(directory, "certs", "apiserver.crt");
  await waitUntil(`the API server of ${request.id}`, READY_MS, () => {
    requireAlive(apiServer);
    return Promise.resolve(fs.existsSync(certificate));
  });
  const access: ClusterAccess = { endpoint, caPem: fs.readFileSync(certificate, "utf8"), token: files.token };
  const client = new KubeClient({ server: endpoint, caPem: access.caPem, token: files.token });
  await untilReady(request, client, apiServer);
  fs.writeFileSync(path.join(directory, "kubeconfig"), kubeconfigOf([{ id: request.id, access }]), {
    mode: 0o600,
  });
  const others = await Promise.all(
    controllers(request, context).map((launch) =>
      processes.start({ ...launch, name: `${label}-${launch.name}` }),
    ),
  );
  // Without it every pod is refused.
  await waitUntil(`the controller manager of ${request.id}`, READY_MS, async () => {
    others.forEach(requireAlive);
    return (await client.find("/api/v1/namespaces/default/serviceaccounts/default")) !== undefined;
  });
  const startAgain = async () => {
    const again = await processes.start(launch);
    await untilReady(request, client, again);
    return again;
  };
  return { request, access, client, apiServer, startAgain, others };
}

function untilReady({ id }: ClusterRequest, client: KubeClient, apiServer: Running): Promise<void> {
  return waitUntil(`the API server of ${id}`, READY_MS, () => {
    requireAlive(apiServer);
    return isReady(client);
  });
}

function writeFiles({ directory, secretsAreChecked }: ControlPlaneContext): { token: string } {
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  const token = randomBytes(32).toString("base64url");
  const { publicKey, privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const secret = { mode: 0o600 };
  fs.writeFileSync(path.join(directory, "sa.pub"), publicKey);
  fs.writeFileSync(path.join(directory, "sa.key"), privateKey, secret);
  fs.writeFileSync(path.join(directory, "tokens.csv"), `${token},admin,admin,"system:masters"\n`, secret);
  fs.writeFileSync(path.join(directory, "stages.yaml"), stages(secretsAreChecked));
  fs.writeFileSync(
    path.join(directory, "scheduler.yaml"),
    stringify({
      apiVersion: "kubescheduler.config.k8s.io/v1",
      kind: "KubeSchedulerConfiguration",
      leaderElection: { leaderElect: false },
      clientConnection: { kubeconfig: path.join(directory, "kubeconfig"), qps: QPS, burst: QPS },
    }),
  );
  return { token };
}

function apiserverArguments(
  request: ClusterRequest,
  { directory, etcd }: ControlPlaneContext,
  port: number,
): string[] {
  const file = (name: string) => path.join(directory, name);
  return [
    ...["--etcd-servers", etcd.address, "--etcd-prefix", `/${request.id}`],
    ...["--bind-address", "127.0.0.1", "--advertise-address", "127.0.0.1", "--secure-port", String(port)],
    ...["--endpoint-reconciler-type", "none", "--cert-dir", file("certs")],
    ...["--service-account-issuer", `https://127.0.0.1:${port}`],
    ...["--service-account-key-file", file("sa.pub"), "--service-account-signing-key-file", file("sa.key")],
    ...["--token-auth-file", file("tokens.csv"), "--authorization-mode", "RBAC"],
    ...["--service-cluster-ip-range", request.serviceCidr, "--allow-privileged", "--profiling=false"],
    ...["--max-requests-inflight", "800", "--max-mutating-requests-inflight", "400"],
  ];
}

function controllers(request: ClusterRequest, { directory, programs }: ControlPlaneContext) {
  const file = (name: string) => path.join(directory, name);
  const kubeconfigFile = file("kubeconfig");
  return [
    {
      name: "kube-controller-manager",
      program: programs["kube-controller-manager"],
      args: [
        ...["--kubeconfig", kubeconfigFile, "--leader-elect=false", "--secure-port", "0"],
        ...["--service-account-private-key-file", file("sa.key")],
        ...["--root-ca-file", path.join(directory, "certs", "apiserver.crt")],
        ...["--kube-api-qps", String(QPS), "--kube-api-burst", String(QPS)],
      ],
    },
    {
      name: "kube-scheduler",
      program: programs["kube-scheduler"],
      args: ["--config", file("scheduler.yaml"), "--secure-port", "0"],
    },
    {
      name: "kwok",
      program: programs.kwok,
      args: [
        ...["--kubeconfig", kubeconfigFile, "--config", file("stages.yaml"), "--manage-all-nodes=true"],
        ...["--node-lease-duration-seconds=40", `--cidr=${request.podCidr}`],
      ],
    },
  ];
}

async function isReady(client: KubeClient): Promise<boolean> {
  try {
    await client.get("/readyz");
    return true;
  } catch {
    return false;
  }
}
