import * as path from "node:path";
import { loadStackConfig } from "../../stacks/config/file";
import { type ClusterNetworkStack, kindOf } from "../../stacks/kind";
import { emptyKeyring, keyringFile, writeKeyring } from "../../keys/keyring";
import { publicNamesOf, rangeOf } from "../../keys/key-files";
import { layoutOf } from "../../keys/layout";
import type { NetworkPlan } from "../../protocols/plan";
import { buildClusterNetwork } from "../../stacks/cluster-network";
import { planStack } from "../../stacks/plan-stack";
import { temporaryDirectory } from "../support/temporary";
import { type Registrations, registrations } from "./mocks";
import { registerShipped } from "./shipped";

const ROOT = path.resolve(__dirname, "../..");

/** A network of clusters whose stack file comes with the program. */
export function shippedNetwork(stack: string): ClusterNetworkStack & { readonly environment: string } {
  const found = kindOf(loadStackConfig(ROOT, stack));
  if (found.kind !== "cluster network" || typeof found.environment !== "string") {
    throw new Error(`${stack} is no network on an environment`);
  }
  return { ...found, environment: found.environment };
}

/** Its plan, as `testnet plan` makes it. */
export function shippedPlan(stack: string): NetworkPlan {
  return planStack(ROOT, stack, shippedNetwork(stack)).plan;
}

/** Everything that it registers on its environment, with public parts of keys that nobody has. */
export async function registerNetwork(
  stack: string,
  network: ReturnType<typeof shippedNetwork> = shippedNetwork(stack),
): Promise<Registrations> {
  const { outputs } = await registerShipped(network.environment);
  const folder = temporaryDirectory();
  try {
    writeKeyring(keyringFile(folder.path, stack), keyringOf(shippedPlan(stack)));
    return await registrations(
      () => buildClusterNetwork(network, { stack, home: folder.path, directory: folder.path }),
      stack,
      { [network.environment]: outputs },
    );
  } finally {
    folder.dispose();
  }
}

/** A complete keyring whose public parts are their own names. */
function keyringOf(plan: NetworkPlan): ReturnType<typeof emptyKeyring> {
  const parts = plan.keys.flatMap((request) => {
    const range = request.kind === "validators" ? rangeOf(request) : "";
    return publicNamesOf(request).map(
      (name) => [name, `${range}${name.replace(/[^a-z0-9]/gi, "-")}`] as const,
    );
  });
  return {
    ...emptyKeyring(plan.protocol),
    keys: { ...Object.fromEntries(parts), deposits: "[]" },
    secrets: Object.fromEntries(
      layoutOf(plan).map(({ name, cluster, holds }) => [name, { cluster: cluster ?? "", holds: [...holds] }]),
    ),
  };
}
