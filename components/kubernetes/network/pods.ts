import { type Problem, TestnetError } from "../../../errors/problem";
import type { Daemon, NetworkPlan, Port, Service, Workload } from "../../../protocols/plan";
import { serviceNodes } from "../../../protocols/entrances";
import { ref } from "../../../protocols/references";
import { nodeLabels } from "../../contracts";
import { shortHash } from "../../naming";
import {
  renderContainer,
  renderDaemon,
  type RenderContext,
  type RenderedContainer,
  type Runnable,
} from "./daemon";
import type { Texts } from "./texts";
import type { BundleValues, LookupValues, PodValues, ServiceValues } from "./values";

/** What pods are rendered with. */
export interface PodContext extends RenderContext {
  /** A cluster we did not make: its nodes have none of our labels, and maybe no public address. */
  readonly bare: boolean;
  readonly bundle: (pod: string) => BundleValues;
  /** Load balancers of entrances by pod. */
  readonly loadBalancers: Readonly<Record<string, NonNullable<ServiceValues["loadBalancer"]>>>;
}

/** With what is looked up for every pod. */
interface IndexedContext extends PodContext {
  readonly publicParts: ReadonlyMap<string, [string, string][]>;
}

/** A pod with the pool it belongs to. */
export interface PlacedPod {
  readonly pool: string;
  readonly spread: Workload["spread"];
  readonly pod: PodValues;
}

const SERVICE_GRACE_SECONDS = 30;

/** First port that is tried for the keeper of leases. */
const KEEPER_PORT = 9808;

/**
 * All pods of the plan in one cluster, in the plan's order. Pure.
 * @throws TestnetError with every problem of every pod (TN2017, TN2018)
 */
export function podsOf(plan: NetworkPlan, cluster: string, asked: PodContext): PlacedPod[] {
  const problems: Problem[] = [];
  const context: IndexedContext = { ...asked, publicParts: publicParts(asked.publicKeys) };
  const here = plan.daemons.filter(({ workload }) => workload?.cluster === cluster);
  const pods = [...groupBy(here, ({ workload }) => workload?.pod ?? "")].map(([name, daemons]) =>
    daemonPod(name, daemons, plan, context, problems),
  );
  const services = (plan.clusters?.services ?? [])
    .filter((service) => service.cluster === cluster)
    .map((service) => servicePod(service, plan.network, context, problems));
  if (problems.length > 0) throw new TestnetError(problems);
  return [...pods, ...services];
}

function daemonPod(
  name: string,
  daemons: readonly Daemon[],
  plan: NetworkPlan,
  context: IndexedContext,
  problems: Problem[],
): PlacedPod {
  // The daemon that the pod is named after comes first: logs and commands take the first container by default.
  const [main, ...companions] = [...daemons].sort(
    (left, right) => Number(right.name === name) - Number(left.name === name),
  );
  const workload = main?.workload;
  if (main === undefined || workload === undefined) throw new Error(`pod ${name} has no daemon`);
  const containers = [main, ...companions].map((daemon) => renderDaemon(daemon, context));
  const { pool, spread, kind, replicas, nodes, clients } = workload;
  const pod = podValues(name, containers, plan.network, context, {
    ...{ kind, replicas, role: main.role, advertises: workload.advertises },
    nodeSelector: context.bare ? {} : selectorOf(nodes),
    graceSeconds: Math.max(...daemons.map(({ stop }) => Math.ceil(stop.graceSeconds))),
    clients: [...clients],
    leases: [...new Set(daemons.flatMap((daemon) => daemon.workload?.leases ?? []))],
    metricsPorts: daemons.flatMap((daemon) => metricsPorts(daemon.ports, daemon.workload?.metricsPath)),
    ports: daemons.flatMap(({ ports }) => ports),
  });
  problems.push(...containers.flatMap((one) => one.problems), ...addressProblems(name, containers, workload));
  return { pool, spread, pod: context.seeds.has(name) ? entered(pod, context) : pod };
}

function servicePod(
  service: Service,
  network: string,
  context: IndexedContext,
  problems: Problem[],
): PlacedPod {
  const { name, replicas, storageGiB, ports, door } = service;
  const first = ports.find(({ transports }) => transports.includes("tcp"));
  const runnable: Runnable = {
    ...service,
    ...{ role: "service", leases: [] },
    readiness: first && { kind: "tcp", port: first.name, timeoutSeconds: 300 },
  };
  const container = renderContainer(runnable, context);
  problems.push(...container.problems);
  const pod = podValues(name, [container], network, context, {
    kind: storageGiB > 0 ? "one" : "many",
    ...{ replicas, role: "service", advertises: "none", leases: [], clients: [] },
    nodeSelector: context.bare ? {} : selectorOf(serviceNodes(service)),
    graceSeconds: SERVICE_GRACE_SECONDS,
    metricsPorts: metricsPorts(ports, service.metricsPath),
    ports,
  });
  return {
    pool: name,
    spread: replicas > 1 ? "soft" : "none",
    pod: door === undefined ? pod : entered(pod, context),
  };
}

interface PodFacts extends Pick<
  PodValues,
  "kind" | "replicas" | "role" | "nodeSelector" | "graceSeconds" | "clients" | "metricsPorts"
