import type { CloudName } from "../../components/contracts";
import { VOLUMES_GIB } from "../../components/kubernetes/monitoring/values";
import { CATALOG } from "../catalog/catalog";
import type { ClusterConfig, ClusterEnvironment } from "../config/environment";
import { PRICES } from "./prices";

/** One line of the monthly cost: with every node pool at its `min`, and at its `max`. US dollars. */
export interface CostLine {
  /** The cluster, or `environment` for what there is once. */
  readonly of: string;
  readonly what: string;
  readonly least: number;
  readonly most: number;
}

export interface MonthlyCost {
  readonly lines: readonly CostLine[];
  readonly least: number;
  readonly most: number;
}

/** Hours of an average month. */
const HOURS = 730;

/** What an environment costs in a month, by line, from the static price table. Traffic is not in it. Pure. */
export function monthlyCost(environment: ClusterEnvironment): MonthlyCost {
  const lines = [
    ...environment.clusters.flatMap((cluster) => clusterLines(cluster, environment)),
    ...shared(environment),
  ];
  return {
    lines,
    least: sum(lines.map(({ least }) => least)),
    most: sum(lines.map(({ most }) => most)),
  };
}

function clusterLines(cluster: ClusterConfig, { monitoring }: ClusterEnvironment): CostLine[] {
  const { name, cloud, region, nodePools } = cluster;
  const prices = PRICES[cloud];
  const central = monitoring.cluster === name;
  const machines = (key: "min" | "max") => sum(nodePools.map((pool) => pool[key]));
  const disks = (key: "min" | "max") => sum(nodePools.map((pool) => pool[key] * pool.diskGiB));
  const volumes = central ? VOLUMES_GIB.central : VOLUMES_GIB.other;
  return [
    fixed(name, `${prices.control} control plane`, prices.controlPlaneHour * HOURS),
    ...nodePools.map((pool) => {
      const month = machineHour(cloud, region, pool.machine) * HOURS * (pool.spot ? prices.spotShare : 1);
      const what = `${pool.name}: ${pool.min} to ${pool.max} ${pool.machine}${pool.spot ? " (spot)" : ""}`;
      return { of: name, what, least: pool.min * month, most: pool.max * month };
    }),
    {
      of: name,
      what: `public addresses: ${machines("min")} to ${machines("max")}`,
      least: machines("min") * prices.publicAddressHour * HOURS,
      most: machines("max") * prices.publicAddressHour * HOURS,
    },
    {
      of: name,
      what: `disks: ${disks("min") + volumes} to ${disks("max") + volumes} GiB`,
      least: (disks("min") + volumes) * prices.diskGiBMonth,
      most: (disks("max") + volumes) * prices.diskGiBMonth,
    },
    fixed(name, "control-plane logs", prices.logsMonth),
    fixed(name, "encryption of Kubernetes secrets", prices.keyMonth),
  ];
}

function shared({ clusters, zone, monitoring }: ClusterEnvironment): CostLine[] {
  const clouds = [...new Set(clusters.map(({ cloud }) => cloud))];
  const regions = new Map(clusters.map(({ cloud, region }) => [region, cloud]));
  const central = clusters.find(({ name }) => name === monitoring.cluster)?.cloud ?? zone.cloud;
  const zones = PRICES[zone.cloud].zoneMonth + sum(clouds.map((cloud) => PRICES[cloud].zoneMonth));
  const registries = sum([...regions.values()].map((cloud) => PRICES[cloud].storageMonth));
  return [
    fixed("environment", `DNS zones: ${clouds.length + 1}`, zones),
    fixed("environment", `registries: ${regions.size}, 10 GiB each`, registries),
    fixed("environment", "artifacts: 10 GiB", PRICES[zone.cloud].storageMonth),
    fixed("environment", "secret of Grafana", PRICES[central].secretMonth),
  ];
}

/** Price of a machine: of its family by its CPUs, in its region. */
function machineHour(cloud: CloudName, region: string, machine: string): number {
  const { cpuHour, regionFactor } = PRICES[cloud];
  const family = Object.keys(cpuHour).find(
    (name) => /^[.-]/.test(machine.slice(name.length)) && machine.startsWith(name),
  );
  const cpus = CATALOG[cloud].machines[machine]?.cpus;
  if (family === undefined || cpus === undefined) throw new Error(`no price of ${machine}`);
  return (cpuHour[family] ?? 0) * cpus * (regionFactor[region] ?? 1);
}

function fixed(of: string, what: string, month: number): CostLine {
  return { of, what, least: month, most: month };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
