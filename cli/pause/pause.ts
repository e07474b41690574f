import type { ClusterNetworkStack } from "../../stacks/kind";
import type { CommandContext } from "../context";
import { awaitFree } from "../engine/run";
import { type NetworkUp, upNetwork } from "../network/up";
import type { BeforeUpOptions } from "../preview/before-up";
import { changeSetting } from "./setting";

const PAUSED = ["testnet:paused"];

/**
 * Stops all pods of a network in clusters. Volumes, addresses, names and keys stay. It is a setting of its stack file, so
 * that `pulumi up` and the next `testnet up` agree. A second run changes nothing.
 */
export async function pauseNetwork(
  context: CommandContext,
  network: ClusterNetworkStack,
  options: BeforeUpOptions,
): Promise<number> {
  const { directory, stack } = context;
  await awaitFree(context); // before the file is written: who gives up waiting has changed nothing
  const paused =
    network.paused === true ? network : changeSetting(directory, stack, { path: PAUSED, value: true });
  return upNetwork(context, paused, options, tellPaused);
}

/** Starts the pods of a paused network again, as many as its settings say. A second run changes nothing. */
export async function resumeNetwork(
  context: CommandContext,
  network: ClusterNetworkStack,
  options: BeforeUpOptions,
): Promise<number> {
  const { directory, stack } = context;
  await awaitFree(context);
  const running =
    network.paused === undefined
      ? network
      : changeSetting(directory, stack, { path: PAUSED, value: undefined });
  return upNetwork(context, running, options, tellResumed);
}

function tellPaused({ stack, out }: CommandContext, { era }: NetworkUp, elapsedMs: number): void {
  const seconds = elapsedMs / 1000;
  const words = [
    `${stack} is paused (${Math.round(seconds)} s): no pod runs; volumes, addresses, names and keys stay.`,
    `\`testnet resume ${stack}\` starts it again. Volumes and addresses go on to cost money.`,
  ];
  out.result(words.join("\n"), { ok: true, stack, paused: true, era, seconds });
}

function tellResumed({ stack, out }: CommandContext, { era, daemons }: NetworkUp, elapsedMs: number): void {
  const seconds = elapsedMs / 1000;
  const pods = daemons.reduce((sum, { replicas }) => sum + replicas, 0);
  const words = `${stack} runs again (${Math.round(seconds)} s), era ${era}. \`testnet verify ${stack}\` judges it.`;
  out.result(words, { ok: true, stack, paused: false, era, seconds, replicas: pods });
}
