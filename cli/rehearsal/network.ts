import { emptyKeyring, keyringFile, writeKeyring } from "../../keys/keyring";
import { TestnetError } from "../../errors/problem";
import type { CloudClient } from "../../simulator/cloud/client";
import type { Rehearsal } from "../../simulator/rehearsal/rehearse";
import type { ClusterNetworkStack } from "../../stacks/kind";
import { type PlannedStack, planStack } from "../../stacks/plan-stack";
import { KeySession } from "../keys/session";
import { type KeyTargets, keyTargets } from "../keys/targets";
import { rehearsalConfig } from "./stack-config";

/** What a network's rehearsal has beyond an environment's. */
export type NetworkRehearsal = Required<Pick<Rehearsal, "ground" | "prepare" | "clearUp">>;

/**
 * A rehearsal of a network brings its environment up first, and makes keys of its own: they live in the simulated secret
 * managers and are gone with them. Nothing of the real network's keys is read.
 * @param keyrings folder that the program finds the keyring below
 * @throws TestnetError with every problem of the plan; TN1013 for a bare kubeconfig
 */
export function networkRehearsal(
  { directory, stack }: { readonly directory: string; readonly stack: string },
  network: ClusterNetworkStack,
  keyrings: string,
): NetworkRehearsal {
  const { environment } = network;
  if (typeof environment !== "string") {
    throw new TestnetError({
      code: "TN1013",
      at: "testnet:environment",
      message: "only networks on an environment of clusters can be rehearsed",
      given: environment.context,
      allowed: "the name of an environment's stack",
      remedy: `\`testnet plan ${stack}\` shows what would be made; \`testnet up ${stack}\` makes it in that cluster.`,
    });
  }
  const planned = planStack(directory, stack, network);
  return {
    ground: { stack: environment, config: rehearsalConfig(directory, environment) },
    prepare: async (clouds) => {
      let written = 0;
      const { protocol } = planned.plan;
      const session = await KeySession.open(targetsIn(clouds, planned), emptyKeyring(protocol), () => {
        written += 1;
      });
      await session.run();
      writeKeyring(keyringFile(keyrings, stack), session.keyring);
      return { secrets: written };
    },
    clearUp: async (clouds) => ({ secrets: await removeAll(targetsIn(clouds, planned)) }),
  };
}

function targetsIn(clouds: CloudClient, { plan, ground }: PlannedStack): KeyTargets {
  return keyTargets(plan, ground, { clouds });
}

/** Removes every secret of the network, and tells how many there were. */
async function removeAll({ clusters, storeOf }: KeyTargets): Promise<number> {
  let removed = 0;
  for (const cluster of clusters) {
    const store = storeOf(cluster);
    for (const name of await store.list()) {
      await store.delete(name);
      removed += 1;
    }
  }
  return removed;
}
