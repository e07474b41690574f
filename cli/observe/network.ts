import { NetworkHome } from "../../components/local/home";
import { readNetworkRecord } from "../../components/local/network-records";
import { planNetwork } from "../../protocols/network";
import type { NetworkPlan } from "../../protocols/plan";
import { loadStackConfig } from "../../stacks/config/file";
import { localPlacement, requireLocal } from "../../stacks/placement";
import type { CommandContext } from "../context";

/** A network to look at: what it shall be, and where its records are. */
export interface LocalNetworkView {
  readonly plan: NetworkPlan;
  readonly home: NetworkHome;
}

/**
 * The plan of a stack as it runs now. Reads the stack file and the state directory, writes nothing.
 * @throws TestnetError with every problem of the configuration
 */
export function openNetwork({ directory, home, stack }: CommandContext): LocalNetworkView {
  const config = loadStackConfig(directory, stack);
  requireLocal(config);
  const placement = localPlacement(home, stack, config.network);
  // A raised `era` is not there before the next `up`: what runs is the one recorded.
  const era = readNetworkRecord(home, stack)?.era ?? placement.era;
  return { plan: planNetwork(config.network, { ...placement, era }), home: new NetworkHome(home, stack) };
}
