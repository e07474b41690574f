import * as pulumi from "@pulumi/pulumi";
import { type AfterStart, type Daemon, type NetworkPlan, readinessPort } from "../../protocols/plan";
import type { PortRange } from "./network-record";
import {
  AfterStartResource,
  GenesisResource,
  HomeResource,
  KeysResource,
  ProcessResource,
  type StoppedFirst,
} from "./resources";

export interface LocalNetworkArgs {
  readonly plan: NetworkPlan;
  /** Ports reserved for the network on this machine. */
  readonly ports: PortRange;
}

/**
 * A network as processes of this machine: its home, its keys, its genesis, then every daemon. Daemons start as soon as
 * those they need run, and stop in the opposite order.
 *
 * Raising the plan's era replaces keys and genesis and restarts every daemon on empty data.
 *
 * @example new LocalNetwork("local", { plan, ports }, { providers: [new LocalProvider("machine", { home })] });
 */
export class LocalNetwork extends pulumi.ComponentResource {
  /** Process id by daemon. */
  readonly pids: pulumi.Output<Record<string, number>>;
  /** Log file by daemon. */
  readonly logs: pulumi.Output<Record<string, string>>;
  /** Unix seconds of the chain's first slot. */
  readonly genesisTime: pulumi.Output<number>;

  constructor(name: string, args: LocalNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:local:Network", name, {}, opts);
    const { plan } = args;
    const { network, era } = plan;

    const home = new HomeResource(
      `${name}-home`,
      { network, era, ports: args.ports, listening: listening(plan.daemons) },
      { parent: this },
    );
    const keys = new KeysResource(
      `${name}-keys`,
      { network, era, requests: plan.keys },
      { parent: this, dependsOn: [home] },
    );
    const genesis = new GenesisResource(
      `${name}-genesis`,
      { network, era, genesis: plan.genesis },
      { parent: this, dependsOn: [keys] },
    );
    const processes = this.startDaemons(name, plan, genesis);
    const pids = mapValues(processes, (process) => process.pid);

    this.pids = pulumi.output(pids);
    this.logs = pulumi.output(mapValues(processes, (process) => process.log));
    this.genesisTime = genesis.genesisTime;
    this.registerOutputs({ pids: this.pids, logs: this.logs, genesisTime: this.genesisTime });
  }

  /**
   * Daemons that an action is about start first, then the actions, then those that need them: validators must not propose
   * before their node knows the chain's head.
   */
  private startDaemons(
    name: string,
    plan: NetworkPlan,
    genesis: GenesisResource,
  ): Record<string, ProcessResource> {
    const processes: Record<string, ProcessResource> = {};
    const { network, era } = plan;
    const start = (daemon: Daemon, needed: readonly pulumi.Resource[]) => {
      const before = Object.values(pick(processes, daemon.after));
      const restartsWith = mapValues(pick(processes, daemon.restartsWith), (process) => process.pid);
      processes[daemon.name] = new ProcessResource(
        `${name}-${daemon.name}`,
        { network, era, daemon, stopsFirst: restartingWith(daemon, plan.daemons), restartsWith },
        { parent: this, dependsOn: [genesis, ...needed, ...before] },
      );
    };
    const ordered = inStartOrder(plan.daemons);
    const concerned = new Set(plan.afterStart.flatMap(daemonsOf));
    ordered.filter((daemon) => concerned.has(daemon.name)).forEach((daemon) => start(daemon, []));
    const actions = this.act(name, plan, processes);
    ordered.filter((daemon) => !concerned.has(daemon.name)).forEach((daemon) => start(daemon, actions));
    return processes;
  }

  /** The plan's actions, one after the other. */
  private act(
    name: string,
    { network, era, daemons, afterStart }: NetworkPlan,
    processes: Readonly<Record<string, ProcessResource>>,
  ): AfterStartResource[] {
    const endpoints = endpointsOf(daemons);
    const actions: AfterStartResource[] = [];
    for (const action of afterStart) {
      const about = pick(processes, daemonsOf(action));
      const pids = mapValues(about, (process) => process.pid);
      const options = { parent: this, dependsOn: [...Object.values(about), ...actions] };
      actions.push(
        new AfterStartResource(`${name}-${action.kind}`, { network, era, action, endpoints, pids }, options),
      );
    }
    return actions;
  }
}

/** The daemons an action is about. */
function daemonsOf(action: AfterStart): readonly string[] {
  switch (action.kind) {
    case "align-execution-heads":
      return action.pairs.flatMap(({ execution, consensus }) => [execution, consensus]);
    case "await-common-head":
      return action.consensus;
  }
}

/** Those that are stopped before a daemon is started, because they restart with it. */
function restartingWith({ name }: Daemon, daemons: readonly Daemon[]): StoppedFirst[] {
  return daemons
    .filter((daemon) => daemon.restartsWith.includes(name))
    .map((daemon) => ({
      name: daemon.name,
      program: daemon.program,
      graceSeconds: daemon.stop.graceSeconds,
    }));
}

function pick<T>(record: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => names.includes(name)));
}

/** Daemons so that each comes after those it needs. The plan has no circles: `after` names daemons planned before. */
function inStartOrder(daemons: readonly Daemon[]): Daemon[] {
  const byName = new Map(daemons.map((daemon) => [daemon.name, daemon]));
  const ordered = new Set<Daemon>();
  const visit = (daemon: Daemon): void => {
    if (ordered.has(daemon)) return;
    daemon.after.forEach((name) => {
      const needed = byName.get(name);
      if (needed !== undefined) visit(needed);
    });
    ordered.add(daemon);
  };
  daemons.forEach(visit);
  return [...ordered];
}

function listening(daemons: readonly Daemon[]) {
  return Object.fromEntries(
    daemons.map(({ name, ports }) => [name, ports.map(({ number, transports }) => ({ number, transports }))]),
  );
}

/** Address of the API that actions use, by daemon. */
function endpointsOf(daemons: readonly Daemon[]): Record<string, string> {
  return Object.fromEntries(
    daemons.flatMap((daemon) => {
      const port = readinessPort(daemon);
      return port === undefined ? [] : [[daemon.name, `http://127.0.0.1:${port.number}`] as const];
    }),
  );
}

function mapValues<In, Out>(
  record: Readonly<Record<string, In>>,
  change: (value: In) => Out,
): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
