import type { z } from "zod";
import { parseCidr } from "../../components/cidr";
import type { CloudName } from "../../components/contracts";
import { allocateAddresses, BLOCK_PREFIX, isPrivateBlock } from "../addresses";
import { CATALOG } from "../catalog/catalog";
import { report } from "./coded";
import { nearest } from "./nearest";

/** What is checked here: as much of an environment as the checks need, so that the schema can be built from them. */
interface Environment {
  readonly clusters: readonly Cluster[];
  readonly addresses: { readonly space: string; readonly reserved: readonly string[] };
  readonly monitoring: { readonly cluster: string; readonly ingest?: object | undefined };
  readonly registries: { readonly images: readonly string[] };
}

interface Cluster {
  readonly name: string;
  readonly cloud: CloudName;
  readonly region: string;
  readonly zones?: readonly string[] | undefined;
  readonly addresses?: string | undefined;
  readonly nodePools: readonly Pool[];
}

interface Pool {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly spot: boolean;
  readonly peers: boolean;
}

type Context = z.core.$RefinementCtx;

/** Values that are right by themselves and wrong together. Runs once every value has its type, right or wrong. */
export function environmentChecks(environment: Environment, context: Context): void {
  const { clusters } = environment;
  duplicates(
    clusters.map(({ name }) => name),
    ["clusters"],
    "name",
    context,
  );
  duplicates(environment.registries.images, ["registries", "images"], undefined, context);
  clusters.forEach((cluster, index) => clusterChecks(cluster, ["clusters", index], context));
  addressChecks(environment, context);
  monitoringChecks(environment, context);
}

function clusterChecks(cluster: Cluster, at: readonly PropertyKey[], context: Context): void {
  const { nodePools } = cluster;
  zoneChecks(cluster, at, context);
  duplicates(
    nodePools.map(({ name }) => name),
    [...at, "nodePools"],
    "name",
    context,
  );
  nodePools.forEach(({ min, max }, index) => {
    if (min <= max) return;
    const message = `more machines at least (${min}) than at most`;
    report(context, { problemCode: "TN1007", message, allowed: `at least ${min}` }, max, [
      ...at,
      "nodePools",
      index,
      "max",
    ]);
  });
  const wanted = [
    [nodePools.some(({ spot, min }) => !spot && min > 0), "`min: 1` without `spot`", "nothing to run on"],
    [nodePools.some(({ peers }) => peers), "`peers: true`", "no machines that daemons may run on"],
  ] as const;
  for (const [holds, allowed, message] of wanted) {
    if (holds) continue;
    const names = nodePools.map(({ name }) => name);
    report(
      context,
      { problemCode: "TN1007", message: `the cluster has ${message}`, allowed: `a pool with ${allowed}` },
      names,
      [...at, "nodePools"],
    );
  }
}

function zoneChecks(
  { cloud, region, zones = [] }: Cluster,
  at: readonly PropertyKey[],
  context: Context,
): void {
  const known = CATALOG[cloud].regions[region]?.zones;
  const allowed = known?.join(", ") ?? `zones of ${region}, such as ${region}a`;
  zones.forEach((zone, index) => {
    const right = known === undefined ? new RegExp(`^${region}[a-z]$`).test(zone) : known.includes(zone);
    if (right) return;
    const message = `this is no zone of ${region} on ${cloud}`;
    report(context, { problemCode: "TN1019", message, allowed }, zone, [...at, "zones", index]);
  });
  duplicates(zones, [...at, "zones"], undefined, context);
}

function addressChecks({ addresses, clusters }: Environment, context: Context): void {
  const pins = clusters.flatMap((cluster) => cluster.addresses ?? []);
  const readable =
    isPrivateBlock(addresses.space, BLOCK_PREFIX) &&
    pins.every((pin) => isPrivateBlock(pin, BLOCK_PREFIX)) &&
    addresses.reserved.every((text) => parseCidr(text) !== undefined);
  // What is wrong by itself was reported where it stands.
  if (!readable) return;
  const { problems } = allocateAddresses({
    ...addresses,
    clusters: clusters.map(({ name, addresses: pinned }) => ({ name, addresses: pinned })),
  });
  for (const { code, message, given, allowed, remedy, index, key } of problems) {
    report(context, { problemCode: code, message, allowed, remedy }, given, ["clusters", index, key]);
  }
}

function monitoringChecks({ clusters, monitoring }: Environment, context: Context): void {
  const names = clusters.map(({ name }) => name);
  if (!names.includes(monitoring.cluster)) {
    const meant = nearest(monitoring.cluster, names);
    report(
      context,
      {
        problemCode: "TN1007",
        message: "no cluster has this name",
        allowed: names.join(", "),
        remedy: meant === undefined ? undefined : `Write \`${meant}\` if that is what was meant.`,
      },
      monitoring.cluster,
      ["monitoring", "cluster"],
    );
  }
  if (names.length > 1 && monitoring.ingest === undefined) {
    const others = names.filter((name) => name !== monitoring.cluster).join(", ");
    report(
      context,
      {
        problemCode: "TN1007",
        message: `${others} must send metrics and logs to ${monitoring.cluster}, and no way is named`,
        allowed: "{ metrics: https://…, logs: https://… }: addresses that every cluster reaches",
      },
      undefined,
      ["monitoring", "ingest"],
    );
  }
}

/** Names that stand more than once, reported where they stand again. */
function duplicates(
  names: readonly string[],
  at: readonly PropertyKey[],
  key: string | undefined,
  context: Context,
): void {
  names.forEach((name, index) => {
    if (names.indexOf(name) === index) return;
    const path = [...at, index, ...(key === undefined ? [] : [key])];
    report(context, { problemCode: "TN1021", message: "this name is used twice" }, name, path);
  });
}
