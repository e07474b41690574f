import assert from "node:assert/strict";
import { CHARTS, chartReference } from "../../../components/kubernetes/charts";
import { clusterAlerts } from "../../../components/kubernetes/monitoring/alerts";
import { DATA_SOURCES, dashboards } from "../../../components/kubernetes/monitoring/dashboards";
import { collectorValues } from "../../../components/kubernetes/monitoring/collector";
import {
  grafanaValues,
  lokiValues,
  type MonitoringSettings,
  prometheusValues,
} from "../../../components/kubernetes/monitoring/values";

const CENTRAL: MonitoringSettings = {
  cluster: "use1",
  storageClass: "testnet-ssd",
  retentionDays: 30,
  ingest: undefined,
};
const OTHER: MonitoringSettings = {
  ...CENTRAL,
  cluster: "euw4",
  ingest: { metrics: "https://ingest.example.org/write", logs: "https://ingest.example.org/push" },
};

describe("charts", () => {
  it("are pinned to one version each", () => {
    for (const { version } of Object.values(CHARTS)) assert.match(version, /^\d+\.\d+\.\d+$/);
  });

  it("come from their repository, a registry or a directory", () => {
    const { version } = CHARTS.grafana;
    assert.deepEqual(chartReference("grafana", { from: "repository" }), {
      chart: "grafana",
      version,
      repositoryOpts: { repo: "https://grafana-community.github.io/helm-charts" },
    });
    assert.deepEqual(chartReference("grafana", { from: "oci", url: "oci://registry.example.org/charts/" }), {
      chart: "oci://registry.example.org/charts/grafana",
      version,
    });
    assert.deepEqual(chartReference("grafana", { from: "path", path: "./charts" }), {
      chart: `./charts/grafana-${version}.tgz`,
      version,
    });
  });

  it("of grafana and loki are not taken from the repository they left", () => {
    for (const { repository } of [CHARTS.grafana, CHARTS.loki]) {
      assert.doesNotMatch(repository, /grafana\.github/);
    }
  });
});

describe("values of the charts", () => {
  const all = {
    prometheus: prometheusValues(CENTRAL),
    loki: lokiValues(CENTRAL),
    collector: collectorValues(OTHER),
    grafana: grafanaValues({
      serviceAccount: "grafana",
      csiDriver: "csi",
      secretProviderClass: "grafana",
      passwordFile: "admin-password",
      dashboardReader: "grafana-dashboards",
    }),
  };

  it("publish nothing", () => {
    assert.doesNotMatch(JSON.stringify(all), /LoadBalancer|NodePort|hostNetwork/);
    assert.equal(all.grafana.service.type, "ClusterIP");
    assert.equal(all.grafana.ingress.enabled, false);
  });

  it("hold no password and ask the chart to make none", () => {
    assert.doesNotMatch(JSON.stringify(all), /"(adminPassword|password|token)":/i);
    // Without either of them the chart wants a Kubernetes Secret: it would make one, or its pod would wait for it for ever.
    assert.deepEqual(all.grafana.env, {
      GF_SECURITY_ADMIN_USER: "admin",
      GF_SECURITY_ADMIN_PASSWORD__FILE: "/etc/secrets/admin-password",
    });
  });

  it("keep metrics and logs as long as configured in the central cluster, two days elsewhere", () => {
    assert.equal(prometheusValues(CENTRAL).prometheus.prometheusSpec.retention, "30d");
    assert.equal(lokiValues(CENTRAL).loki.limits_config.retention_period, "720h");
    assert.equal(prometheusValues(OTHER).prometheus.prometheusSpec.retention, "2d");
  });

  it("send from other clusters to the central one, with a token made for it, and never the other way", () => {
    const other = JSON.stringify([prometheusValues(OTHER), collectorValues(OTHER)]);
    const central = JSON.stringify([prometheusValues(CENTRAL), collectorValues(CENTRAL)]);
    assert.match(other, /remoteWrite":\[\{"url":"http:\/\/alloy:9999/);
    assert.match(other, /https:\/\/ingest\.example\.org\/push/);
    assert.match(other, /"audience":"ingest\.example\.org"/);
    assert.match(other, /bearer_token_file/);
    assert.doesNotMatch(central, /ingest|bearer_token_file|"remoteWrite"/);
    assert.equal(prometheusValues(CENTRAL).prometheus.prometheusSpec.enableRemoteWriteReceiver, true);
  });

  it("name the cluster on every series and log line", () => {
    assert.match(JSON.stringify(prometheusValues(OTHER)), /"externalLabels":\{"cluster":"euw4"\}/);
    assert.match(collectorValues(OTHER).alloy.configMap.content, /external_labels = \{ cluster = "euw4" \}/);
  });

  it("leave no volume behind", () => {
    assert.equal(
      all.prometheus.prometheus.prometheusSpec.persistentVolumeClaimRetentionPolicy.whenDeleted,
      "Delete",
    );
    assert.equal(all.loki.singleBinary.persistence.enableStatefulSetAutoDeletePVC, true);
  });
});

describe("alerts and dashboards", () => {
  it("alerts are named once, say what and why, and cover CPU, memory, disks and pods", () => {
    const alerts = clusterAlerts();
    assert.equal(new Set(alerts.map(({ alert }) => alert)).size, alerts.length);
    for (const { annotations, labels, for: time } of alerts) {
      assert.ok(annotations.summary.length > 10 && annotations.description.length > 10);
      assert.match(labels.severity, /^(critical|warning)$/);
      assert.match(time, /^\d+m$/);
    }
    const text = alerts.map(({ alert }) => alert).join(" ");
    for (const about of ["Cpu", "Memory", "Disk", "Volume", "Pod", "Node"]) {
      assert.match(text, new RegExp(about));
    }
  });

  it("dashboards ask the data source that Grafana has, and filter by cluster", () => {
    const grafana = grafanaValues({
      serviceAccount: "",
      csiDriver: "",
      secretProviderClass: "",
      passwordFile: "",
      dashboardReader: "",
    });
    const uids = grafana.datasources["datasources.yaml"].datasources.map(({ uid }) => uid);
    assert.deepEqual(uids, [DATA_SOURCES.metrics, DATA_SOURCES.logs]);
    for (const { panels, uid } of Object.values(dashboards())) {
      assert.match(uid, /^[a-z-]{1,40}$/);
      assert.deepEqual(
        panels.map(({ id }) => id),
        panels.map((_, index) => index + 1),
      );
      for (const { targets, datasource } of panels) {
        assert.ok(uids.includes(datasource.uid as never));
        assert.match(targets[0].expr, /cluster=~"\$cluster"/);
      }
    }
  });

  it("panels of a dashboard do not overlap", () => {
    for (const { panels } of Object.values(dashboards())) {
      const places = panels.map(({ gridPos }) => `${gridPos.x} ${gridPos.y}`);
      assert.equal(new Set(places).size, places.length);
    }
  });
});
