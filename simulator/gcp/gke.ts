import type { Properties } from "../../plugin/provider";
import type { Clusters } from "../clusters/contract";
import { cidr, matching, oneOf } from "../cloud/formats";
import { CloudError, type Made, type Model, type Seen } from "../cloud/model";
import { alreadyExists, isName, list, model, NAMED, object, strings, text } from "./common";
import { clusterId, patchOf, versionProblem, zonesOfPool } from "./gke-clusters";
import { regionOf } from "./regions";
import { CLUSTER, NETWORK, SERVICE_ACCOUNT, SUBNETWORK } from "./types";

export const cluster: Model = model({
  type: CLUSTER,
  title: "Cluster",
  seconds: { create: 360, update: 120, delete: 240 },
  autoname: { property: "name", longest: 40, lower: true },
  defaults: {
    deletionProtection: true,
    networkingMode: "VPC_NATIVE",
    datapathProvider: "LEGACY_DATAPATH",
    loggingService: "logging.googleapis.com/kubernetes",
    monitoringService: "monitoring.googleapis.com/kubernetes",
  },
  required: ["location"],
  formats: {
    name: isName(40),
    networkingMode: oneOf("VPC_NATIVE", "ROUTES"),
    datapathProvider: oneOf("LEGACY_DATAPATH", "ADVANCED_DATAPATH"),
    "releaseChannel.channel": oneOf("UNSPECIFIED", "RAPID", "REGULAR", "STABLE", "EXTENDED"),
    "masterAuthorizedNetworksConfig.cidrBlocks[].cidrBlock": cidr(),
    "workloadIdentityConfig.workloadPool": matching(
      /^[a-z][a-z0-9-]{4,28}[a-z0-9]\.svc\.id\.goog$/,
      "must be PROJECT.svc.id.goog",
    ),
    "loggingConfig.enableComponents[]": oneOf(
      ...[
        "SYSTEM_COMPONENTS",
        "APISERVER",
        "CONTROLLER_MANAGER",
        "SCHEDULER",
        "WORKLOADS",
        "KCP_HPA",
        "KCP_CONNECTION",
        "KCP_SSHD",
      ],
    ),
  },
  rules: (inputs) => ({
    enableAutopilot: inputs["enableAutopilot"] === true && "Autopilot clusters are not simulated",
    initialNodeCount:
      !(Number(inputs["initialNodeCount"] ?? 0) > 0) &&
      !("nodePools" in inputs) &&
      "one of nodePools and initialNodeCount (at least 1) must be set, even when the default pool is removed",
  }),
  references: {
    network: { to: NETWORK, by: NAMED, except: (value) => value === "default" },
    subnetwork: { to: SUBNETWORK, by: NAMED },
    "nodeConfig.serviceAccount": { to: SERVICE_ACCOUNT, by: ["email"], loose: true, except: isDefault },
  },
  local: ["deletionProtection", "removeDefaultNodePool", "nodeConfig", "initialNodeCount"],
  replacedBy: [
    ...[
      "name",
      "location",
      "network",
      "subnetwork",
      "networkingMode",
      "datapathProvider",
      "ipAllocationPolicy",
    ],
    ...[
      "enableAutopilot",
      "clusterIpv4Cidr",
      "defaultMaxPodsPerNode",
      "initialNodeCount",
      "nodeConfig",
      "description",
    ],
    ...["removeDefaultNodePool", "privateClusterConfig.masterIpv4CidrBlock", "enableKubernetesAlpha"],
  ],
  unique: { by: ["location", "name"], per: "account", words: ({ id }) => alreadyExists(id) },
  id: ({ inputs, site }) =>
    `projects/${site.account}/locations/${text(inputs, "location")}/clusters/${text(inputs, "name")}`,
  outputs: clusterOutputs,
  computedInside: [
    ...["masterAuth.clusterCaCertificate", "masterAuth.clientCertificate", "masterAuth.clientKey"],
    "controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint",
  ],
  admit: (made, previous) => {
    refuseLocation(made);
    refuseRanges(made);
    refusePool(made);
    const asked = text(made.inputs, "minMasterVersion");
    const problem = versionProblem(asked, previous && text(previous.attributes, "masterVersion"));
    if (problem !== undefined) throw new CloudError("badRequest", problem);
  },
  afterPut: startCluster,
  admitDelete: ({ inputs }) => {
    if (inputs["deletionProtection"] === false) return;
    throw new CloudError(
      "deletionProtection",
      "Cannot destroy cluster because deletion_protection is set to true. Set it to false to proceed with instance deletion.",
    );
  },
  afterDelete: (made, clusters) => clusters.remove(clusterId(made)),
  notFound: (name) => new CloudError("notFound", `Not found: ${name}.`, 404),
  inUse: (made, users) =>
    new CloudError(
      "failedPrecondition",
      `Cluster ${made.id} is in use by ${users.map(({ id }) => id).join(", ")}`,
    ),
});

