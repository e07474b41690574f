import { TestnetError } from "../errors/problem";
import { type NetworkSettings, planNetwork, portsNeeded } from "../protocols/network";
import type { LocalPlacement, NetworkPlan } from "../protocols/plan";
import { nextEra } from "../components/local/chain-state";
import { NetworkHome } from "../components/local/home";
import type { PortRange } from "../components/local/network-record";
import { allocatePorts, readNetworkRecord } from "../components/local/network-records";
import { readProcessRecord, recordIsAlive } from "../components/local/processes";
import type { StackConfig } from "./config/schema";
import { kindOf } from "./kind";

/** The plan of a local network with what this machine adds to it. */
export interface LocalPlan {
  readonly plan: NetworkPlan;
  /** Ports reserved for the network. */
  readonly ports: PortRange;
  /** Whether the chain of the era before was lost in a crash (TN3004), so that this plan starts the next one. */
  readonly chainLost: boolean;
}

/**
 * Plans a network for this machine: on the ports it holds or the lowest free ones, and on the chain it runs or, where that
 * was lost in a crash, on a fresh one. Reads the state directory, writes nothing.
 * @throws TestnetError with every problem of the settings
 */
export function planLocal(home: string, stack: string, settings: NetworkSettings): LocalPlan {
  const ports = portRange(home, stack, settings);
  const running = readNetworkRecord(home, stack)?.era ?? 1;
  const planOf = (era: number) => planNetwork(settings, placementOf(stack, ports, era));
  const plan = planOf(Math.max(settings.era, running));
  const { era, lost } = nextEra(processStates(home, plan), plan.chainKeepers, plan.era);
  return { plan: lost ? planOf(era) : plan, ports, chainLost: lost };
}

/** Where a network of this machine stands, now. */
export function localPlacement(home: string, stack: string, settings: NetworkSettings): LocalPlacement {
  const running = readNetworkRecord(home, stack)?.era ?? 1;
  return placementOf(stack, portRange(home, stack, settings), Math.max(settings.era, running));
}

/** Everything of a local network binds loopback and takes no peer from elsewhere. */
function placementOf(network: string, ports: PortRange, era: number): LocalPlacement {
  return {
    target: "local",
    network,
    host: "127.0.0.1",
    peersWithin: "127.0.0.0/8",
    discovery: false,
    portsFrom: ports.from,
    era,
    mayPause: true,
  };
}

function portRange(home: string, stack: string, settings: NetworkSettings): PortRange {
  const size = portsNeeded(settings);
  if (settings.ports === undefined) return allocatePorts(home, stack, size);
  const { from } = settings.ports;
  return { from, to: from + size - 1 };
}

function processStates(home: string, plan: NetworkPlan) {
  const directories = new NetworkHome(home, plan.network);
  return plan.daemons.flatMap((daemon) => {
    const record = readProcessRecord(directories.processRecord(daemon.name));
    return record === undefined ? [] : [{ record, alive: recordIsAlive(record) }];
  });
}

/** A stack whose network runs on this machine. */
export interface LocalStackConfig {
  readonly environment: "local";
  readonly network: NetworkSettings;
}

/** Refuses what a command for networks of this machine cannot do. @throws TestnetError TN1013 */
export function requireLocal(config: StackConfig): asserts config is LocalStackConfig {
  const { kind } = kindOf(config);
  if (kind === "local network") return;
  throw new TestnetError({
    code: "TN1013",
    at: "testnet:environment",
    message:
      kind === "environment"
        ? "this stack is an environment of clusters: the command is for networks"
        : "this command is for networks on this machine",
    given: config.environment,
    allowed: "local",
  });
}
