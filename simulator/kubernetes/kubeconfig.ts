import { execFile } from "node:child_process";
import { parse } from "yaml";
import { Refused } from "../../plugin/provider";
import { type KubeEndpoint, requireLoopback } from "../kube/client";

interface ExecStanza {
  readonly apiVersion?: string;
  readonly command: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { name: string; value: string }[] | null;
  readonly provideClusterInfo?: boolean;
}

type ClusterInfo = Readonly<Record<string, unknown>> & { readonly server: string };

interface Kubeconfig {
  readonly "current-context"?: string;
  readonly clusters?: readonly {
    name: string;
    cluster: ClusterInfo & { "certificate-authority-data"?: string };
  }[];
  readonly users?: readonly { name: string; user: { token?: string; exec?: ExecStanza } }[];
  readonly contexts?: readonly { name: string; context: { cluster: string; user: string } }[];
}

const EXEC_TIMEOUT_MS = 30_000;

/**
 * The API server a kubeconfig leads to, with a token from its `exec` stanza: the very programs (`aws`,
 * `gke-gcloud-auth-plugin`) are asked that a person's kubectl would ask.
 * @throws Refused when it leads elsewhere than this machine, or nowhere
 */
export async function endpointOf(text: string, context: string | undefined): Promise<KubeEndpoint> {
  const config = parse(text) as Kubeconfig | string | null;
  if (config === null || typeof config === "string") throw new Refused("the kubeconfig is no kubeconfig");
  const wanted = context ?? config["current-context"];
  const chosen = config.contexts?.find(({ name }) => name === wanted)?.context;
  const cluster = config.clusters?.find(({ name }) => name === chosen?.cluster)?.cluster;
  const user = config.users?.find(({ name }) => name === chosen?.user)?.user;
  if (cluster === undefined || user === undefined) {
    throw new Refused(`the kubeconfig has no cluster and user for its context ${wanted ?? "(none)"}`);
  }
  requireLoopback(cluster.server);
  const caPem = Buffer.from(cluster["certificate-authority-data"] ?? "", "base64").toString("utf8");
  return { server: cluster.server, caPem, token: user.token ?? (await tokenOf(user.exec, cluster)) };
}

async function tokenOf(stanza: ExecStanza | undefined, cluster: ClusterInfo): Promise<string> {
  if (stanza === undefined) throw new Refused("the kubeconfig's user has neither a token nor an exec stanza");
  const stdout = await runHelper(stanza, cluster);
  const { apiVersion, status } = JSON.parse(stdout) as { apiVersion?: string; status?: { token?: string } };
  if (apiVersion !== stanza.apiVersion) {
    throw new Refused(
      `${stanza.command} answered with ${apiVersion}, the kubeconfig wants ${stanza.apiVersion}`,
    );
  }
  if (status?.token === undefined) throw new Refused(`${stanza.command} gave no token`);
  return status.token;
}

function runHelper(stanza: ExecStanza, cluster: ClusterInfo): Promise<string> {
  const given = Object.fromEntries((stanza.env ?? []).map(({ name, value }) => [name, value]));
  const info = {
    apiVersion: stanza.apiVersion,
    kind: "ExecCredential",
    spec: { interactive: false, ...(stanza.provideClusterInfo === true && { cluster }) },
  };
  const env = { ...process.env, ...given, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
  return new Promise((resolve, reject) => {
    const options = { timeout: EXEC_TIMEOUT_MS, env };
    execFile(stanza.command, [...(stanza.args ?? [])], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Refused(`getting credentials: ${stderr.trim() || error.message}`));
    });
  });
}
