import type { SimulatedNode } from "../clusters/contract";
import type { Properties } from "../../plugin/provider";
import { addressIn, firstIndexIn, between, oneOf } from "../cloud/formats";
import {
  CloudError,
  GROWN,
  type Made,
  type Model,
  type Quota,
  type QuotaUse,
  type Seen,
} from "../cloud/model";
import type { CloudRecord } from "../cloud/record";
import { alreadyExists, isName, list, model, NAMED, object, strings, text } from "./common";
import { clusterZones, isDefault } from "./gke";
import { clusterId, patchOf, zonesOfPool } from "./gke-clusters";
import { CPU_QUOTAS, machineOf } from "./machines";
import { documentationAddress } from "./network";
import { machineQuota } from "./quotas";
import { regionOf } from "./regions";
import { CLUSTER, NODE_POOL, SERVICE_ACCOUNT, SUBNETWORK } from "./types";

const EFFECTS: Readonly<Record<string, string>> = {
  NO_SCHEDULE: "NoSchedule",
  NO_EXECUTE: "NoExecute",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
};

const uses: QuotaUse[] = [
  ...CPU_QUOTAS.map((id) =>
    use(machineQuota(id, 24), (node) => {
      const machine = machineOf(text(node, "machineType"));
      return machine?.quota === id ? machine.cpus : 0;
    }),
  ),
  use(machineQuota("IN_USE_ADDRESSES", 8), () => 1),
  use(machineQuota("SSD_TOTAL_GB", 500), (node) =>
    ["pd-ssd", "pd-balanced"].includes(text(node, "diskType")) ? Number(node["diskSizeGb"] ?? 100) : 0,
  ),
];

function use(quota: Quota, perMachine: (nodeConfig: Properties) => number): QuotaUse {
  return {
    quota,
    amount: ({ inputs, facts }: CloudRecord) => {
      const zones = Math.max(
        1,
        zonesOfPool(strings(inputs["nodeLocations"]), text(inputs, "location")).length,
      );
      const size = sizePerZone(inputs) * zones + Number(facts[GROWN] ?? 0);
      return size * perMachine(object(inputs["nodeConfig"]));
    },
  };
}

