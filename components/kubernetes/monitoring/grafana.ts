import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { Role } from "@pulumi/kubernetes/rbac/v1";
import type * as pulumi from "@pulumi/pulumi";
import { type Identity, TestnetComponent } from "../../component";
import type { ChartSource, Cluster } from "../../contracts";
import { chartRelease } from "../chart-release";
import { GeneratedPassword } from "../generated-password";
import { grafanaValues, INSIDE } from "./values";

export interface GrafanaArgs {
  readonly identity: Identity;
  readonly cluster: Cluster;
  readonly namespace: pulumi.Output<string>;
  readonly chartSource: ChartSource;
  /** What is pulled for an image that is no chart's. */
  readonly image: (reference: string) => pulumi.Input<string>;
}

const SERVICE_ACCOUNT = "grafana";
const DASHBOARD_READER = "grafana-dashboards";
const PASSWORD_FILE = "admin-password";

/** Grafana for all clusters. Its admin password is made inside the cluster and kept in the secret manager only. */
export class Grafana extends TestnetComponent {
  /** Name of the secret that holds the admin password. */
  readonly passwordSecret: string;

  constructor(name: string, args: GrafanaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:kubernetes:Grafana", name, args.identity, opts);
    const { identity, cluster, namespace, image } = args;
    const password = new GeneratedPassword(
      `${name}-password`,
      { identity, cluster, namespace: INSIDE.namespace, namespaceMade: namespace, image },
      { parent: this },
    );
    const { granted } = cluster.services.grantSecrets(
      `${name}-reader`,
      {
        identity,
        namespace: INSIDE.namespace,
        serviceAccount: SERVICE_ACCOUNT,
        may: "read",
        secrets: [password.secret],
      },
      { parent: this },
    );
    const files = cluster.services.secretFiles([{ secret: password.secret, fileName: PASSWORD_FILE }]);
    const secretProviderClass = new CustomResource(
      `${name}-secrets`,
      {
        apiVersion: "secrets-store.csi.x-k8s.io/v1",
        kind: "SecretProviderClass",
        metadata: { name: "grafana", namespace, labels: this.tags },
        spec: files.spec,
      },
      this.child({ dependsOn: [...cluster.secretsReady] }),
    );
    const dashboardReader = new Role(
      `${name}-dashboards`,
      {
        metadata: { name: DASHBOARD_READER, namespace, labels: this.tags },
        rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] }],
      },
      this.child(),
    );
    chartRelease(
      name,
      {
        chart: "grafana",
        source: args.chartSource,
        namespace,
        values: grafanaValues({
          serviceAccount: SERVICE_ACCOUNT,
          csiDriver: files.driver,
          secretProviderClass: "grafana",
          passwordFile: PASSWORD_FILE,
          dashboardReader: DASHBOARD_READER,
        }),
      },
      this.child({
        dependsOn: [
          secretProviderClass,
          dashboardReader,
          password.written,
          ...granted,
          ...cluster.nodesReady,
        ],
      }),
    );
    this.passwordSecret = password.secret.name;
    this.registerOutputs({ passwordSecret: this.passwordSecret });
  }
}
