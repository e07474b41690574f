import { TestnetError, type Problem } from "../errors/problem";
import { type Daemon, isOpen, type KeyRequest, type NetworkPlan, type Port } from "./plan";
import { secretsOf } from "./secrets";

/** Longest name of a DNS label (RFC 1035), which names of Services and namespaces are. */
const MAX_LABEL = 63;

/** Longest name of a StatefulSet: its pods carry it in a label, with a dash and ten characters of a hash behind it. */
const MAX_STATEFUL_SET = 52;

/** Longest name of a Helm release. */
const MAX_RELEASE = 53;

/**
 * What no target may be asked to make: daemons sharing a key, overlapping validator ranges, ports that clash, names that
 * are none. Checked on the plan, whatever protocol made it, before anything is created.
 * @throws TestnetError with all problems at once (TN1010, TN1011, TN1012).
 */
export function refuseUnsound(plan: NetworkPlan): NetworkPlan {
  const problems = [
    ...networkNameProblems(plan),
    ...nameProblems(plan),
    ...poolNameProblems(plan.daemons),
    ...portProblems(listenersOf(plan)),
    ...keyProblems(plan.keys),
    ...sharedKeyProblems(plan),
    ...leaseProblems(plan.daemons),
    ...validatorRangeProblems(plan.keys),
  ];
  if (problems.length > 0) throw new TestnetError(problems);
  return plan;
}

/** In clusters the network's name is that of a namespace. */
function networkNameProblems({ network, clusters }: NetworkPlan): Problem[] {
  return clusters === undefined ? [] : badName(network, MAX_LABEL, "a namespace");
}

function nameProblems({ daemons, clusters }: NetworkPlan): Problem[] {
  const seen = new Set<string>();
  const named = [
    ...daemons.map((daemon) => ({ name: daemon.name, longest: longestName(daemon), what: "daemon" })),
    ...(clusters?.services ?? []).map(({ name }) => ({ name, longest: MAX_STATEFUL_SET, what: "service" })),
  ];
  return named.flatMap(({ name, longest, what }): Problem[] => {
    const twice = seen.has(name);
    seen.add(name);
    if (twice) {
      return [
        {
          code: "TN1012",
          at: name,
          message:
            what === "daemon" ? "two daemons have this name" : "a daemon or another service has this name",
        },
      ];
    }
    return badName(name, longest, `a ${what}`);
  });
}

/** A daemon with a pod of its own names a StatefulSet, or a Deployment; a companion names a Service only. */
function longestName({ name, workload }: Daemon): number {
  return workload?.kind === "one" && workload.pod === name ? MAX_STATEFUL_SET : MAX_LABEL;
}

function poolNameProblems(daemons: readonly Daemon[]): Problem[] {
  const pools = new Set(daemons.flatMap(({ workload }) => workload?.pool ?? []));
  return [...pools].flatMap((pool) => badName(pool, MAX_RELEASE, "a pool, which is a Helm release"));
}

function badName(name: string, longest: number, what: string): Problem[] {
  if (name.length <= longest && /^[a-z](-?[a-z0-9])*$/.test(name)) return [];
  return [
    {
      code: "TN1012",
      at: name,
      message: `this cannot be the name of ${what}`,
      given: name,
      allowed: `up to ${longest} lower-case letters, digits and single hyphens, starting with a letter`,
    },
  ];
}

/** A daemon or a service, by where it listens. */
interface Listener {
  readonly name: string;
  readonly ports: readonly Port[];
  /** Undefined on this machine. */
  readonly place: { readonly pod: string; readonly cluster: string } | undefined;
}

function listenersOf({ daemons, clusters }: NetworkPlan): Listener[] {
  return [
    ...daemons.map(({ name, ports, workload }) => ({ name, ports, place: workload })),
    ...(clusters?.services ?? []).map(({ name, ports, cluster }) => ({
      ...{ name, ports },
      place: { pod: name, cluster },
    })),
  ];
}

/**
 * One machine has one of each port. Daemons of this machine share all of them; pods have ports of their own, but those that
 * the world reaches are the machine's, and pods of one cluster may come to one machine.
 */
