import type { ClusterNetworkOutputs } from "../../stacks/cluster-network-outputs";
import type { ClusterNetworkStack } from "../../stacks/kind";
import type { CommandContext } from "../context";
import { interruptible } from "../engine/interrupt";
import { withEngine } from "../engine/run";
import type { BeforeUpOptions } from "../preview/before-up";
import { judgedUp } from "../preview/judged-up";
import { prepareNetwork, requireOwnPlace } from "./prepare";

/**
 * Makes a network of clusters real, or changes what differs. A second run changes nothing.
 * @param tell says what came out; by default the words of `up`
 */
export async function upNetwork(
  context: CommandContext,
  network: ClusterNetworkStack,
  options: BeforeUpOptions,
  tell: (context: CommandContext, told: NetworkUp, elapsedMs: number) => void = tellEnd,
): Promise<number> {
  const { stack, out } = context;
  const planned = prepareNetwork(context, network);
  const { plan } = planned;
  const started = Date.now();
  return interruptible(
    `Interrupted. \`testnet up ${stack}\` goes on, \`testnet down ${stack}\` clears.`,
    async (signal) => {
      const clusters = new Set(plan.daemons.map(({ workload }) => workload?.cluster));
      out.say(
        out.style("bold", `testnet up ${stack}`) +
          `  ${plan.protocol}, ${plan.daemons.length} daemons in ${clusters.size} clusters`,
      );
      await requireOwnPlace(context, network, planned, signal);
      const { result, changes } = await withEngine(context, signal, async (engine, waited) => {
        if (waited) await requireOwnPlace(context, network, planned, signal);
        return judgedUp(context, network, engine, options, signal);
      });
      if (changes.size === 0) out.say("  nothing to change");
      const outputs = Object.fromEntries(
        Object.entries(result.outputs).map(([name, { value }]) => [name, value as unknown]),
      );
      tell(context, outputs as unknown as NetworkUp, Date.now() - started);
      return 0;
    },
  );
}

/** The outputs, once they are known. */
export type NetworkUp = Omit<ClusterNetworkOutputs, "seeds" | "join"> & {
  readonly seeds: readonly { name: string; cluster: string; host?: string; address?: string }[];
  readonly join: { readonly peers: readonly string[]; readonly url?: string };
};

function tellEnd({ stack, out }: CommandContext, told: NetworkUp, elapsedMs: number): void {
  const seeds = told.seeds.map(({ name, cluster, host, address }) =>
    `  ${name.padEnd(12)} ${cluster.padEnd(10)} ${host ?? ""} ${address ?? ""}`.trimEnd(),
  );
  out.result(
    [
      "",
      `${stack} is up (${Math.round(elapsedMs / 1000)} s): ${told.daemons.length} daemons, era ${told.era}.`,
      ...seeds,
      "",
      "Next:",
      `  npx testnet join ${stack}    the files and the command for whoever joins`,
      `  npx testnet down ${stack}    remove everything`,
    ].join("\n"),
    { ok: true, stack, seconds: elapsedMs / 1000, network: told },
  );
}
