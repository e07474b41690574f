import * as fs from "node:fs";
import * as path from "node:path";
import type { EngineEvent, PulumiFn, Stack } from "@pulumi/pulumi/automation";
import type { ClusterAccess, Clusters, SimulatedNode } from "../../../simulator/clusters/contract";
import { kubeconfigOf } from "../../../simulator/clusters/kubeconfig";
import { openClusters } from "../../../simulator/clusters/open";
import { CLUSTER_PROGRAMS } from "../../../simulator/clusters/programs";
import { KubeClient } from "../../../simulator/kube/client";
import { KUBERNETES_PLUGIN } from "../../../simulator/kubernetes/launcher";
import { KUBERNETES_SETTINGS } from "../../../simulator/kubernetes/settings";
import { writePulumiHome } from "../../../simulator/plugins";
import { automationApi } from "../../../tools/automation";
import { resolveTools } from "../../../tools/resolve";
import { errorsIn } from "../../support/engine-errors";
import { temporaryDirectory } from "../../support/temporary";

/** Real paths of the programs of a cluster. */
export async function clusterPrograms(): Promise<Record<string, string>> {
  const tools = await resolveTools(CLUSTER_PROGRAMS);
  return Object.fromEntries(Object.entries(tools).map(([name, { path: file }]) => [name, file]));
}

/** Nodes as a cloud would start them. */
export function nodes(count: number, pool = "daemons"): SimulatedNode[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `${pool}-${index + 1}`,
    labels: { "testnet/pool": pool },
    taints: [],
    zone: "us-east-1a",
    region: "us-east-1",
    externalIp: `203.0.113.${index + 1}`,
    internalIp: `10.0.0.${index + 1}`,
    providerId: `aws:///us-east-1a/i-${pool}-${index + 1}`,
    cpu: 4,
    memoryGiB: 16,
    pods: 58,
  }));
}

/** One cluster, and the real engine with the simulated `kubernetes` provider for it. */
export class ClusterWorld {
  readonly events: EngineEvent[] = [];

  private constructor(
    readonly directory: string,
    readonly clusters: Clusters,
    readonly access: ClusterAccess,
    readonly client: KubeClient,
    readonly stack: Stack,
    private readonly program: { run: PulumiFn },
    private readonly remove: () => void,
  ) {}

  static async start(nodeCount: number): Promise<ClusterWorld> {
    const temporary = temporaryDirectory();
    const directory = temporary.path;
    const clusters = openClusters({ kind: "real", directory, programs: await clusterPrograms() });
    const request = {
      id: "aws/us-east-1/one",
      version: "1.36",
      serviceCidr: "10.96.0.0/16",
      podCidr: "10.244.0.0/16",
    };
    const access = await clusters.create(request);
    await clusters.setNodes(request.id, "daemons", nodes(nodeCount));
    const client = new KubeClient({ server: access.endpoint, caPem: access.caPem, token: access.token });
    const program = { run: () => Promise.resolve() };
    const stack = await openStack(directory, () => program.run());
    return new ClusterWorld(directory, clusters, access, client, stack, program, () => temporary.dispose());
  }

  /** Text of a kubeconfig of the cluster. */
  get kubeconfig(): string {
    return kubeconfigOf([{ id: "one", access: this.access }]);
  }

  deploys(program: PulumiFn): void {
    this.program.run = program;
  }

  /** An option of every operation. */
  get watched(): { onEvent: (event: EngineEvent) => void } {
    this.events.length = 0;
    return { onEvent: (event) => void this.events.push(event) };
  }

  /** Errors of the last run as a person reads them. */
  get errors(): string {
    return errorsIn(this.events);
  }

  /** Resources of the last run by what was done, without those that stayed as they were. */
  get changes(): Record<string, number> {
    const summary = this.events.find(({ summaryEvent }) => summaryEvent !== undefined)?.summaryEvent;
    const all = Object.entries(summary?.resourceChanges ?? {});
    return Object.fromEntries(all.filter(([op]) => op !== "same"));
  }

  async close(): Promise<void> {
    this.client.close();
    await this.clusters.close();
    this.remove();
  }
}

async function openStack(directory: string, program: PulumiFn): Promise<Stack> {
  const folder = (name: string) => path.join(directory, name);
  for (const name of ["state", "work", "bin"]) fs.mkdirSync(folder(name));
  const tools = await resolveTools(["pulumi", "helm"]);
  writePulumiHome(folder("home"), directory, [KUBERNETES_PLUGIN]);
  fs.symlinkSync(tools.pulumi.path, path.join(folder("bin"), "pulumi"));
  const automation = automationApi();
  return automation.LocalWorkspace.createStack(
    { stackName: "net", projectName: "testnet", program },
    {
      workDir: folder("work"),
      pulumiCommand: await automation.PulumiCommand.get({ root: directory, skipVersionCheck: true }),
      envVars: {
        PULUMI_HOME: folder("home"),
        PULUMI_BACKEND_URL: `file://${folder("state")}`,
        PULUMI_CONFIG_PASSPHRASE: "test",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
        [KUBERNETES_SETTINGS]: JSON.stringify({ directory, helm: tools.helm.path }),
      },
    },
  );
}
