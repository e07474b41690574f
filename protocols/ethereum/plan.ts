import { TestnetError, type Problem } from "../../errors/problem";
import type { Daemon, Endpoint, KeyRequest, NetworkPlan, LocalPlacement } from "../plan";
import { extraArgProblems } from "./arguments";
import { CONSENSUS_CLIENTS, EXECUTION_CLIENTS } from "./clients";
import { ethereumGenesis, FUNDED_ACCOUNTS, GENESIS_FORK_VERSION } from "./genesis";
import { gethDaemon } from "./geth";
import { prysmDaemon, prysmValidatorDaemon } from "./prysm";
import { releaseOf, releaseProblems } from "./releases";
import type { EthereumNetwork } from "./settings";
import { type EthereumNode, nodesOf, validatorCount } from "./topology";

/**
 * The plan of an Ethereum network. Pure and deterministic.
 * @throws TestnetError with every problem of the settings at once (TN1007, TN1008, TN1009).
 */
export function planEthereum(settings: EthereumNetwork, placement: LocalPlacement): NetworkPlan {
  const early = [...poolProblems(settings), ...validatorProblems(settings), ...releaseProblems(settings)];
  if (early.length > 0) throw new TestnetError(early);

  const nodes = nodesOf(settings, placement);
  const daemons = nodes.flatMap((node, index): Daemon[] => {
    const validator = prysmValidatorDaemon(node, placement);
    const pair = [gethDaemon(nodes, index, placement), prysmDaemon(nodes, index, placement)];
    return validator === undefined ? pair : [...pair, validator];
  });
  const extra = extraArgumentProblems(settings, nodes, daemons);
  if (extra.length > 0) throw new TestnetError(extra);

  return {
    protocol: "ethereum",
    network: placement.network,
    era: placement.era,
    daemons,
    keys: keyRequests(settings, nodes, placement),
    genesis: ethereumGenesis(settings, placement),
    afterStart: [
      {
        kind: "align-execution-heads",
        pairs: nodes.map(({ execution, consensus }) => ({ execution, consensus })),
      },
      {
        kind: "await-common-head",
        consensus: nodes.map(({ consensus }) => consensus),
        validators: nodes.flatMap(({ validator }) => (validator === undefined ? [] : [validator])),
      },
    ],
    chainKeepers: nodes.map((node) => node.execution),
    endpoints: endpoints(nodes[0] as EthereumNode, placement),
    blockSeconds: settings.secondsPerSlot,
  };
}

function keyRequests(
  settings: EthereumNetwork,
  nodes: readonly EthereumNode[],
  { host }: LocalPlacement,
): KeyRequest[] {
  const perNode = nodes.flatMap((node): KeyRequest[] => [
    { kind: "jwt", name: `${node.name}-jwt` },
    {
      kind: "enode",
      name: node.execution,
      host,
      tcpPort: node.ports.executionP2p,
      udpPort: node.ports.executionP2p,
    },
    {
      kind: "enr",
      name: node.consensus,
      host,
      tcpPort: node.ports.consensusP2p,
      udpPort: node.ports.consensusDiscovery,
    },
    ...(node.validator === undefined
      ? []
      : [
          {
            kind: "validators" as const,
            name: node.validator,
            format: "prysm" as const,
            from: node.validatorsFrom,
            count: node.pool.validators,
            genesisForkVersion: GENESIS_FORK_VERSION,
          },
        ]),
  ]);
  return [{ kind: "accounts", name: FUNDED_ACCOUNTS, count: settings.fundedAccounts.count }, ...perNode];
}

function endpoints(first: EthereumNode, { host }: LocalPlacement): Endpoint[] {
  return [
    { daemon: first.execution, title: "JSON-RPC", url: `http://${host}:${first.ports.executionRpc}` },
    { daemon: first.execution, title: "WebSocket", url: `ws://${host}:${first.ports.executionWebSocket}` },
    { daemon: first.consensus, title: "Beacon API", url: `http://${host}:${first.ports.beaconApi}` },
  ];
}

/** Pools name their nodes, so two pools of one name would make one daemon twice. */
function poolProblems(settings: EthereumNetwork): Problem[] {
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
function validatorProblems(settings: EthereumNetwork): Problem[] {
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

function extraArgumentProblems(
  settings: EthereumNetwork,
  nodes: readonly EthereumNode[],
  daemons: readonly Daemon[],
): Problem[] {
  const byName = new Map(daemons.map((daemon) => [daemon.name, daemon]));
  return settings.nodes.flatMap((pool, index) => {
    const node = nodes.find((candidate) => candidate.poolIndex === index);
    if (node === undefined) return [];
    const execution = releaseOf(EXECUTION_CLIENTS[pool.execution], pool.executionVersion);
    const consensus = releaseOf(CONSENSUS_CLIENTS[pool.consensus], pool.consensusVersion);
    const checks = [
      ["execution", node.execution, execution.release.execution, execution.version],
      ["consensus", node.consensus, consensus.release.consensus, consensus.version],
      ["validator", node.validator, consensus.release.validator, consensus.version],
    ] as const;
    return checks.flatMap(([key, name, program, version]) => {
      const extra = pool.extraArgs[key];
      const args = name === undefined ? [] : (byName.get(name)?.args ?? []);
      const rendered = args.slice(0, args.length - extra.length);
      return extraArgProblems(
        program,
        version,
        rendered,
        extra,
        `testnet:network.nodes[${index}].extraArgs.${key}`,
      );
    });
  });
}
