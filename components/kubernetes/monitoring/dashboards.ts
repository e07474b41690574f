import type { DashboardPlan, Graph } from "../../../protocols/monitoring";
import { shortHash } from "../../naming";
import { diskLeft } from "./disks";

/** A dashboard of Grafana, as far as we make one. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly timezone: "utc";
  readonly refresh: string;
  readonly time: { readonly from: string; readonly to: string };
  readonly schemaVersion: number;
  readonly templating: { readonly list: readonly unknown[] };
  readonly panels: readonly Panel[];
}

export interface Panel {
  readonly id: number;
  readonly type: "timeseries";
  readonly title: string;
  readonly datasource: { readonly type: "prometheus"; readonly uid: string };
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number };
  readonly fieldConfig: { readonly defaults: { readonly unit: string; readonly min: 0 } };
  readonly targets: readonly [{ readonly refId: "A"; readonly expr: string; readonly legendFormat: string }];
}

/** Uids that dashboards and data sources meet at. */
export const DATA_SOURCES = { metrics: "metrics", logs: "logs" } as const;

const CLUSTERS = 'cluster=~"$cluster"';

const NODES: readonly Graph[] = [
  {
    title: "CPU busy",
    unit: "percentunit",
    expr: `1 - avg by (cluster, instance) (rate(node_cpu_seconds_total{mode="idle",${CLUSTERS}}[$__rate_interval]))`,
    legend: "{{cluster}} {{instance}}",
  },
  {
    title: "Memory used",
    unit: "percentunit",
    expr: `1 - node_memory_MemAvailable_bytes{${CLUSTERS}} / node_memory_MemTotal_bytes{${CLUSTERS}}`,
    legend: "{{cluster}} {{instance}}",
  },
  {
    title: "Disk used",
    unit: "percentunit",
    expr: `1 - min by (cluster, instance, device) (${diskLeft([CLUSTERS])})`,
    legend: "{{cluster}} {{instance}} {{device}}",
  },
  {
    title: "Network received",
    unit: "Bps",
    expr: `sum by (cluster, instance) (rate(node_network_receive_bytes_total{device!~"lo|veth.*|eni.*|cali.*|gke.*",${CLUSTERS}}[$__rate_interval]))`,
    legend: "{{cluster}} {{instance}}",
  },
];

const PODS: readonly Graph[] = [
  {
    title: "CPU of pods",
    unit: "cores",
    expr: `topk(20, sum by (cluster, namespace, pod) (rate(container_cpu_usage_seconds_total{container!="",${CLUSTERS}}[$__rate_interval])))`,
    legend: "{{cluster}} {{namespace}}/{{pod}}",
  },
  {
    title: "Memory of pods",
    unit: "bytes",
    expr: `topk(20, sum by (cluster, namespace, pod) (container_memory_working_set_bytes{container!="",${CLUSTERS}}))`,
    legend: "{{cluster}} {{namespace}}/{{pod}}",
  },
  {
    title: "Volumes used",
    unit: "percentunit",
    expr: `1 - kubelet_volume_stats_available_bytes{${CLUSTERS}} / kubelet_volume_stats_capacity_bytes{${CLUSTERS}}`,
    legend: "{{cluster}} {{namespace}}/{{persistentvolumeclaim}}",
  },
  {
    title: "Pods that do not run",
    unit: "short",
    expr: `sum by (cluster, namespace, phase) (kube_pod_status_phase{phase=~"Pending|Failed|Unknown",${CLUSTERS}})`,
    legend: "{{cluster}} {{namespace}} {{phase}}",
  },
  {
    title: "Restarts in an hour",
    unit: "short",
    expr: `sum by (cluster, namespace, pod) (increase(kube_pod_container_status_restarts_total{${CLUSTERS}}[1h])) > 0`,
    legend: "{{cluster}} {{namespace}}/{{pod}}",
  },
];

/** Dashboards by file name, made from the lists above. Pure. */
export function dashboards(): Record<string, Dashboard> {
  return { nodes: dashboard("nodes", "Nodes", NODES), pods: dashboard("pods", "Pods", PODS) };
}

/** The dashboard of a network. Grafana finds one by its uid, which may have 40 characters. Pure. */
export function networkDashboard({ uid, title, graphs }: DashboardPlan): Dashboard {
  return dashboard(
    uid.length <= UID_LENGTH ? uid : `${uid.slice(0, UID_LENGTH - 9)}-${shortHash(uid)}`,
    title,
    graphs,
  );
}

/** What is left of 40 characters behind `testnet-`. */
const UID_LENGTH = 32;

const PANEL = { width: 12, height: 8 } as const;

function dashboard(uid: string, title: string, graphs: readonly Graph[]): Dashboard {
  return {
    uid: `testnet-${uid}`,
    title,
    tags: ["testnet"],
    timezone: "utc",
    refresh: "30s",
    time: { from: "now-3h", to: "now" },
    schemaVersion: 41,
    templating: { list: [clusterVariable()] },
    panels: graphs.map(panel),
  };
}

function panel({ title, unit, expr, legend }: Graph, index: number): Panel {
  return {
    id: index + 1,
    type: "timeseries",
    title,
    datasource: { type: "prometheus", uid: DATA_SOURCES.metrics },
    gridPos: {
      h: PANEL.height,
      w: PANEL.width,
      x: (index % 2) * PANEL.width,
      y: Math.floor(index / 2) * PANEL.height,
    },
    fieldConfig: { defaults: { unit, min: 0 } },
    targets: [{ refId: "A", expr, legendFormat: legend }],
  };
}

function clusterVariable() {
  return {
    name: "cluster",
    label: "Cluster",
    type: "query",
    datasource: { type: "prometheus", uid: DATA_SOURCES.metrics },
    query: { query: "label_values(up, cluster)", refId: "clusters" },
    includeAll: true,
    multi: true,
    refresh: 2,
    current: { text: "All", value: "$__all" },
  };
}