export function isDefault(account: string): boolean {
  return account === "default" || account.endsWith("-compute@developer.gserviceaccount.com");
}

function clusterOutputs(made: Made): Properties {
  const { inputs, facts, site, hex } = made;
  const version = patchOf(text(inputs, "minMasterVersion"));
  const { services, pods } = rangesOf(made);
  const endpoint = text(facts, "endpoint");
  return {
    endpoint,
    masterVersion: version,
    nodeVersion: text(inputs, "nodeVersion") || version,
    selfLink: `https://container.googleapis.com/v1/${made.id}`,
    masterAuth: {
      clientCertificateConfig: { issueClientCertificate: false },
      ...object(inputs["masterAuth"]),
      clusterCaCertificate: facts["ca"] ?? "",
      clientCertificate: "",
      clientKey: "",
    },
    nodeLocations: strings(inputs["nodeLocations"]),
    servicesIpv4Cidr: services,
    clusterIpv4Cidr: pods,
    labelFingerprint: hex("labels", 8),
    tpuIpv4CidrBlock: "",
    controlPlaneEndpointsConfig: {
      ...object(inputs["controlPlaneEndpointsConfig"]),
      dnsEndpointConfig: {
        allowExternalTraffic: false,
        ...object(object(inputs["controlPlaneEndpointsConfig"])["dnsEndpointConfig"]),
        endpoint: `gke-${hex("dns", 32)}.${site.region}.gke.goog`,
      },
    },
    operation: "",
  };
}

function subnetworkOf({ inputs, look }: Made): Seen | undefined {
  return NAMED.map((by) => look.one(SUBNETWORK, inputs["subnetwork"], by)).find((one) => one !== undefined);
}

/** Ranges of services and pods, given themselves or by the names of the subnetwork's secondary ranges. */
function rangesOf(made: Made): { services: string; pods: string } {
  const policy = object(made.inputs["ipAllocationPolicy"]);
  const secondary = list(subnetworkOf(made)?.inputs["secondaryIpRanges"]).map(object);
  const range = (named: string, given: string, otherwise: string) =>
    text(secondary.find((one) => one["rangeName"] === policy[named]) ?? {}, "ipCidrRange") ||
    text(policy, given) ||
    otherwise;
  return {
    services: range("servicesSecondaryRangeName", "servicesIpv4CidrBlock", "34.118.224.0/20"),
    pods: range("clusterSecondaryRangeName", "clusterIpv4CidrBlock", "10.4.0.0/14"),
  };
}

function refuseLocation({ inputs }: Made): void {
  const location = text(inputs, "location");
  const region = regionOf(location);
  if (region === undefined) {
    throw new CloudError("badRequest", `Location "${location}" does not exist.`);
  }
  const stranger = strings(inputs["nodeLocations"]).find(
    (zone) => regionOf(zone) !== region || zone === region,
  );
  if (stranger !== undefined) {
    throw new CloudError("badRequest", `Zone "${stranger}" does not exist in region "${region}".`);
  }
}

function refuseRanges(made: Made): void {
  const policy = object(made.inputs["ipAllocationPolicy"]);
  const subnetwork = subnetworkOf(made);
  const names = list(subnetwork?.inputs["secondaryIpRanges"]).map((range) => object(range)["rangeName"]);
  for (const property of ["clusterSecondaryRangeName", "servicesSecondaryRangeName"]) {
    const name = text(policy, property);
    if (name === "" || names.includes(name)) continue;
    throw new CloudError(
      "badRequest",
      `Pod or service secondary range "${name}" does not exist in network "${text(made.inputs, "network")}", subnetwork "${subnetwork?.id ?? ""}".`,
    );
  }
}

function refusePool({ inputs, site }: Made): void {
  const pool = text(object(inputs["workloadIdentityConfig"]), "workloadPool");
  if (pool === "" || pool === `${site.account}.svc.id.goog`) return;
  throw new CloudError("badRequest", `Workload pool "${pool}" does not belong to project ${site.account}.`);
}

async function startCluster(made: Made, clusters: Clusters): Promise<Properties> {
  const { services, pods } = rangesOf(made);
  const { inputs } = made;
  const version = patchOf(text(inputs, "minMasterVersion")).split(".").slice(0, 2).join(".");
  const id = clusterId(made);
  const { endpoint, caPem } = await clusters.create({ id, version, serviceCidr: services, podCidr: pods });
  const addons = [...(object(inputs["secretManagerConfig"])["enabled"] === true ? ["secret-manager"] : [])];
  await clusters.setAddons(id, addons);
  return {
    cluster: id,
    // The cloud tells an address, without a scheme.
    endpoint: endpoint.replace(/^https?:\/\//, ""),
    ca: Buffer.from(caPem).toString("base64"),
  };
}

/** For the zones of a pool that does not name its own. */
export function clusterZones(seen: Seen): string[] {
  return zonesOfPool(strings(seen.inputs["nodeLocations"]), text(seen.inputs, "location"));
}
