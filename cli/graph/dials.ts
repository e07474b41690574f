import type { Daemon, NetworkPlan, Service } from "../../protocols/plan";

/** Somebody reaches out to somebody else: both are names of daemons or services. */
export interface Dial {
  readonly from: string;
  readonly to: string;
  /** Whether it is a peer it was told of, or a program whose answers it needs. */
  readonly kind: "peer" | "client";
}

/** Public parts of another's key: whoever names one dials its owner. */
const KEY_OF_OTHER = /\{\{(?:enode|enr|peer-id|seed-ip) ([^}\s/]+)[^}]*\}\}/g;
const HOST_AND_PORT = /(?<![\w.-])([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?):(\d{2,5})(?!\d)/gi;
const THIS_MACHINE = new Set(["127.0.0.1", "localhost"]);

/**
 * Who dials whom, read from what each daemon and service is told: its arguments, variables and files. So the picture
 * shows what runs, not what was meant. Pure.
 */
export function dialsOf(plan: NetworkPlan): Dial[] {
  const owners = new Owners(plan);
  const services = plan.clusters?.services ?? [];
  const found = [...plan.daemons, ...services].flatMap((one) =>
    textsOf(one).flatMap((text) => [
      ...peersIn(text, owners).map((to): Dial => ({ from: one.name, to, kind: "peer" })),
      ...serversIn(text, one, owners).map((to): Dial => ({ from: one.name, to, kind: "client" })),
    ]),
  );
  const byPair = new Map<string, Dial>();
  // A multiaddress names the peer's key and its host: the key tells more.
  for (const dial of found.filter(({ from, to }) => from !== to)) {
    const pair = `${dial.from} ${dial.to}`;
    if (byPair.get(pair)?.kind !== "peer") byPair.set(pair, dial);
  }
  return [...byPair.values()];
}

function textsOf({ args, env, files }: Daemon | Service): string[] {
  return [...args, ...Object.values(env), ...files.map(({ content }) => content)];
}

function peersIn(text: string, owners: Owners): string[] {
  return [...text.matchAll(KEY_OF_OTHER)].flatMap(([, key = ""]) => owners.ofKey(key) ?? []);
}

function serversIn(text: string, from: Daemon | Service, owners: Owners): string[] {
  return [...text.matchAll(HOST_AND_PORT)].flatMap(([, host = "", port = ""]) => {
    const to = THIS_MACHINE.has(host)
      ? owners.besides(from, Number(port))
      : owners.ofHost(host.split(".")[0] ?? "", Number(port));
    return to ?? [];
  });
}

/** Who answers for a key, a name of a host, a port. */
class Owners {
  private readonly byName: ReadonlyMap<string, Daemon | Service>;
  private readonly byPod = new Map<string, Daemon[]>();
  private readonly byLabel: ReadonlyMap<string, string>;

  constructor(private readonly plan: NetworkPlan) {
    const services = plan.clusters?.services ?? [];
    this.byName = new Map([...plan.daemons, ...services].map((one) => [one.name, one]));
    this.byLabel = new Map((plan.clusters?.seeds ?? []).map(({ label, daemon }) => [label, daemon]));
    for (const daemon of plan.daemons) {
      const pod = podOf(daemon);
      this.byPod.set(pod, [...(this.byPod.get(pod) ?? []), daemon]);
    }
  }

  /** A key is named as its daemon, or after it: `seed-1-libp2p`. */
  ofKey(key: string): string | undefined {
    const words = key.split("-");
    const names = words.map((_, index) => words.slice(0, words.length - index).join("-"));
    return names.find((name) => this.byName.has(name));
  }

  /** The daemon of a pod that listens there, a service, or a seed by its public name. */
  ofHost(name: string, port: number): string | undefined {
    const pod = this.byPod.get(name) ?? [];
    const listening = pod.find((daemon) => daemon.ports.some(({ number }) => number === port));
    return listening?.name ?? (this.byName.has(name) ? name : this.byLabel.get(name));
  }

  /** Whoever listens on a port of the same pod, or of this machine. */
  besides(from: Daemon | Service, port: number): string | undefined {
    const here = "node" in from && from.workload !== undefined ? this.byPod.get(podOf(from)) : undefined;
    const candidates = here ?? ("node" in from ? this.plan.daemons : []);
    return candidates.find(({ ports }) => ports.some(({ number }) => number === port))?.name;
  }
}

function podOf({ name, workload }: Daemon): string {
  return workload?.pod ?? name;
}
