/** Series as promtool's unit tests write them: a selector, and a value a minute. */
export type Series = Readonly<Record<string, string>>;

/** When an alert fires, what it says then, and what must leave it silent. */
export interface AlertCase {
  readonly fires: Series;
  /** Minute from which its expression holds. */
  readonly since: number;
  /** Labels of the one alert that fires, beside its name and severity. */
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  /** Series that come near to it, by what they show. */
  readonly quiet: Readonly<Record<string, Series>>;
}

const NODE = { cluster: "use1", instance: "10.0.0.5:9100" };
const POD = { cluster: "use1", namespace: "net", pod: "geth-0" };
const CONTAINER = { ...POD, container: "geth", uid: "1" };
const CLAIM = { cluster: "use1", namespace: "net", persistentvolumeclaim: "data-geth-0" };
const TARGET = { cluster: "use1", job: "geth", instance: "10.0.1.7:6060" };

type Labels = Readonly<Record<string, string>>;

/** The same thing in another cluster; addresses and names may be the same there. */
const elsewhere = (labels: Labels): Labels => ({ ...labels, cluster: "euw4" });

function of(metric: string, labels: Labels): string {
  return `${metric}{${Object.entries(labels)
    .map(([key, value]) => `${key}="${value}"`)
    .join(",")}}`;
}

function memory(available: string): Series {
  return {
    [of("node_memory_MemAvailable_bytes", NODE)]: available,
    [of("node_memory_MemTotal_bytes", NODE)]: "100x200",
  };
}

interface Mount {
  readonly node?: Labels;
  readonly device?: string;
  readonly fstype?: string;
  readonly mountpoint?: string;
  readonly available: string;
  readonly size?: string;
  readonly readonly?: boolean;
}

/** A file system as the node exporter shows it. */
export function mount({
  node = NODE,
  available,
  size = "100x200",
  readonly = false,
  ...rest
}: Mount): Series {
  const labels = { ...node, device: "/dev/sda1", fstype: "ext4", mountpoint: "/", ...rest };
  return {
    [of("node_filesystem_avail_bytes", labels)]: available,
    [of("node_filesystem_size_bytes", labels)]: size,
    [of("node_filesystem_readonly", labels)]: readonly ? "1x200" : "0x200",
  };
}

function volume(available: string, capacity = "100x200"): Series {
  return {
    [of("kubelet_volume_stats_available_bytes", CLAIM)]: available,
    [of("kubelet_volume_stats_capacity_bytes", CLAIM)]: capacity,
  };
}

const idle = (labels: Labels, values: string): Series => ({
  [of("node_cpu_seconds_total", { ...labels, cpu: "0", mode: "idle" })]: values,
  [of("node_cpu_seconds_total", { ...labels, cpu: "1", mode: "idle" })]: values,
});

const condition = (name: string, status: string, values: string): Series => ({
  [of("kube_node_status_condition", { cluster: "use1", node: "n1", condition: name, status })]: values,
});

const waiting = (reason: string, values: string): Series => ({
  [of("kube_pod_container_status_waiting_reason", { ...CONTAINER, reason })]: values,
});

const phase = (labels: Labels, name: string, values: string): Series => ({
  [of("kube_pod_status_phase", { ...labels, phase: name })]: values,
});

const restarts = (values: string): Series => ({
  [of("kube_pod_container_status_restarts_total", CONTAINER)]: values,
});

const terminated = (labels: Labels, reason: string, values: string): Series => ({
  [of("kube_pod_container_status_last_terminated_reason", { ...labels, reason })]: values,
});

