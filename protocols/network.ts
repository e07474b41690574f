import { planEthereum } from "./ethereum/plan";
import type { EthereumNetwork } from "./ethereum/settings";
import { portCount } from "./ethereum/topology";
import { TestnetError } from "../errors/problem";
import { localProblem, planMina } from "./mina/plan";
import type { MinaNetwork } from "./mina/settings";
import type { NetworkPlan, Placement } from "./plan";
import { refuseUnsound } from "./refusals";

/** Settings of a network of any protocol. */
export type NetworkSettings = EthereumNetwork | MinaNetwork;

/** The plan of a network of any protocol. @throws TestnetError with every problem at once. */
export function planNetwork(settings: NetworkSettings, placement: Placement): NetworkPlan {
  return refuseUnsound(unchecked(settings, placement));
}

function unchecked(settings: NetworkSettings, placement: Placement): NetworkPlan {
  switch (settings.protocol) {
    case "ethereum":
      return planEthereum(settings, placement);
    case "mina":
      return planMina(settings, placement);
  }
}

/**
 * How many ports the network takes on one machine, from its first.
 * @throws TestnetError TN1034 where the protocol runs in clusters only
 */
export function portsNeeded(settings: NetworkSettings): number {
  switch (settings.protocol) {
    case "ethereum":
      return portCount(settings);
    case "mina":
      throw new TestnetError(localProblem());
  }
}