export const nodePool: Model = model({
  type: NODE_POOL,
  title: "NodePool",
  seconds: { create: 90, update: 60, delete: 150 },
  autoname: { property: "name", longest: 40, lower: true },
  formats: {
    name: isName(40),
    "nodeConfig.taints[].effect": oneOf(...Object.keys(EFFECTS)),
    "nodeConfig.diskType": oneOf("pd-standard", "pd-balanced", "pd-ssd", "hyperdisk-balanced"),
    "nodeConfig.diskSizeGb": between(10, 65536),
    "nodeConfig.workloadMetadataConfig.mode": oneOf("GKE_METADATA", "GCE_METADATA", "MODE_UNSPECIFIED"),
    "nodeConfig.tags[]": isName(),
    "upgradeSettings.strategy": oneOf("SURGE", "BLUE_GREEN", "SHORT_LIVED"),
    "autoscaling.locationPolicy": oneOf("BALANCED", "ANY"),
  },
  rules: (inputs) => {
    const { minNodeCount, maxNodeCount, totalMinNodeCount, totalMaxNodeCount } = object(
      inputs["autoscaling"],
    );
    const isBelow = (most: unknown, least: unknown) => Number(most ?? NaN) < Number(least ?? NaN);
    return {
      "autoscaling.maxNodeCount": isBelow(maxNodeCount, minNodeCount) && "maxNodeCount is below minNodeCount",
      "autoscaling.totalMaxNodeCount":
        (isBelow(totalMaxNodeCount, totalMinNodeCount) && "totalMaxNodeCount is below totalMinNodeCount") ||
        (maxNodeCount !== undefined &&
          totalMaxNodeCount !== undefined &&
          "limits are per zone or in total, not both"),
      initialNodeCount:
        "initialNodeCount" in inputs &&
        "nodeCount" in inputs &&
        "only one of initialNodeCount and nodeCount can be set",
    };
  },
  references: {
    cluster: { to: CLUSTER, by: NAMED },
    "nodeConfig.serviceAccount": { to: SERVICE_ACCOUNT, by: ["email"], loose: true, except: isDefault },
  },
  local: ["initialNodeCount"],
  replacedBy: [
    ...["name", "namePrefix", "cluster", "location", "initialNodeCount", "maxPodsPerNode", "placementPolicy"],
    ...[
      "nodeConfig.serviceAccount",
      "nodeConfig.oauthScopes",
      "nodeConfig.shieldedInstanceConfig",
      "nodeConfig.spot",
    ],
    ...[
      "nodeConfig.preemptible",
      "nodeConfig.metadata",
      "nodeConfig.localSsdCount",
      "nodeConfig.minCpuPlatform",
    ],
  ],
  quotas: uses,
  unique: { by: ["cluster", "name"], per: "account", words: ({ id }) => alreadyExists(id) },
  id: (made) => `${clusterOf(made)?.id ?? ""}/nodePools/${text(made.inputs, "name")}`,
  outputs: (made) => {
    const cluster = clusterOf(made);
    const groups = zonesOf(made).map(
      (zone) =>
        `https://www.googleapis.com/compute/v1/projects/${made.site.account}/zones/${zone}/instanceGroupManagers/gke-${text(made.inputs, "name")}-${made.hex("group", 8)}-grp`,
    );
    return {
      project: made.site.account,
      location: text(made.inputs, "location") || text(cluster?.inputs ?? {}, "location"),
      version: text(made.inputs, "version") || patchOf(text(cluster?.inputs ?? {}, "minMasterVersion")),
      nodeLocations: zonesOf(made),
      nodeCount: sizePerZone(made.inputs),
      initialNodeCount: Number(made.inputs["initialNodeCount"] ?? sizePerZone(made.inputs)),
      maxPodsPerNode: Number(made.inputs["maxPodsPerNode"] ?? 110),
      instanceGroupUrls: groups.map((group) => group.replace("Managers", "s")),
      managedInstanceGroupUrls: groups,
    };
  },
  admit: refusePool,
  afterPut: async (made, clusters) => {
    await clusters.setNodes(clusterKey(made), text(made.inputs, "name"), nodesOf(made, sizeOf(made)));
    return { clusterKey: clusterKey(made) };
  },
  pool: (made) => {
    const { autoscaling } = made.inputs;
    const { maxNodeCount, totalMaxNodeCount } = object(autoscaling);
    const size = sizeOf(made);
    return {
      cluster: clusterKey(made),
      name: text(made.inputs, "name"),
      size,
      most: Number(totalMaxNodeCount ?? Number(maxNodeCount ?? 0) * zonesOf(made).length),
      nodes: (wanted) => nodesOf(made, wanted),
    };
  },
  afterDelete: async ({ inputs, facts }, clusters) => {
    const id = text(facts, "clusterKey");
    if ((await clusters.access(id)) === undefined) return;
    await clusters.setNodes(id, text(inputs, "name"), []);
  },
});

/** Machines in each zone. */
function sizePerZone(inputs: Properties): number {
  const { minNodeCount } = object(inputs["autoscaling"]);
  return Number(inputs["nodeCount"] ?? inputs["initialNodeCount"] ?? minNodeCount ?? 0);
}

function clusterOf({ inputs, look }: Made): Seen | undefined {
  const here = (seen: Seen) =>
    text(inputs, "location") === "" || text(inputs, "location") === text(seen.inputs, "location");
  return look
    .all(CLUSTER)
    .filter(here)
    .find((seen) =>
      [seen.id, seen.attributes["name"], seen.attributes["selfLink"]].includes(inputs["cluster"]),
    );
}

function clusterKey(made: Made): string {
  const cluster = clusterOf(made);
  return cluster === undefined ? "" : clusterId(cluster);
}

function zonesOf(made: Made): string[] {
  const given = strings(made.inputs["nodeLocations"]);
  const cluster = clusterOf(made);
  return given.length > 0 || cluster === undefined ? given : clusterZones(cluster);
}

