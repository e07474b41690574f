import assert from "node:assert/strict";
import { collectorValues } from "../../../components/kubernetes/monitoring/collector";
import { grafanaValues, prometheusValues } from "../../../components/kubernetes/monitoring/values";

/** What an environment's monitoring does for networks that stand on it. */

const SETTINGS = { cluster: "use1", storageClass: "ssd", retentionDays: 30, ingest: undefined };

/** Rules of the collector's configuration: which labels of a pod become which label of its lines. */
function relabelings(config: string) {
  return [...config.matchAll(/rule \{([^}]*)\}/g)].map(([, body = ""]) => ({
    sources: [...(/source_labels = \[([^\]]*)\]/.exec(body)?.[1] ?? "").matchAll(/"([^"]+)"/g)].map(
      ([, name]) => name,
    ),
    target: /target_label\s+= "([^"]+)"/.exec(body)?.[1],
    regex: /regex\s+= "([^"]+)"/.exec(body)?.[1],
  }));
}

describe("logs of daemons", () => {
  const config = collectorValues(SETTINGS).alloy.configMap.content;

  it("are labelled by network, pool, role and daemon, as their series are", () => {
    const rules = new Map(relabelings(config).map((rule) => [rule.target, rule]));
    for (const name of ["network", "pool", "role"]) {
      assert.deepEqual(rules.get(name)?.sources, [`__meta_kubernetes_pod_label_testnet_${name}`]);
    }
    assert.deepEqual(rules.get("daemon")?.sources, [
      "__meta_kubernetes_pod_label_testnet_network",
      "__meta_kubernetes_pod_container_name",
    ]);
  });

  it("pods of no network have no daemon", () => {
    const rule = relabelings(config).find(({ target }) => target === "daemon");
    const pattern = new RegExp(`^(?:${rule?.regex ?? ""})$`);
    assert.equal(pattern.exec("qa;seed-1")?.[1], "seed-1");
    assert.equal(pattern.exec(";grafana"), null);
  });

  it("tell their level where they are JSON, whatever other lines a daemon writes", () => {
    const selector = /selector = ("(?:[^"\\]|\\.)*")/.exec(config)?.[1] ?? "";
    const text = JSON.parse(selector) as string;
    assert.match(text, /^\{network=~"\.\+"\} \|~ "/);
    const lines = new RegExp(/\|~ "(.*)"$/.exec(text)?.[1] ?? "");
    assert.match('{"timestamp":"2026-11-21","level":"Info"}', lines);
    assert.doesNotMatch("INFO [11-21] Imported new chain segment", lines);
  });

  it("come to the store by one way, in every kind of cluster", () => {
    const ingest = { metrics: "https://in.example.org/write", logs: "https://in.example.org/push" };
    for (const content of [config, collectorValues({ ...SETTINGS, ingest }).alloy.configMap.content]) {
      assert.equal(content.match(/forward_to = \[loki\.process\.levels\.receiver\]/g)?.length, 1);
      assert.equal(content.match(/forward_to = \[loki\.write\.store\.receiver\]/g)?.length, 1);
    }
  });
});

describe("Grafana of an environment", () => {
  const values = grafanaValues({
    serviceAccount: "grafana",
    csiDriver: "csi",
    secretProviderClass: "grafana",
    passwordFile: "password",
    dashboardReader: "grafana-dashboards",
  });

  it("finds dashboards of networks in its own namespace, by a role of ours that reads no Secret", () => {
    assert.deepEqual(values.rbac, { namespaced: true, useExistingRole: "grafana-dashboards" });
    assert.equal(values.sidecar.dashboards.enabled, true);
    assert.equal(values.sidecar.dashboards.resource, "configmap");
    assert.ok(!("searchNamespace" in values.sidecar.dashboards));
  });

  it("needs no password to take them, so that the chart wants no Secret", () => {
    assert.equal(values.sidecar.dashboards.skipReload, true);
  });
});

describe("Prometheus of an environment", () => {
  it("takes monitors and rules of every namespace", () => {
    const { prometheusSpec } = prometheusValues(SETTINGS).prometheus;
    assert.equal(prometheusSpec.podMonitorSelectorNilUsesHelmValues, false);
    assert.equal(prometheusSpec.ruleSelectorNilUsesHelmValues, false);
  });
});
