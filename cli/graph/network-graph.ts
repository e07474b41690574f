import { entrancesOf, publicServices } from "../../protocols/entrances";
import { type Daemon, isOpen, type NetworkPlan, type Service } from "../../protocols/plan";
import { type Dial, dialsOf } from "./dials";
import type { Edge, Graph, GraphNode, Group } from "./graph";

/** More daemons than this are drawn as pools with counts: nobody reads a picture of more. */
const MOST_DAEMONS = 50;

const WORLD = "world";

/** A network: its clusters, pools, daemons and services, and who dials whom. Pure. */
export function networkGraph(plan: NetworkPlan): Graph {
  const { network, protocol, era, daemons, clusters } = plan;
  const collapsed = daemons.length > MOST_DAEMONS;
  const places = new Map(
    daemons.map((daemon) => [daemon.name, collapsed ? poolKey(daemon) : daemonKey(daemon)]),
  );
  for (const { name } of clusters?.services ?? []) places.set(name, serviceKey(name));
  const seeds = new Set((clusters?.seeds ?? []).map(({ daemon }) => daemon));
  return {
    title: `${network}: ${protocol}, era ${era}, ${daemons.length} daemons`,
    groups: [...clusterGroups(plan), ...(collapsed ? [] : poolGroups(daemons))],
    nodes: [
      ...(clusters === undefined ? [] : [worldNode(publicServices(clusters).length > 0)]),
      ...(collapsed ? poolNodes(daemons, seeds) : daemons.map((daemon) => daemonNode(daemon, seeds))),
      ...(clusters?.services ?? []).map(serviceNode),
    ],
    edges: [...worldEdges(plan, places), ...together(dialsOf(plan), places)],
  };
}

function daemonKey({ name }: Daemon): string {
  return `daemon ${name}`;
}

function serviceKey(name: string): string {
  return `service ${name}`;
}

/** On this machine the parts of one node are drawn together, in clusters the daemons of a pool. */
function poolKey(daemon: Daemon): string {
  return `pool ${daemon.workload?.cluster ?? ""} ${poolName(daemon)}`;
}

function poolName({ workload, node }: Daemon): string {
  return workload?.pool ?? node;
}

function clusterKey(name: string): string {
  return `cluster ${name}`;
}

/** Clusters with something of the network in them. */
function clusterGroups({ daemons, clusters }: NetworkPlan): Group[] {
  const used = [
    ...daemons.flatMap(({ workload }) => (workload === undefined ? [] : [workload.cluster])),
    ...(clusters?.services ?? []).map(({ cluster }) => cluster),
  ];
  return [...new Set(used)].map((name) => ({ key: clusterKey(name), label: name }));
}

function poolGroups(daemons: readonly Daemon[]): Group[] {
  const groups = new Map<string, Group>();
  for (const daemon of daemons) {
    const { workload } = daemon;
    groups.set(poolKey(daemon), {
      key: poolKey(daemon),
      label: poolName(daemon),
      ...(workload !== undefined && { within: clusterKey(workload.cluster) }),
    });
  }
  return [...groups.values()];
}

function daemonNode(daemon: Daemon, seeds: ReadonlySet<string>): GraphNode {
  const { name, role, client, version, workload, ports } = daemon;
  const times = workload !== undefined && workload.replicas !== 1 ? ` × ${workload.replicas}` : "";
  const open = ports.filter(isOpen).map(({ number }) => number);
  return {
    key: daemonKey(daemon),
    label: [
      `${name}${times}`,
      role,
      `${client} ${version}`,
      ...(open.length > 0 ? [open.join(", ")] : []),
    ].join("\n"),
    within: poolKey(daemon),
    shape: seeds.has(name) ? "seed" : "plain",
  };
}

/** One node for all daemons of a pool in a cluster. */
function poolNodes(daemons: readonly Daemon[], seeds: ReadonlySet<string>): GraphNode[] {
  return [...new Set(daemons.map(poolKey))].flatMap((key) => {
    const pool = daemons.filter((daemon) => poolKey(daemon) === key);
    const [first] = pool;
    if (first === undefined) return [];
    const count = pool.reduce((sum, { workload }) => sum + (workload?.replicas ?? 1), 0);
    return {
      key,
      label: [poolName(first), `${count} × ${[...new Set(pool.map(({ role }) => role))].join(", ")}`].join(
        "\n",
      ),
      ...(first.workload !== undefined && { within: clusterKey(first.workload.cluster) }),
      shape: pool.some(({ name }) => seeds.has(name)) ? ("seed" as const) : ("plain" as const),
    };
  });
}

function serviceNode({ name, cluster, ports }: Service): GraphNode {
  const label = [name, ports.map(({ number }) => number).join(", ")].filter((line) => line !== "").join("\n");
  return { key: serviceKey(name), label, within: clusterKey(cluster), shape: "service" };
}

function worldNode(hasUsers: boolean): GraphNode {
  return { key: WORLD, label: `${hasUsers ? "peers and users" : "peers"} of\nthe world`, shape: "outside" };
}

/** The world finds seeds and public services, at their own ports. */
function worldEdges(plan: NetworkPlan, places: ReadonlyMap<string, string>): Edge[] {
  const edges = entrancesOf(plan).map(({ pod, ports }): Edge => {
    const words = ports.map(({ number, transports }) => `${transports.join("+")} ${number}`);
    return { from: WORLD, to: places.get(pod) ?? WORLD, label: words.join(", ") };
  });
  const targets = [...new Set(edges.map(({ to }) => to))];
  return targets.map((to) => {
    const same = edges.filter((edge) => edge.to === to);
    return same.length === 1 && same[0] !== undefined
      ? same[0]
      : { from: WORLD, to, label: `${same.length} seeds` };
  });
}

/** One edge between two places, with how many dials it stands for. What stays within one place is not drawn. */
function together(dials: readonly Dial[], places: ReadonlyMap<string, string>): Edge[] {
  const found = new Map<string, { edge: Edge; count: number }>();
  for (const { from, to, kind } of dials) {
    const ends = { from: places.get(from), to: places.get(to) };
    if (ends.from === undefined || ends.to === undefined || ends.from === ends.to) continue;
    const key = [ends.from, ends.to, kind].join("\n");
    const edge: Edge = { from: ends.from, to: ends.to, label: kind === "peer" ? "peer" : "asks" };
    found.set(key, { edge, count: (found.get(key)?.count ?? 0) + 1 });
  }
  return [...found.values()].map(({ edge, count }) =>
    count === 1 ? edge : { ...edge, label: `${edge.label ?? ""} × ${count}` },
  );
}