> {
  readonly advertises: Workload["advertises"];
  readonly leases: readonly string[];
  /** All that its containers listen on. */
  readonly ports: readonly Port[];
}

function podValues(
  name: string,
  rendered: readonly RenderedContainer[],
  network: string,
  context: IndexedContext,
  { advertises, leases, ports, ...facts }: PodFacts,
): PodValues {
  const containers = rendered.map(({ values }) => values);
  const needs = rendered.map((one) => one.needs);
  const secrets = containers.flatMap((container) => container.secrets);
  const group = containers.find(({ user }) => user !== undefined)?.user?.gid;
  return {
    name,
    ...facts,
    ...(group !== undefined && { group }),
    keysVersion: keysVersion(secrets, context.publicParts),
    lookups: lookupsOf(name, needs, network, advertises, context),
    ...(secrets.length > 0 && { bundle: context.bundle(name) }),
    ...(leases.length > 0 && {
      keeper: { port: keeperPort(ports), leases: leases.map(leaseName).sort() },
    }),
    containers,
    services: containers.map((one) => ({ name: one.name, kind: "headless", ports: one.ports })),
  };
}

/** What stands for addresses in texts, and how they are found when the pod starts. */
function lookupsOf(
  pod: string,
  needs: readonly Texts[],
  network: string,
  advertises: Workload["advertises"],
  { addresses, bare }: PodContext,
): LookupValues[] {
  const seeds = [...new Set(needs.flatMap(({ soughtSeeds }) => [...soughtSeeds]))].sort();
  const sought = seeds.map((seed): LookupValues => ({
    kind: "name",
    marker: ref.seedIp(seed),
    host: `${addressServiceName(seed)}.${network}.svc.cluster.local`,
  }));
  if (!needs.some(({ usesExternalIp }) => usesExternalIp)) return sought;
  const reserved = advertises === "seed" ? addresses[pod] : undefined;
  const own: LookupValues =
    reserved === undefined
      ? { kind: "node", marker: ref.externalIp, internal: bare }
      : { kind: "given", marker: ref.externalIp, address: reserved };
  return [own, ...sought];
}

/** The pod of an entrance, with the Services that lead to it from there. */
function entered(pod: PodValues, context: PodContext): PodValues {
  return { ...pod, services: [...pod.services, ...addressServices(pod, context)] };
}

/** Where the address does not come with the machine: a load balancer, or an address within the cluster. */
function addressServices(pod: PodValues, context: PodContext): ServiceValues[] {
  const ports = pod.containers.flatMap((container) => container.ports.filter((port) => port.public));
  const loadBalancer = context.loadBalancers[pod.name];
  const name = addressServiceName(pod.name);
  if (loadBalancer !== undefined) return [{ name, kind: "load-balancer", ports, loadBalancer }];
  if (context.addresses[pod.name] === undefined) return [{ name, kind: "cluster-ip", ports }];
  return [];
}

function addressServiceName(pod: string): string {
  return `${pod}-address`;
}

function addressProblems(
  pod: string,
  containers: readonly RenderedContainer[],
  { advertises }: Workload,
): Problem[] {
  if (advertises !== "none" || !containers.some(({ needs }) => needs.usesExternalIp)) return [];
  const message = "it advertises no address, so its arguments cannot name one";
  return [{ code: "TN2017", at: pod, message, given: ref.externalIp }];
}

function metricsPorts(ports: Daemon["ports"], path: string | undefined): number[] {
  return path === undefined ? [] : ports.filter(({ name }) => name === "metrics").map(({ number }) => number);
}

function selectorOf(nodes: Workload["nodes"]): Record<string, string> {
  const all = nodeLabels({
    name: nodes.nodePool ?? "",
    peers: nodes.peers ?? false,
    spot: nodes.spot ?? false,
  });
  const asked = {
    "testnet/pool": nodes.nodePool,
    "testnet/peers": nodes.peers,
    "testnet/spot": nodes.spot,
  } as const;
  return Object.fromEntries(
    Object.entries(all).filter(([label]) => asked[label as keyof typeof asked] !== undefined),
  );
}

function keeperPort(ports: readonly Port[]): number {
  const taken = new Set(ports.map(({ number }) => number));
  let port = KEEPER_PORT;
  while (taken.has(port)) port++;
  return port;
}

/** The name of the Lease of a key. */
export function leaseName(key: string): string {
  const allowed = key.toLowerCase().replace(/[^a-z0-9.-]/g, "-");
  return allowed === key ? key : `${allowed}-${shortHash(key)}`;
}

/** Public parts by the name of their key: all that begins with it up to a slash. */
function publicParts(publicKeys: Readonly<Record<string, string>>): Map<string, [string, string][]> {
  return groupBy(Object.entries(publicKeys), ([reference]) => keyName(reference.split(" ")[1] ?? ""));
}

function keyName(file: string): string {
  return file.split("/")[0] ?? "";
}

/** Changes when a key of these files was replaced. Where a key has no public part, nobody can tell. */
function keysVersion(secrets: readonly string[], parts: ReadonlyMap<string, [string, string][]>): string {
  const used = [...new Set(secrets.map(keyName))].sort().flatMap((name) => parts.get(name) ?? []);
  const sorted = used.sort(([left], [right]) => (left < right ? -1 : 1));
  return sorted.length === 0 ? "" : shortHash(JSON.stringify(sorted));
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}
