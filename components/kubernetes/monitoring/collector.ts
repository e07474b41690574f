import { type Ingest, INSIDE, type MonitoringSettings } from "./values";

/** The collector on every node: logs of pods, and, where another cluster keeps them, metrics on their way there. */
export function collectorValues(settings: MonitoringSettings) {
  const { ingest } = settings;
  return {
    fullnameOverride: "alloy",
    controller: {
      type: "daemonset",
      ...(ingest !== undefined && { volumes: { extra: [ingestToken(ingest)] } }),
    },
    alloy: {
      configMap: { content: collectorConfig(settings) },
      enableReporting: false,
      resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
      ...(ingest !== undefined && {
        extraPorts: [
          {
            name: "metrics-in",
            port: INSIDE.collector.metricsPort,
            targetPort: INSIDE.collector.metricsPort,
            protocol: "TCP",
          },
        ],
        mounts: { extra: [{ name: "ingest", mountPath: "/var/run/ingest", readOnly: true }] },
      }),
    },
  };
}

/** A token of the collector's own identity, made for the receiver and no other, new every hour: there is no password. */
function ingestToken({ metrics }: Ingest) {
  return {
    name: "ingest",
    projected: {
      sources: [
        { serviceAccountToken: { path: "token", audience: new URL(metrics).host, expirationSeconds: 3600 } },
      ],
    },
  };
}

/** Labels of pods of networks that their log lines have too, as their series do. */
const POD_LABELS = ["network", "pool", "role"] as const;

function podLabelRule(name: string): string {
  return `  rule {
    source_labels = ["__meta_kubernetes_pod_label_testnet_${name}"]
    target_label  = "${name}"
  }`;
}

/** A container of a network has its daemon's name, also where several share a pod. */
const DAEMON_RULE = `  rule {
    source_labels = ["__meta_kubernetes_pod_label_testnet_network", "__meta_kubernetes_pod_container_name"]
    separator     = ";"
    regex         = ".+;(.+)"
    replacement   = "$1"
    target_label  = "daemon"
  }`;

/** Mina, and what else writes JSON, tells a line's level in it. */
const LEVELS = `loki.process "levels" {
  stage.match {
    selector = "{network=~\\".+\\"} |~ \\"^[{]\\""
    stage.json {
      expressions = { level = "level" }
    }
    stage.template {
      source   = "level"
      template = "{{ ToLower .Value }}"
    }
    stage.labels {
      values = { level = "" }
    }
  }
  forward_to = [loki.write.store.receiver]
}`;

function collectorConfig({ cluster, ingest }: MonitoringSettings): string {
  const token = ingest === undefined ? "" : `\n    bearer_token_file = "${INSIDE.tokenFile}"`;
  const logs = `
discovery.kubernetes "pods" {
  role = "pod"
  selectors {
    role  = "pod"
    field = "spec.nodeName=" + sys.env("HOSTNAME")
  }
}
discovery.relabel "pods" {
  targets = discovery.kubernetes.pods.targets
  rule {
    source_labels = ["__meta_kubernetes_namespace"]
    target_label  = "namespace"
  }
  rule {
    source_labels = ["__meta_kubernetes_pod_name"]
    target_label  = "pod"
  }
  rule {
    source_labels = ["__meta_kubernetes_pod_container_name"]
    target_label  = "container"
  }
${[...POD_LABELS.map(podLabelRule), DAEMON_RULE].join("\n")}
}
loki.source.kubernetes "pods" {
  targets    = discovery.relabel.pods.output
  forward_to = [loki.process.levels.receiver]
}
${LEVELS}
loki.write "store" {
  external_labels = { cluster = "${cluster}" }
  endpoint {
    url = "${ingest?.logs ?? `${INSIDE.loki}/loki/api/v1/push`}"${token}
  }
}`;
  if (ingest === undefined) return `${logs.trim()}\n`;
  return `${logs.trim()}
prometheus.receive_http "prometheus" {
  http {
    listen_address = "0.0.0.0"
    listen_port    = ${INSIDE.collector.metricsPort}
  }
  forward_to = [prometheus.remote_write.store.receiver]
}
prometheus.remote_write "store" {
  endpoint {
    url = "${ingest.metrics}"${token}
  }
}
`;
}
