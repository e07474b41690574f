export interface KubeconfigArgs {
  readonly name: string;
  /** `https://…` */
  readonly server: string;
  /** The certificate authority, base64 of PEM. */
  readonly ca: string;
  /** Program that prints an ExecCredential. */
  readonly command: string;
  readonly args: readonly string[];
  /** What to do where the program is missing. */
  readonly installHint: string;
}

/** A kubeconfig of one cluster whose credentials come from a program. JSON, which is YAML too. Pure. */
export function kubeconfig({ name, server, ca, command, args, installHint }: KubeconfigArgs): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": ca } }],
    users: [
      {
        name,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command,
            args,
            installHint,
            interactiveMode: "Never",
            provideClusterInfo: true,
          },
        },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}
