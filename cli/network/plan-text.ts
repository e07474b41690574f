import { publicServices, type ServiceEntrance } from "../../protocols/entrances";
import type { ClusterPlan, Daemon, NetworkPlan, Port } from "../../protocols/plan";
import { table } from "../ui/table";

/** The plan of a network on this machine, for a person. */
export function localPlanText(plan: NetworkPlan): string {
  const daemons = plan.daemons.map((daemon) => [
    daemon.name,
    daemon.role,
    `${daemon.client} ${daemon.version}`,
    daemon.ports.map(portText).join(", "),
  ]);
  return [
    heading(plan),
    "",
    table(["DAEMON", "ROLE", "CLIENT", "PORTS"], daemons),
    "",
    ...validatorLines(plan),
    "",
    "Arguments:",
    ...plan.daemons.map(argumentsText),
  ].join("\n");
}

/** The plan of a network of clusters, for a person: what runs where, how it is reached, what it needs. */
export function clusterPlanText(plan: NetworkPlan, withArguments: boolean): string {
  const { daemons, clusters } = plan;
  const sections = [
    [heading(plan)],
    [
      table(
        ["DAEMON", "CLUSTER", "ROLE", "PODS", "CPUS", "MEMORY", "DISK", "PEERS", "NODES"],
        daemons.map(row),
      ),
    ],
    clusters === undefined ? [] : clusterLines(plan, clusters),
    validatorLines(plan),
    withArguments
      ? ["Arguments:", ...daemons.map(argumentsText)]
      : [`The arguments of every daemon: \`testnet plan ${plan.network} --args\`.`],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function heading({ network, protocol, era, blockSeconds }: NetworkPlan): string {
  return `${network}: ${protocol}, era ${era}, a block every ${blockSeconds} s`;
}

function row({ name, role, workload, ports }: Daemon): string[] {
  if (workload === undefined) throw new Error(`${name} has no workload`);
  const { cluster, pod, replicas, resources, storageGiB, advertises, nodes } = workload;
  const peers = ports.filter(({ exposure }) => exposure === "peers").map(portText);
  return [
    pod === name ? name : `└ ${name}`,
    cluster,
    role,
    pod === name ? String(replicas) : "",
    String(resources.cpuMilli / 1000),
    `${round(resources.memoryMiB / 1024)} GiB`,
    storageGiB === 0 ? "" : `${storageGiB} GiB`,
    peers.length === 0 ? "" : `${peers.join(", ")}${advertises === "seed" ? " (seed)" : ""}`,
    [nodes.nodePool, nodes.peers === true ? "peers" : undefined, nodes.spot === true ? "spot" : undefined]
      .filter((word) => word !== undefined)
      .join(" "),
  ];
}

function clusterLines(plan: NetworkPlan, clusters: ClusterPlan): string[] {
  const { peerPorts, peerList, services } = clusters;
  const total = (of: (daemon: Daemon) => number) =>
    plan.daemons.reduce((sum, daemon) => sum + (daemon.workload?.replicas ?? 0) * of(daemon), 0);
  const cpus = total(({ workload }) => (workload?.resources.cpuMilli ?? 0) / 1000);
  const memory = total(({ workload }) => (workload?.resources.memoryMiB ?? 0) / 1024);
  const disk = total(({ workload }) => workload?.storageGiB ?? 0);
  return [
    `Together:    ${round(cpus)} CPUs, ${round(memory)} GiB of memory, ${round(disk)} GiB of disk`,
    `Open ports:  ${peerPorts.from} to ${peerPorts.to}, TCP and UDP, in every cluster`,
    ...(services.length === 0
      ? []
      : [`Services:    ${services.map(({ name, cluster }) => `${name} (${cluster})`).join(", ")}`]),
    ...publicServices(clusters).map((service) => `Public:      ${publicText(service, plan)}`),
    `Keys:        ${plan.keys.length}`,
    ...(peerList.length === 0 ? [] : ["Peer list:", ...peerList.map((peer) => `  ${peer}`)]),
  ];
}

/** At its name, or, without a domain, at a port of the machine that it runs on. */
function publicText({ pod, cluster, ports, door }: ServiceEntrance, { endpoints }: NetworkPlan): string {
  const url = endpoints.find(({ daemon }) => daemon === pod)?.url;
  const place = url ?? `port ${ports.map(({ number }) => number).join(", ")} of its machine`;
  return `${door.title} at ${place} (${pod}, ${cluster})`;
}

function validatorLines({ keys }: NetworkPlan): string[] {
  return keys.flatMap((key) =>
    key.kind === "validators" ? [`validators ${key.from} to ${key.from + key.count - 1}: ${key.name}`] : [],
  );
}

function argumentsText({ name, program, args, workload }: Daemon): string {
  const command = workload === undefined ? [program] : workload.image.command;
  return `\n${name}\n  ${[command.join(" "), ...byFlag(args)].join(" \\\n    ")}`;
}

/** A flag and its value on one line, for clients that take them as two words. */
function byFlag(args: readonly string[]): string[] {
  const lines: string[] = [];
  for (const argument of args) {
    const last = lines.at(-1);
    const isValue = !argument.startsWith("-") && last?.startsWith("-") === true && !/[ =]/.test(last);
    if (isValue) lines.splice(-1, 1, `${last} ${argument}`);
    else lines.push(argument);
  }
  return lines;
}

function portText({ name, number, transports }: Port): string {
  return `${name} ${number}/${transports.join("+")}`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