/** Every alert by name. */
export const ALERT_CASES: Readonly<Record<string, AlertCase>> = {
  NodeCpuBusy: {
    // A rate needs two samples. Three idle seconds a minute are 95 % busy.
    since: 1,
    fires: { ...idle(NODE, "0+3x200"), ...idle(elsewhere(NODE), "0+60x200") },
    labels: NODE,
    summary: "Node 10.0.0.5:9100 has no CPU left",
    quiet: { "85 % busy": idle(NODE, "0+9x200"), "busy for ten minutes": idle(NODE, "0+0x10 0+60x200") },
  },
  NodeMemoryLow: {
    since: 0,
    fires: memory("4x200"),
    labels: NODE,
    summary: "Node 10.0.0.5:9100 has less than 5 % of its memory left",
    quiet: { "6 % left": memory("6x200"), "low for four minutes": memory("4x3 50x200") },
  },
  NodeDiskFilling: {
    since: 0,
    // One disk mounted at two places is one alert.
    fires: {
      ...mount({ available: "14x200" }),
      ...mount({ available: "14x200", mountpoint: "/var" }),
      ...mount({ available: "90x200", node: elsewhere(NODE) }),
    },
    labels: { ...NODE, device: "/dev/sda1" },
    summary: "Disk /dev/sda1 of 10.0.0.5:9100 is 85 % full",
    quiet: {
      "16 % left": mount({ available: "16x200" }),
      "a system image, which is always full": mount({ available: "0x200", readonly: true }),
      "memory that looks like a disk": mount({ available: "1x200", fstype: "tmpfs" }),
      "the boot partition": mount({ available: "1x200", mountpoint: "/boot/efi" }),
      "a file system of no size": mount({ available: "0x200", size: "0x200" }),
    },
  },
  VolumeFull: {
    since: 0,
    fires: volume("4x200"),
    labels: CLAIM,
    summary: "Volume data-geth-0 of net is 95 % full",
    quiet: { "6 % left": volume("6x200"), "a volume of no size": volume("0x200", "0x200") },
  },
  VolumeFullInFourDays: {
    since: 1,
    fires: volume("29-0.01x200"),
    labels: CLAIM,
    summary: "Volume data-geth-0 of net fills up",
    quiet: {
      "filling slowly": volume("29-0.001x200"),
      "filling, mostly empty": volume("90-0.1x200"),
      "full and steady": volume("10x200"),
      "filled for half an hour": volume("29-0.01x30 28.7+0.1x100"),
    },
  },
  NodeNotReady: {
    since: 0,
    fires: { ...condition("Ready", "true", "0x200"), ...condition("Ready", "false", "1x200") },
    labels: { cluster: "use1", node: "n1", condition: "Ready", status: "true" },
    summary: "Node n1 is not ready",
    quiet: {
      ready: { ...condition("Ready", "true", "1x200"), ...condition("Ready", "false", "0x200") },
      "without pressure": condition("MemoryPressure", "true", "0x200"),
      "starting again": condition("Ready", "true", "0x3 1x200"),
    },
  },
  PodCrashLooping: {
    since: 0,
    // Between two back-offs it runs for three minutes.
    fires: waiting("CrashLoopBackOff", Array(40).fill("1 _ _ _").join(" ")),
    labels: { ...CONTAINER, reason: "CrashLoopBackOff" },
    summary: "Pod net/geth-0 crashes again and again",
    quiet: {
      "one crash": waiting("CrashLoopBackOff", "1x1 _x200"),
      "an image that is missing": waiting("ImagePullBackOff", "1x200"),
    },
  },
  PodPending: {
    since: 0,
    fires: { ...phase(POD, "Pending", "1x200"), ...phase(elsewhere(POD), "Pending", "0x200") },
    labels: POD,
    summary: "Pod net/geth-0 finds no place",
    quiet: {
      running: { ...phase(POD, "Pending", "0x200"), ...phase(POD, "Running", "1x200") },
      "waiting for a new node": phase(POD, "Pending", "1x10 0x200"),
    },
  },
  PodOutOfMemory: {
    since: 6,
    fires: { ...restarts("0x5 1x200"), ...terminated(CONTAINER, "OOMKilled", "_x6 1x200") },
    labels: CONTAINER,
    summary: "Pod net/geth-0 was killed for its memory",
    quiet: {
      "killed in another cluster, crashed here": {
        ...restarts("0x5 1x200"),
        ...terminated(CONTAINER, "Error", "_x6 1x200"),
        ...terminated(elsewhere(CONTAINER), "OOMKilled", "1x200"),
      },
      "a pod of the same name, killed and replaced": {
        ...restarts("0x5 1x200"),
        ...terminated({ ...CONTAINER, uid: "0" }, "OOMKilled", "1x200"),
      },
      "killed long ago": { ...restarts("1x200"), ...terminated(CONTAINER, "OOMKilled", "1x200") },
    },
  },
  TargetDown: {
    since: 0,
    fires: { [of("up", TARGET)]: "0x200", [of("up", elsewhere(TARGET))]: "1x200" },
    labels: TARGET,
    summary: "geth 10.0.1.7:6060 does not answer",
    quiet: { up: { [of("up", TARGET)]: "1x200" }, restarted: { [of("up", TARGET)]: "0x8 1x200" } },
  },
};
