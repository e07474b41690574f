import { clusterAlerts } from "./alerts";
import { DATA_SOURCES, dashboards } from "./dashboards";
import { DASHBOARD_LABEL, FOLDER_ANNOTATION } from "./network-dashboards";

/** Values of the monitoring charts. Pure, so that tests can render the charts with the very values a cluster gets. */

/** Where the clusters without Grafana send what they see. */
export interface Ingest {
  /** Address that takes Prometheus remote-write. */
  readonly metrics: string;
  /** Address that takes logs as Loki does. */
  readonly logs: string;
}

export interface MonitoringSettings {
  /** Name of the cluster, on every series and log line. */
  readonly cluster: string;
  readonly storageClass: string;
  readonly retentionDays: number;
  /** Where to send metrics and logs; undefined on the cluster that keeps them. */
  readonly ingest: Ingest | undefined;
}

/** Names and ports inside a cluster that the charts' values agree on. */
export const INSIDE = {
  namespace: "monitoring",
  prometheus: "http://prometheus-prometheus:9090",
  loki: "http://loki:3100",
  collector: { metricsPort: 9999, metrics: "http://alloy:9999/api/v1/metrics/write" },
  /** Identity of the collector to whoever takes its data. */
  tokenFile: "/var/run/ingest/token",
} as const;

const METRICS_GIB = { central: 100, other: 20 } as const;
const LOGS_GIB = 50;

/** Volumes of monitoring in the central cluster and in each other one. */
export const VOLUMES_GIB = { central: METRICS_GIB.central + LOGS_GIB, other: METRICS_GIB.other } as const;

/** Days a cluster keeps its own metrics when another keeps them for all. */
const LOCAL_RETENTION_DAYS = 2;

/** Spot machines go without warning: what remembers stays away from them. */
const NOT_ON_SPOT = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [
        { matchExpressions: [{ key: "testnet/spot", operator: "NotIn", values: ["true"] }] },
      ],
    },
  },
};

export function prometheusValues({ cluster, storageClass, retentionDays, ingest }: MonitoringSettings) {
  const central = ingest === undefined;
  return {
    fullnameOverride: "prometheus",
    // Grafana is a release of its own; our rules are the ones below.
    grafana: { enabled: false },
    defaultRules: { create: false },
    // The clouds run these and let nobody look.
    kubeControllerManager: { enabled: false },
    kubeScheduler: { enabled: false },
    kubeEtcd: { enabled: false },
    kubeProxy: { enabled: false },
    // Without its webhook the operator needs no certificate in a Kubernetes Secret.
    prometheusOperator: { admissionWebhooks: { enabled: false }, tls: { enabled: false } },
    alertmanager: {
      enabled: central,
      alertmanagerSpec: { affinity: NOT_ON_SPOT, resources: { requests: { cpu: "20m", memory: "64Mi" } } },
    },
    prometheus: {
      prometheusSpec: {
        retention: `${central ? retentionDays : LOCAL_RETENTION_DAYS}d`,
        externalLabels: { cluster },
        // Rules see the label too, not only those who receive the series.
        scrapeClasses: [
          { name: "cluster", default: true, relabelings: [{ targetLabel: "cluster", replacement: cluster }] },
        ],
        enableRemoteWriteReceiver: central,
        ...(!central && { remoteWrite: [{ url: INSIDE.collector.metrics }] }),
        // Monitors of every namespace, not only those of this release.
        serviceMonitorSelectorNilUsesHelmValues: false,
        podMonitorSelectorNilUsesHelmValues: false,
        ruleSelectorNilUsesHelmValues: false,
        affinity: NOT_ON_SPOT,
        resources: { requests: { cpu: "200m", memory: "1Gi" }, limits: { memory: "4Gi" } },
        storageSpec: {
          volumeClaimTemplate: {
            spec: {
              storageClassName: storageClass,
              accessModes: ["ReadWriteOnce"],
              resources: { requests: { storage: `${central ? METRICS_GIB.central : METRICS_GIB.other}Gi` } },
            },
          },
        },
        // A volume left behind would be billed without end.
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Retain" },
      },
    },
    additionalPrometheusRulesMap: {
      testnet: { groups: [{ name: "clusters", rules: clusterAlerts() }] },
    },
  };
}

