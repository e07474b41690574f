import { DefaultSecurityGroup } from "@pulumi/aws/ec2/defaultSecurityGroup";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup";
import { SecurityGroupRule } from "@pulumi/aws/ec2/securityGroupRule";
import { Listener } from "@pulumi/aws/lb/listener";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule";
import { Firewall } from "@pulumi/gcp/compute/firewall";
import { Service } from "@pulumi/kubernetes/core/v1/service";
import type { StackFacts } from "../stack";
import { at, type Check, type Findings, list, matching, of, resourceRule, text } from "../rule";

/** Ports that something lets in from everywhere. */
export interface Opening {
  /** `tcp`, `udp`, or what else there is. */
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
}

/** Ports that the configuration lets peers have: the system's lie below, NodePorts and ephemeral ones above. */
const PEERS = { from: 1024, to: 29_999, most: 5000 } as const;

/** What must never be reached by the world, inside that range. */
const PRIVATE: Readonly<Record<number, string>> = {
  2375: "Docker",
  2376: "Docker",
  2379: "etcd",
  2380: "etcd",
  3000: "Grafana",
  3085: "Mina's GraphQL",
  3389: "remote desktops",
  3500: "a beacon node's API",
  4000: "a beacon node's API",
  5052: "a beacon node's API",
  5432: "PostgreSQL",
  6060: "a debugging endpoint",
  6443: "a Kubernetes API server",
  8301: "Mina's client port",
  8545: "Ethereum's JSON-RPC",
  8546: "Ethereum's WebSocket RPC",
  8551: "the engine API",
  9090: "Prometheus",
  9100: "metrics of a machine",
  10250: "a kubelet",
};

const ANYONE = new Set<unknown>(["0.0.0.0/0", "::/0"]);

/** Only ports of peers may be open to the world. */
export function onlyPeerPortsOpen(stack: StackFacts) {
  const judge = (openings: readonly Opening[]): Findings =>
    openings.flatMap((opening) => {
      const wrong = whatIsWrong(opening, stack);
      return wrong === undefined ? [] : [`${wordsOf(opening)} is open to the world: ${wrong}`];
    });
  return resourceRule(
    {
      name: "only-peer-ports-open",
      description: "Only ports of peers may be open to the world.",
      enforcementLevel: "mandatory",
    },
    [...onAws(judge), ...onGcp(judge), ...inClusters(judge)],
  );
}

type Judge = (openings: readonly Opening[]) => Findings;

function onAws(judge: Judge): Check[] {
  return [
    of(SecurityGroupIngressRule, (rule) => judge(isAnyone(rule) ? [awsOpening(rule)] : [])),
    of(SecurityGroupRule, (rule) =>
      judge(at(rule, "type") === "ingress" && isAnyone(rule) ? [awsOpening(rule)] : []),
    ),
    of(SecurityGroup, (group) => judge(inlineOpenings(group))),
    of(DefaultSecurityGroup, (group) => judge(inlineOpenings(group))),
    // All balancers of this project are for the world.
    of(Listener, (listener) =>
      judge([{ protocol: protocolOf(at(listener, "protocol")), ...portOf(at(listener, "port")) }]),
    ),
  ];
}

function inlineOpenings(group: unknown): Opening[] {
  return list(at(group, "ingress")).filter(isAnyone).map(awsOpening);
}

function isAnyone(rule: unknown): boolean {
  const single = [at(rule, "cidrIpv4"), at(rule, "cidrIpv6")];
  const many = [...list(at(rule, "cidrBlocks")), ...list(at(rule, "ipv6CidrBlocks"))];
  return [...single, ...many].some((block) => ANYONE.has(block));
}

function awsOpening(rule: unknown): Opening {
  const protocol = protocolOf(at(rule, "ipProtocol") ?? at(rule, "protocol"));
  const [from, to] = [Number(at(rule, "fromPort")), Number(at(rule, "toPort"))];
  return { protocol, from: from >= 0 ? from : 0, to: to >= 0 ? to : 65_535 };
}

