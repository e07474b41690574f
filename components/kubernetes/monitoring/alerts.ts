/** An alerting rule of Prometheus. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: "critical" | "warning" };
  readonly annotations: { readonly summary: string; readonly description: string };
}

function rule(
  severity: AlertRule["labels"]["severity"],
  alert: string,
  expr: string,
  minutes: number,
  summary: string,
  description: string,
): AlertRule {
  return { alert, expr, for: `${minutes}m`, labels: { severity }, annotations: { summary, description } };
}

const REAL_DISKS = 'fstype!~"tmpfs|overlay|squashfs|ramfs",mountpoint!~"/boot.*|/run.*"';

/** What goes wrong with any cluster, whatever runs on it: CPU, memory, disks, pods. */
export function clusterAlerts(): AlertRule[] {
  return [
    rule(
      "warning",
      "NodeCpuBusy",
      '1 - avg by (cluster, instance) (rate(node_cpu_seconds_total{mode="idle"}[5m])) > 0.9',
      15,
      "Node {{ $labels.instance }} has no CPU left",
      "More than 90 % busy for 15 minutes: blocks may be proposed late.",
    ),
    rule(
      "critical",
      "NodeMemoryLow",
      "node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes < 0.05",
      5,
      "Node {{ $labels.instance }} has less than 5 % of its memory left",
      "The kernel will soon kill the largest daemon.",
    ),
    rule(
      "warning",
      "NodeDiskFilling",
      `node_filesystem_avail_bytes{${REAL_DISKS}} / node_filesystem_size_bytes{${REAL_DISKS}} < 0.15`,
      15,
      "Disk {{ $labels.mountpoint }} of {{ $labels.instance }} is 85 % full",
      "Images and logs of the node are evicted at 15 % free.",
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
      "At the pace of the last six hours it is full in four days.",
    ),
    rule(
      "critical",
      "NodeNotReady",
      'kube_node_status_condition{condition="Ready",status="true"} == 0',
      5,
      "Node {{ $labels.node }} is not ready",
      "Its daemons are down or cannot be seen.",
    ),
    rule(
      "warning",
      "PodCrashLooping",
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
      "No node fits, its pool is at its `max`, or its volume cannot be mounted.",
    ),
    rule(
      "warning",
      "PodOutOfMemory",
      'increase(kube_pod_container_status_restarts_total[10m]) > 0 and on (namespace, pod, container) kube_pod_container_status_last_terminated_reason{reason="OOMKilled"} == 1',
      0,
      "Pod {{ $labels.namespace }}/{{ $labels.pod }} was killed for its memory",
      "Raise its memory limit.",
    ),
    rule(
      "critical",
      "TargetDown",
      "up == 0",
      10,
      "{{ $labels.job }} {{ $labels.instance }} does not answer",
      "Nothing is known of it since.",
    ),
  ];
}