export function lokiValues({ storageClass, retentionDays }: MonitoringSettings) {
  const none = { replicas: 0 };
  return {
    fullnameOverride: "loki",
    deploymentMode: "SingleBinary",
    loki: {
      auth_enabled: false,
      commonConfig: { replication_factor: 1 },
      storage: { type: "filesystem" },
      schemaConfig: {
        configs: [
          {
            from: "2025-01-01",
            store: "tsdb",
            object_store: "filesystem",
            schema: "v13",
            index: { prefix: "index_", period: "24h" },
          },
        ],
      },
      limits_config: { retention_period: `${retentionDays * 24}h` },
      compactor: { retention_enabled: true, delete_request_store: "filesystem" },
    },
    singleBinary: {
      replicas: 1,
      affinity: NOT_ON_SPOT,
      resources: { requests: { cpu: "100m", memory: "512Mi" }, limits: { memory: "2Gi" } },
      persistence: { storageClass, size: `${LOGS_GIB}Gi`, enableStatefulSetAutoDeletePVC: true },
    },
    read: none,
    write: none,
    backend: none,
    gateway: { enabled: false },
    chunksCache: { enabled: false },
    resultsCache: { enabled: false },
    sidecar: { rules: { enabled: false } },
    lokiCanary: { enabled: false },
    test: { enabled: false },
    minio: { enabled: false },
  };
}

export interface GrafanaSettings {
  readonly serviceAccount: string;
  readonly csiDriver: string;
  readonly secretProviderClass: string;
  readonly passwordFile: string;
  /** Role by which the sidecar reads dashboards of networks. */
  readonly dashboardReader: string;
}

const SECRETS_DIRECTORY = "/etc/secrets";
const ADMIN = "admin";

/** Grafana behind no public address (`kubectl port-forward`), its admin password read from the secret manager. */
export function grafanaValues(settings: GrafanaSettings) {
  return {
    fullnameOverride: "grafana",
    serviceAccount: { create: true, name: settings.serviceAccount },
    // With both of these the chart neither makes nor wants a Kubernetes Secret.
    env: {
      GF_SECURITY_ADMIN_USER: ADMIN,
      GF_SECURITY_ADMIN_PASSWORD__FILE: `${SECRETS_DIRECTORY}/${settings.passwordFile}`,
    },
    extraSecretMounts: [
      {
        name: "admin-password",
        mountPath: SECRETS_DIRECTORY,
        readOnly: true,
        csi: {
          driver: settings.csiDriver,
          readOnly: true,
          volumeAttributes: { secretProviderClass: settings.secretProviderClass },
        },
      },
    ],
    service: { type: "ClusterIP" },
    ingress: { enabled: false },
    persistence: { enabled: false },
    testFramework: { enabled: false },
    affinity: NOT_ON_SPOT,
    resources: { requests: { cpu: "50m", memory: "192Mi" }, limits: { memory: "512Mi" } },
    // Dashboards of networks are ConfigMaps of this namespace. The chart's own rules would let the sidecar read every Secret
    // and ConfigMap of the cluster: ours is one Role, for ConfigMaps of this namespace.
    rbac: { namespaced: true, useExistingRole: settings.dashboardReader },
    sidecar: {
      dashboards: {
        enabled: true,
        resource: "configmap",
        label: Object.keys(DASHBOARD_LABEL)[0],
        labelValue: Object.values(DASHBOARD_LABEL)[0],
        folderAnnotation: FOLDER_ANNOTATION,
        // Grafana looks for changed files by itself: the sidecar needs no password to tell it.
        skipReload: true,
        provider: { name: "networks", foldersFromFilesStructure: true },
      },
      resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "128Mi" } },
    },
    "grafana.ini": {
      analytics: { reporting_enabled: false, check_for_updates: false },
      "auth.anonymous": { enabled: false },
      users: { allow_sign_up: false },
    },
    datasources: {
      "datasources.yaml": {
        apiVersion: 1,
        datasources: [
          {
            name: "Metrics",
            uid: DATA_SOURCES.metrics,
            type: "prometheus",
            url: INSIDE.prometheus,
            isDefault: true,
          },
          { name: "Logs", uid: DATA_SOURCES.logs, type: "loki", url: INSIDE.loki },
        ],
      },
    },
    dashboardProviders: {
      "dashboardproviders.yaml": {
        apiVersion: 1,
        providers: [
          {
            name: "testnet",
            folder: "testnet",
            type: "file",
            disableDeletion: true,
            options: { path: "/var/lib/grafana/dashboards/testnet" },
          },
        ],
      },
    },
    dashboards: {
      testnet: Object.fromEntries(
        Object.entries(dashboards()).map(([name, dashboard]) => [name, { json: JSON.stringify(dashboard) }]),
      ),
    },
  };
}
