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
export type NetworkUp = Omit<ClusterNetworkOutputs, "seeds" | "publicServices" | "join"> & {
  readonly seeds: readonly EntranceUp[];
  readonly publicServices: readonly (EntranceUp & { readonly url?: string })[];
  readonly join: { readonly peers: readonly string[]; readonly url?: string };
};

interface EntranceUp {
  readonly name: string;
  readonly cluster: string;
  readonly host?: string;
  readonly address?: string;
}

function tellEnd({ stack, out }: CommandContext, told: NetworkUp, elapsedMs: number): void {
  const line = ({ name, cluster, address }: EntranceUp, place = "") =>
    `  ${name.padEnd(12)} ${cluster.padEnd(10)} ${place} ${address ?? ""}`.trimEnd();
  const entrances = [
    ...told.seeds.map((seed) => line(seed, seed.host)),
    ...told.publicServices.map((service) => line(service, service.url)),
  ];
  out.result(
    [
      "",
      `${stack} is up (${Math.round(elapsedMs / 1000)} s): ${told.daemons.length} daemons, era ${told.era}.`,
      ...entrances,
      "",
      "Next:",
      `  npx testnet join ${stack}    the files and the command for whoever joins`,
      `  npx testnet down ${stack}    remove everything`,
    ].join("\n"),
    { ok: true, stack, seconds: elapsedMs / 1000, network: told },
  );
}
