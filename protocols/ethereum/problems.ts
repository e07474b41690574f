import type { Problem } from "../../errors/problem";
import { type Argument, extraArgumentProblems } from "../arguments";
import type { Daemon } from "../plan";
import { CONSENSUS_CLIENTS, EXECUTION_CLIENTS } from "./clients";
import { releaseFor } from "./releases";
import type { EthereumNetwork } from "./settings";
import { type NodeParts, validatorCount } from "./topology";

/** What is wrong with settings wherever the network shall run. */

/** Pools name their nodes, so two pools of one name would make one daemon twice. */
export function poolProblems(settings: EthereumNetwork): Problem[] {
  const names = settings.nodes.map((pool) => pool.name);
  return names.flatMap((name, index): Problem[] =>
    names.indexOf(name) === index
      ? []
      : [
          {
            code: "TN1007",
            at: `testnet:network.nodes[${index}].name`,
            message: "another pool has this name already",
            given: name,
            allowed: "a name of its own for each pool",
            remedy: `Give the pool another \`name\`, for example ${name}-${index + 1}.`,
          },
        ],
  );
}

/** Every slot needs a validator to propose and attest. */
export function validatorProblems(settings: EthereumNetwork): Problem[] {
  const count = validatorCount(settings);
  if (count >= settings.slotsPerEpoch) return [];
  return [
    {
      code: "TN1007",
      at: "testnet:network.nodes",
      message: `${count} validators cannot fill an epoch of ${settings.slotsPerEpoch} slots`,
      given: count,
      allowed: `at least ${settings.slotsPerEpoch} validators in all nodes together`,
      remedy: "Raise `validators` of a pool, or lower `slotsPerEpoch`.",
    },
  ];
}

/** What is wrong with extra arguments, seen on the first node of each pool (TN1009). */
export function extraProblems(
  settings: EthereumNetwork,
  nodes: readonly NodeParts[],
  daemons: readonly Daemon[],
): Problem[] {
  const byName = new Map(daemons.map((daemon) => [daemon.name, daemon]));
  return settings.nodes.flatMap((pool, index) => {
    const node = nodes.find((candidate) => candidate.poolIndex === index);
    if (node === undefined) return [];
    const execution = releaseFor(settings, EXECUTION_CLIENTS[pool.execution], pool.executionVersion);
    const consensus = releaseFor(settings, CONSENSUS_CLIENTS[pool.consensus], pool.consensusVersion);
    const checks = [
      ["execution", node.execution, execution.release.execution, execution.version],
      ["consensus", node.consensus, consensus.release.consensus, consensus.version],
      ["validator", node.validator, consensus.release.validator, consensus.version],
    ] as const;
    return checks.flatMap(([key, name, program, version]) => {
      const extra = pool.extraArgs[key];
      const args = name === undefined ? [] : (byName.get(name)?.args ?? []);
      const own = args.slice(0, args.length - extra.length).filter((argument) => argument.startsWith("--"));
      const at = `testnet:network.nodes[${index}].extraArgs.${key}`;
      return extraArgumentProblems(program, version, own.map(flagOnly), extra, at);
    });
  });
}

function flagOnly(argument: string): Argument {
  return [argument.slice(2).split("=", 1)[0] ?? ""];
}
