import * as pulumi from "@pulumi/pulumi";
import { LocalNetwork } from "../components/local/network";
import { LocalProvider } from "../components/local/local-provider";
import { ERROR_CODES } from "../errors/codes";
import type { LocalNetworkStack } from "./kind";
import { lifetimeNow } from "./lifetime-now";
import { type NetworkOutputs, networkOutputs } from "./outputs";
import { planLocal } from "./placement";

export interface StackContext {
  /** Name of the stack, which is the network's. */
  readonly stack: string;
  /** State directory of local networks. */
  readonly home: string;
}

/**
 * A network stack: its plan, made real where its environment says.
 * @throws TestnetError with every problem of the configuration
 */
export function buildNetwork(
  { network, created, owner }: LocalNetworkStack,
  { stack, home }: StackContext,
): NetworkOutputs {
  const lifetime = lifetimeNow(network.expires, created);
  const { plan, ports, chainLost } = planLocal(home, stack, network);
  if (chainLost) {
    void pulumi.log.warn(
      `TN3004 ${ERROR_CODES.TN3004.title}: every execution client of ${stack} ended without an orderly stop, so its ` +
        `chain of era ${plan.era - 1} is gone; era ${plan.era} starts fresh, with the same names and ports.`,
    );
  }
  const machine = new LocalProvider("machine", { home });
  const made = new LocalNetwork(stack, { plan, ports }, { providers: [machine] });
  return networkOutputs(plan, made, { lifetime, owner: owner ?? null });
}
