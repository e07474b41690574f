import { TestnetError, type Problem } from "../../errors/problem";
import type { Daemon, Endpoint, KeyRequest, LocalPlacement, NetworkPlan } from "../plan";
import { CONSENSUS_CLIENTS, EXECUTION_CLIENTS, type Releases } from "./clients";
import { FUNDED_ACCOUNTS, GENESIS_FORK_VERSION, localGenesis } from "./genesis";
import { gethDaemon } from "./geth";
import { extraProblems, poolProblems, validatorProblems } from "./problems";
import { prysmDaemon, prysmValidatorDaemon } from "./prysm";
import { releaseProblems } from "./releases";
import { ethereumServicesSettings } from "./service-settings";
import type { EthereumNetwork, EthereumNodePool } from "./settings";
import { type EthereumNode, nodesOf } from "./topology";

/** The plan of a network of processes of this machine: geth and Prysm, which are built here. */
export function planOnThisMachine(settings: EthereumNetwork, placement: LocalPlacement): NetworkPlan {
  const early = [
    ...clusterOnlyProblems(settings),
    ...poolProblems(settings),
    ...validatorProblems(settings),
    ...releaseProblems(settings),
  ];
  if (early.length > 0) throw new TestnetError(early);

  const nodes = nodesOf(settings, placement);
  const daemons = nodes.flatMap((node, index): Daemon[] => {
    const validator = prysmValidatorDaemon(node, placement);
    const pair = [gethDaemon(nodes, index, placement), prysmDaemon(nodes, index, placement)];
    return validator === undefined ? pair : [...pair, validator];
  });
  const extra = extraProblems(settings, nodes, daemons);
  if (extra.length > 0) throw new TestnetError(extra);

  return {
    protocol: "ethereum",
    network: placement.network,
    era: placement.era,
    daemons,
    keys: keyRequests(settings, nodes, placement),
    genesis: localGenesis(settings, placement),
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
            count: node.validators,
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

/** What only clusters can give (TN1040): a setting that did nothing would be a lie. */
function clusterOnlyProblems(settings: EthereumNetwork): Problem[] {
  const network = (key: "network" | "checkpointSyncUrl" | "seeds" | "pinImages"): Problem[] =>
    settings[key] === undefined || settings[key] === "private" ? [] : [clusterOnly(key, settings[key])];
  return [
    ...network("network"),
    ...network("checkpointSyncUrl"),
    ...network("seeds"),
    ...network("pinImages"),
    ...serviceProblems(settings),
    ...settings.nodes.flatMap((pool, index) => [
      ...clientProblems(pool, index),
      ...POOL_KEYS.flatMap((key) =>
        isSet(pool[key]) ? [clusterOnly(`nodes[${index}].${key}`, pool[key])] : [],
      ),
    ]),
  ];
}

/** Services stand in clusters; their defaults are no wish of the user's. */
function serviceProblems({ services }: EthereumNetwork): Problem[] {
  const usual = ethereumServicesSettings.parse(undefined);
  const isUsual = JSON.stringify(services) === JSON.stringify(usual);
  return isUsual ? [] : [clusterOnly("services", services)];
}

const POOL_KEYS = ["clusters", "placement", "nodePool", "images", "resources", "storageGiB"] as const;

/** Groups of settings that were left out are empty. */
function isSet(value: unknown): boolean {
  if (value === undefined) return false;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return true;
  return Object.values(value).some(isSet);
}

function clusterOnly(key: string, given: unknown): Problem {
  return {
    code: "TN1040",
    at: `testnet:network.${key}`,
    message: "this is about clusters, and the network runs on this machine",
    given,
    allowed: "nothing, where `testnet:environment` is local",
  };
}

function clientProblems(pool: EthereumNodePool, index: number): Problem[] {
  const { execution, consensus } = pool;
  return [
    ...notBuilt(EXECUTION_CLIENTS, execution, index, "execution"),
    ...notBuilt(CONSENSUS_CLIENTS, consensus, index, "consensus"),
  ];
}

/** A client of which no release is built here. */
function notBuilt<Name extends string>(
  clients: Readonly<Record<Name, Releases<{ readonly local: boolean }>>>,
  name: Name,
  index: number,
  key: string,
): Problem[] {
  const isBuilt = (candidate: Name) => Object.values(clients[candidate]).some(({ local }) => local);
  if (isBuilt(name)) return [];
  return [
    {
      code: "TN1040",
      at: `testnet:network.nodes[${index}].${key}`,
      message: `${name} is not built on this machine`,
      given: name,
      allowed: (Object.keys(clients) as Name[]).filter(isBuilt).join(", "),
    },
  ];
}