function onGcp(judge: Judge): Check[] {
  return [
    of(Firewall, (firewall) => judge(firewallOpenings(firewall))),
    matching(/^gcp:compute\/(global)?forwardingRule:/i, ({ props }) => {
      if (at(props, "loadBalancingScheme")?.toString().startsWith("INTERNAL") === true) return [];
      const protocol = protocolOf(at(props, "ipProtocol") ?? "TCP");
      const ranges = [at(props, "portRange"), ...list(at(props, "ports"))].filter(
        (range) => range !== undefined,
      );
      const wide = ranges.length === 0 ? ["0-65535"] : ranges;
      return judge(wide.map((range) => ({ protocol, ...portOf(range) })));
    }),
  ];
}

/** Without a source of any kind a firewall lets everyone in. */
function firewallOpenings(firewall: unknown): Opening[] {
  if (at(firewall, "direction") === "EGRESS" || at(firewall, "disabled") === true) return [];
  const ranges = list(at(firewall, "sourceRanges"));
  const others = [...list(at(firewall, "sourceTags")), ...list(at(firewall, "sourceServiceAccounts"))];
  const isOpen = ranges.some((range) => ANYONE.has(range)) || (ranges.length === 0 && others.length === 0);
  if (!isOpen) return [];
  return list(at(firewall, "allows")).flatMap((allow): Opening[] => {
    const protocol = protocolOf(at(allow, "protocol"));
    const ports = list(at(allow, "ports"));
    return (ports.length === 0 ? ["0-65535"] : ports).map((range) => ({ protocol, ...portOf(range) }));
  });
}

function inClusters(judge: Judge): Check[] {
  return [
    of(Service, (service) =>
      judge(
        at(service, "spec", "type") === "LoadBalancer"
          ? serviceOpenings(at(service, "spec", "ports"), "port")
          : [],
      ),
    ),
    matching(/^kubernetes:helm\.sh\/v3:Release$/, ({ props }) =>
      judge(
        list(at(props, "values", "pods")).flatMap((pod) =>
          list(at(pod, "services")).flatMap((service) =>
            at(service, "kind") === "load-balancer" ? serviceOpenings(at(service, "ports"), "number") : [],
          ),
        ),
      ),
    ),
    matching(/^kubernetes:networking\.k8s\.io\/v1:Ingress$/, () => [
      "an Ingress publishes HTTP to the world",
    ]),
  ];
}

function serviceOpenings(ports: unknown, key: string): Opening[] {
  return list(ports).map((port) => ({
    protocol: protocolOf(at(port, "protocol") ?? "TCP"),
    ...portOf(at(port, key)),
  }));
}

function protocolOf(value: unknown): string {
  return text(value)?.toLowerCase() ?? "all";
}

/** `23000`, `"23000"` or `"23000-23031"`; everything where it is none of them. */
function portOf(value: unknown): { from: number; to: number } {
  const [, from, to] =
    /^(\d+)(?:-(\d+))?$/.exec(typeof value === "number" ? String(value) : (text(value) ?? "")) ?? [];
  return from === undefined ? { from: 0, to: 65_535 } : { from: Number(from), to: Number(to ?? from) };
}

function whatIsWrong({ protocol, from, to }: Opening, { peerPorts }: StackFacts): string | undefined {
  if (!["tcp", "udp", "tcp_udp"].includes(protocol)) return "peers need TCP and UDP only";
  const allowed = peerPorts ?? PEERS;
  const isWithin = allowed.from <= from && to <= allowed.to;
  if (!isWithin) return `ports of peers lie between ${allowed.from} and ${allowed.to}`;
  if (to - from >= PEERS.most) return `at most ${PEERS.most} ports at once`;
  const [found] = Object.entries(PRIVATE).filter(([port]) => from <= Number(port) && Number(port) <= to);
  return found === undefined ? undefined : `port ${found[0]} is ${found[1]}`;
}

function wordsOf({ protocol, from, to }: Opening): string {
  return `${protocol} ${from === to ? from : `${from}-${to}`}`;
}