function refusePool(made: Made): void {
  const cluster = clusterOf(made);
  const type = text(object(made.inputs["nodeConfig"]), "machineType") || "e2-medium";
  const region = regionOf(text(cluster?.inputs ?? {}, "location"));
  if (machineOf(type) === undefined) {
    throw new CloudError(
      "invalidArgument",
      `Machine type with name '${type}' does not exist in zone '${zonesOf(made)[0] ?? ""}'.`,
    );
  }
  const stranger = zonesOf(made).find((zone) => regionOf(zone) !== region);
  if (stranger !== undefined) {
    throw new CloudError(
      "badRequest",
      `Zone "${stranger}" is not in the region of the cluster, "${region ?? ""}".`,
    );
  }
}

/** In all zones, with the machines that came because pods found no place. */
function sizeOf(made: Made): number {
  return sizePerZone(made.inputs) * zonesOf(made).length + Number(made.facts[GROWN] ?? 0);
}

function nodesOf(made: Made, size: number): SimulatedNode[] {
  const zones = zonesOf(made);
  return Array.from({ length: size }, (_, index) => node(made, zones[index % zones.length] ?? "", index));
}

function node(made: Made, zone: string, index: number): SimulatedNode {
  const { inputs, site, hex } = made;
  const cluster = clusterOf(made);
  const config = object(inputs["nodeConfig"]);
  const type = text(config, "machineType") || "e2-medium";
  const machine = machineOf(type);
  const pool = text(inputs, "name");
  const name = `gke-${text(cluster?.inputs ?? {}, "name")}-${pool}-${hex(`machine ${index}`, 8)}`.slice(-63);
  const block = text(subnetworkOf(made, cluster)?.inputs ?? {}, "ipCidrRange");
  return {
    name,
    zone,
    region: site.region,
    // GCP keeps the first two addresses of a subnet.
    internalIp: addressIn(block, firstIndexIn(block, `${text(inputs, "cluster")}/${pool}`, 2) + index),
    externalIp: documentationAddress(hex(`external ${index}`, 6)),
    providerId: `gce://${site.account}/${zone}/${name}`,
    cpu: machine?.cpus ?? 0,
    memoryGiB: machine?.memoryGiB ?? 0,
    pods: Number(inputs["maxPodsPerNode"] ?? 110),
    labels: labelsOf(config, { pool, type, zone, region: site.region, name }),
    taints: list(config["taints"])
      .map(object)
      .map((taint) => ({
        key: text(taint, "key"),
        value: text(taint, "value"),
        effect: EFFECTS[text(taint, "effect")] ?? "NoSchedule",
      })),
  };
}

function labelsOf(
  config: Properties,
  { pool, type, zone, region, name }: Record<"pool" | "type" | "zone" | "region" | "name", string>,
): Record<string, string> {
  const metadata = text(object(config["workloadMetadataConfig"]), "mode");
  return {
    ...(object(config["labels"]) as Record<string, string>),
    "cloud.google.com/gke-nodepool": pool,
    "cloud.google.com/gke-os-distribution": "cos",
    "cloud.google.com/machine-family": type.split("-")[0] ?? "",
    "cloud.google.com/gke-boot-disk": text(config, "diskType") || "pd-balanced",
    ...(config["spot"] === true && {
      "cloud.google.com/gke-spot": "true",
      "cloud.google.com/gke-provisioning": "spot",
    }),
    ...(metadata === "GKE_METADATA" && { "iam.gke.io/gke-metadata-server-enabled": "true" }),
    "topology.gke.io/zone": zone,
    "node.kubernetes.io/instance-type": type,
    "topology.kubernetes.io/region": region,
    "topology.kubernetes.io/zone": zone,
    "kubernetes.io/arch": "amd64",
    "kubernetes.io/os": "linux",
    "kubernetes.io/hostname": name,
  };
}

function subnetworkOf({ look }: Made, cluster: Seen | undefined): Seen | undefined {
  const wanted = cluster?.inputs["subnetwork"];
  return NAMED.map((by) => look.one(SUBNETWORK, wanted, by)).find((one) => one !== undefined);
}