function portProblems(listeners: readonly Listener[]): Problem[] {
  const owners = new Map<string, string>();
  return listeners.flatMap((listener) =>
    listener.ports.flatMap((port) => [
      ...rangeProblems(listener, port),
      ...port.transports.flatMap((transport): Problem[] => {
        const number = `${port.number}/${transport}`;
        const keys = placesOf(listener, port).map((place) => `${place} ${number}`);
        const owner = keys.map((key) => owners.get(key)).find((name) => name !== undefined);
        keys.forEach((key) => owners.set(key, listener.name));
        if (owner === undefined) return [];
        const message = `port ${port.name} is also a port of ${owner}`;
        return [{ code: "TN1010", at: listener.name, message, given: number }];
      }),
    ]),
  );
}

function rangeProblems(listener: Listener, { name, number }: Port): Problem[] {
  if (number >= 1 && number <= 65_535) return [];
  const message = `port ${name} is outside the range of ports`;
  return [{ code: "TN1010", at: listener.name, message, given: number, allowed: "1 to 65535" }];
}

/** Where nobody else may have the port: this machine, or the pod and, for open ports, the cluster's machines. */
function placesOf({ place }: Listener, port: Port): string[] {
  if (place === undefined) return ["this machine"];
  const pod = `pod ${place.pod}`;
  return isOpen(port) ? [pod, `machines of ${place.cluster}`] : [pod];
}

function keyProblems(keys: readonly KeyRequest[]): Problem[] {
  const seen = new Set<string>();
  return keys.flatMap((key): Problem[] => {
    const twice = seen.has(key.name);
    seen.add(key.name);
    return twice ? [{ code: "TN1011", at: key.name, message: "two daemons would share this key" }] : [];
  });
}

/** Keys that say who one is, or sign what must be signed once. Of two users one is cut off, doubts the chain, or is slashed. */
const EXCLUSIVE: ReadonlySet<KeyRequest["kind"]> = new Set([
  "enode",
  "enr",
  "validators",
  "mina-wallet",
  "mina-libp2p",
]);

/** Keys whose files are given to two pods, or to a pod of which there are several. */
function sharedKeyProblems({ daemons, keys }: NetworkPlan): Problem[] {
  const exclusive = new Set(keys.filter(({ kind }) => EXCLUSIVE.has(kind)).map(({ name }) => name));
  const users = new Map<string, string>();
  const problems: Problem[] = [];
  for (const daemon of daemons) {
    const pod = daemon.workload?.pod ?? daemon.name;
    const used = new Set(secretsOf(daemon).map((file) => file.split("/", 1)[0] ?? file));
    for (const key of used) {
      if (!exclusive.has(key)) continue;
      const user = users.get(key);
      if (user === undefined) users.set(key, pod);
      if (user !== undefined && user !== pod) {
        problems.push(sharedKey(pod, `${user} has the key ${key} as well`));
      }
      if (daemon.workload?.kind === "many") {
        problems.push(sharedKey(pod, `all its pods would have the key ${key}`));
      }
    }
  }
  return problems;
}

/** A Lease that two pods must hold keeps one of them down for ever. */
function leaseProblems(daemons: readonly Daemon[]): Problem[] {
  const holders = new Map<string, string>();
  return daemons.flatMap(({ workload }) =>
    (workload?.leases ?? []).flatMap((lease): Problem[] => {
      const pod = workload?.pod ?? "";
      const holder = holders.get(lease);
      holders.set(lease, pod);
      if (holder === undefined || holder === pod) return [];
      return [sharedKey(pod, `${holder} holds the lease of the key ${lease} as well`)];
    }),
  );
}

function sharedKey(pod: string, message: string): Problem {
  return { code: "TN1011", at: pod, message };
}

/** Two clients signing with one validator key are slashed. */
function validatorRangeProblems(keys: readonly KeyRequest[]): Problem[] {
  const ranges = keys
    .filter((key) => key.kind === "validators")
    .sort((left, right) => left.from - right.from || right.count - left.count);
  return ranges.flatMap((range, index): Problem[] => {
    const previous = ranges[index - 1];
    if (previous === undefined || previous.from + previous.count <= range.from) return [];
    return [
      {
        code: "TN1011",
        at: range.name,
        message: `its validator keys overlap those of ${previous.name}`,
        given: `${range.from} to ${range.from + range.count - 1}`,
        allowed: `from ${previous.from + previous.count}`,
      },
    ];
  });
}
