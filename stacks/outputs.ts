import type * as pulumi from "@pulumi/pulumi";
import type { Endpoint, NetworkPlan } from "../protocols/plan";
import type { Lifetime } from "./lifetime";

/** Version of the outputs' shape; raised when a field changes its meaning or goes. */
export const OUTPUTS_VERSION = 1;

/** What a network stack tells: read by `pulumi stack output`, by programs, by other stacks. Nothing secret. */
export interface NetworkOutputs {
  readonly version: typeof OUTPUTS_VERSION;
  readonly protocol: string;
  readonly network: string;
  readonly era: number;
  readonly lifetime: Lifetime;
  /** Null where nobody wrote it down. */
  readonly owner: string | null;
  /** What to connect to, most wanted first. */
  readonly endpoints: readonly Endpoint[];
  /** Unix seconds of the chain's first slot. */
  readonly genesisTime: pulumi.Output<number>;
  readonly daemons: readonly DaemonOutput[];
}

export interface DaemonOutput {
  readonly name: string;
  readonly node: string;
  readonly role: string;
  readonly client: string;
  readonly version: string;
  /** Port number by name. */
  readonly ports: Readonly<Record<string, number>>;
  readonly pid: pulumi.Output<number | undefined>;
  readonly log: pulumi.Output<string | undefined>;
}

/** What the target made of the plan. */
export interface DeployedNetwork {
  readonly pids: pulumi.Output<Record<string, number>>;
  readonly logs: pulumi.Output<Record<string, string>>;
  readonly genesisTime: pulumi.Output<number>;
}

export function networkOutputs(
  plan: NetworkPlan,
  deployed: DeployedNetwork,
  origin: Pick<NetworkOutputs, "lifetime" | "owner">,
): NetworkOutputs {
  return {
    version: OUTPUTS_VERSION,
    protocol: plan.protocol,
    network: plan.network,
    era: plan.era,
    ...origin,
    endpoints: plan.endpoints,
    genesisTime: deployed.genesisTime,
    daemons: plan.daemons.map(({ name, node, role, client, version, ports }) => ({
      name,
      node,
      role,
      client,
      version,
      ports: Object.fromEntries(ports.map((port) => [port.name, port.number])),
      pid: deployed.pids.apply((pids) => pids[name]),
      log: deployed.logs.apply((logs) => logs[name]),
    })),
  };
}
