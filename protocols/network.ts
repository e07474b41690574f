import { planEthereum } from "./ethereum/plan";
import type { EthereumNetwork } from "./ethereum/settings";
import { portCount } from "./ethereum/topology";
import type { NetworkPlan, Placement } from "./plan";
import { refuseUnsound } from "./refusals";

/** Settings of a network of any protocol. */
export type NetworkSettings = EthereumNetwork;

/** The plan of a network of any protocol. @throws TestnetError with every problem at once. */
export function planNetwork(settings: NetworkSettings, placement: Placement): NetworkPlan {
  switch (settings.protocol) {
    case "ethereum":
      return refuseUnsound(planEthereum(settings, placement));
  }
}

/** How many ports the network takes on one machine, from its first. */
export function portsNeeded(settings: NetworkSettings): number {
  switch (settings.protocol) {
    case "ethereum":
      return portCount(settings);
  }
}
