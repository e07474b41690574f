import { planEthereum } from "./ethereum/plan";
import type { EthereumNetwork } from "./ethereum/settings";
import { portCount } from "./ethereum/topology";
import type { LocalPlacement, NetworkPlan, Placement } from "./plan";
import { refuseUnsound } from "./refusals";

/** Settings of a network of any protocol. */
export type NetworkSettings = EthereumNetwork;

/** What a protocol gives to the rest of the program. */
interface ProtocolModule {
  readonly plan: (settings: NetworkSettings, placement: Placement) => NetworkPlan;
  readonly portCount: (settings: NetworkSettings) => number;
}

const PROTOCOLS: Readonly<Record<"ethereum", ProtocolModule>> = {
  ethereum: { plan: (settings, placement) => planEthereum(settings, placement as LocalPlacement), portCount },
};

/** The plan of a network of any protocol. @throws TestnetError with every problem at once. */
export function planNetwork(settings: NetworkSettings, placement: Placement): NetworkPlan {
  return refuseUnsound(PROTOCOLS[settings.protocol].plan(settings, placement));
}

/** How many ports the network takes on one machine, from its first. */
export function portsNeeded(settings: NetworkSettings): number {
  return PROTOCOLS[settings.protocol].portCount(settings);
}
