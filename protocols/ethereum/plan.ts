import type { NetworkPlan, Placement } from "../plan";
import { planOnClusters } from "./clusters/plan";
import { planOnThisMachine } from "./local-plan";
import type { EthereumNetwork } from "./settings";

/**
 * The plan of an Ethereum network. Pure and deterministic.
 * @throws TestnetError with every problem of the settings at once (TN1007 to TN1009, TN1040 to TN1045).
 */
export function planEthereum(settings: EthereumNetwork, placement: Placement): NetworkPlan {
  return placement.target === "local"
    ? planOnThisMachine(settings, placement)
    : planOnClusters(settings, placement);
}
