import { VOLUMES_GIB } from "../../components/kubernetes/monitoring/values";
import type { CloudName } from "../../components/contracts";
import type { ClusterConfig, ClusterEnvironment } from "../config/environment";
import { always, type BillLine } from "./bill";

/** GiB of images in each registry, and of files in the bucket: what an environment in use comes to. */
const STORED_GIB = 10;

/** What an environment is charged for, by line. Traffic is that of its networks. Pure. */
export function environmentBill(environment: ClusterEnvironment): BillLine[] {
  return [
    ...environment.clusters.flatMap((cluster) => clusterLines(cluster, environment)),
    ...sharedLines(environment),
  ];
}

function clusterLines(cluster: ClusterConfig, { monitoring }: ClusterEnvironment): BillLine[] {
  const { name: of, cloud, region, nodePools } = cluster;
  const place = { of, cloud, region };
  const volumes = monitoring.cluster === of ? VOLUMES_GIB.central : VOLUMES_GIB.other;
  return [
    { ...place, item: "control plane", quantity: always(1) },
    ...nodePools.flatMap((pool) => poolLines(place, pool)),
    { ...place, item: "disk", quantity: always(volumes) },
    { ...place, item: "logs", quantity: always(1) },
    { ...place, item: "encryption key", quantity: always(1) },
  ];
}

/** Where a line belongs. */
type Place = Pick<BillLine, "of" | "cloud" | "region">;

function poolLines(place: Place, pool: ClusterConfig["nodePools"][number]): BillLine[] {
  const { name, machine, min, max, spot, diskGiB } = pool;
  const of = (item: BillLine["item"], perMachine: number) => ({
    ...place,
    item,
    pool: name,
    perMachine,
    quantity: { least: min * perMachine, expected: min * perMachine, most: max * perMachine },
  });
  return [
    { ...of(spot ? "spot machine" : "machine", 1), machine },
    of("machine address", 1),
    of("disk", diskGiB),
  ];
}

function sharedLines({ clusters, zone, monitoring }: ClusterEnvironment): BillLine[] {
  const clouds = [...new Set(clusters.map(({ cloud }) => cloud))];
  const regions = new Map(clusters.map(({ cloud, region }) => [region, cloud]));
  const central = clusters.find(({ name }) => name === monitoring.cluster)?.cloud ?? zone.cloud;
  const once = (cloud: CloudName, item: BillLine["item"], amount: number): BillLine => ({
    of: "environment",
    cloud,
    region: "global",
    item,
    quantity: always(amount),
  });
  return [
    once(zone.cloud, "DNS zone", 1),
    ...clouds.map((cloud) => once(cloud, "DNS zone", 1)),
    ...[...regions].map(([region, cloud]) => ({ ...once(cloud, "registry", STORED_GIB), region })),
    once(zone.cloud, "bucket", STORED_GIB),
    once(central, "secret", 1),
  ];
}
