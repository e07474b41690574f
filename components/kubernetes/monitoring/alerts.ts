import type { AlertRule } from "../../../protocols/monitoring";
import { diskLeft } from "./disks";

function rule(
  severity: AlertRule["labels"]["severity"],
  alert: string,
  expr: string,
  minutes: number,
  summary: string,
  description: string,
): AlertRule {
  const runbook = `docs/runbooks.md#${alert.toLowerCase()}`;
  return {
    alert,
    expr,
    for: `${minutes}m`,
    labels: { severity },
    annotations: { summary, description, runbook },
  };
}

/**
 * What goes wrong with any cluster, whatever runs on it: CPU, memory, disks, pods. The central Prometheus asks these of
 * the series of all clusters at once, so whatever groups or joins keeps the label `cluster`.
 */
export function clusterAlerts(): AlertRule[] {
  return [
    rule(
      "warning",
      "NodeCpuBusy",
      '1 - avg by (cluster, instance) (rate(node_cpu_seconds_total{mode="idle"}[5m])) > 0.9',
      15,
      "Node {{ $labels.instance }} has no CPU left",
      "More than 90 % busy for 15 minutes: blocks may be proposed late. Move pods away or take a larger machine.",
    ),
    rule(
      "critical",
      "NodeMemoryLow",
      "node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes < 0.05",
      5,
      "Node {{ $labels.instance }} has less than 5 % of its memory left",
      "The kernel will soon kill the largest daemon. Find the pod that grew; restart it or move others away.",
    ),
    rule(
      "warning",
      "NodeDiskFilling",
      `min by (cluster, instance, device) (${diskLeft()}) < 0.15`,
      15,
      "Disk {{ $labels.device }} of {{ $labels.instance }} is 85 % full",
      "Images are thrown away now, and pods at 10 % free. Find what grows, or replace the node by one with more disk.",
    ),
    rule(
      "critical",
      "VolumeFull",
      "kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes < 0.05",
      5,
      "Volume {{ $labels.persistentvolumeclaim }} of {{ $labels.namespace }} is 95 % full",
      "Databases of most clients are damaged when their disk is full: enlarge the claim.",
    ),
    rule(
      "warning",
      "VolumeFullInFourDays",
      "predict_linear(kubelet_volume_stats_available_bytes[6h], 4 * 86400) < 0 " +
        "and kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes < 0.3",
      60,
      "Volume {{ $labels.persistentvolumeclaim }} of {{ $labels.namespace }} fills up",
      "At the pace of the last six hours it is full in four days. Enlarge the claim, or prune the database.",
    ),
    rule(
      "critical",
      "NodeNotReady",
      'kube_node_status_condition{condition="Ready",status="true"} == 0',
      5,
      "Node {{ $labels.node }} is not ready",
      "Its daemons are down or cannot be seen. See what its kubelet says; else let the cloud replace the machine.",
    ),
    rule(
      "warning",
      "PodCrashLooping",
      // Between two back-offs the container runs, which is no reason to begin counting anew.
      'max_over_time(kube_pod_container_status_waiting_reason{reason="CrashLoopBackOff"}[5m]) >= 1',
      10,
      "Pod {{ $labels.namespace }}/{{ $labels.pod }} crashes again and again",
      "Read why with `kubectl logs --previous`.",
    ),
    rule(
      "warning",
      "PodPending",
      'sum by (cluster, namespace, pod) (kube_pod_status_phase{phase=~"Pending|Unknown"}) > 0',
      15,
      "Pod {{ $labels.namespace }}/{{ $labels.pod }} finds no place",
      "No node fits, its pool is at its `max`, or its volume cannot be mounted: `kubectl describe pod` tells which.",
    ),
    rule(
      "warning",
      "PodOutOfMemory",
      "increase(kube_pod_container_status_restarts_total[10m]) > 0 and on (cluster, namespace, pod, container, uid) " +
        'kube_pod_container_status_last_terminated_reason{reason="OOMKilled"} == 1',
      0,
      "Pod {{ $labels.namespace }}/{{ $labels.pod }} was killed for its memory",
      "Raise its memory limit, or find out why it needs more than it did.",
    ),
    rule(
      "critical",
      "TargetDown",
      "up == 0",
      10,
      "{{ $labels.job }} {{ $labels.instance }} does not answer",
      "Nothing is known of it since. See whether its pod runs, and what Prometheus shows under Status, Targets.",
    ),
  ];
}
