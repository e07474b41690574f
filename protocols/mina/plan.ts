import { publicEndpoints } from "../entrances";
import { lastPort, peerPortRange } from "../peer-ports";
import { TestnetError, type Problem } from "../../errors/problem";
import { extraArgumentProblems } from "../arguments";
import { machineProblems, type MachineNeeds } from "../machines";
import type {
  ClusterPlacement,
  ClusterPlan,
  Daemon,
  Endpoint,
  KeyRequest,
  NetworkPlan,
  Placement,
} from "../plan";
import { archiveCompanions } from "./archive";
import { settingsProblems } from "./checks";
import { type MinaContext, peerArguments, peerDaemon } from "./daemon";
import { ledgerKeys, minaGenesis, slotSeconds } from "./genesis";
import { minaJoin } from "./join";
import { minaMonitoring } from "./monitoring";
import { ITN_KEY, libp2pKey, uptimeKey, walletKey } from "./names";
import { PORTS } from "./ports";
import { releaseOf } from "./releases";
import { internalName, peerPort, planSeed, seedAddress } from "./seeds";
import { minaServices } from "./services";
import { hasPublicService, type MinaNetwork } from "./settings";
import { type MinaTopology, topologyOf } from "./topology";
import { workerArguments, workersDaemon } from "./workers";

/** Mina's proofs need both; without them a daemon dies at its first proof (T17). */
const NEEDS: MachineNeeds = { architecture: "x86_64", features: ["avx", "bmi2"] };

/**
 * The plan of a Mina network. Pure and deterministic.
 * @throws TestnetError with every problem of the settings at once (TN1007 to TN1010, TN1021, TN1030 to TN1035).
 */
export function planMina(settings: MinaNetwork, placement: Placement): NetworkPlan {
  if (placement.target === "local") throw new TestnetError(localProblem());
  const early = settingsProblems(settings, placement);
  if (early.length > 0) throw new TestnetError(early);

  const topology = topologyOf(settings, placement);
  const seeds = topology.peers.filter(({ role }) => role === "seed");
  const seedAddresses = new Map(seeds.map((seed) => [seed.name, seedAddress(seed, placement)]));
  const context: MinaContext = { settings, placement, seedAddresses };
  const daemons = daemonsOf(topology, context);
  const late = [
    ...extraProblems(topology, context),
    ...machineProblems(daemons, placement.clusters, NEEDS, settingOf(topology)),
  ];
  if (late.length > 0) throw new TestnetError(late);

  const clusters = clusterPlan(topology, daemons, context);
  const producers = topology.peers.filter(({ role }) => role === "block-producer");
  return {
    protocol: "mina",
    network: placement.network,
    era: placement.era,
    daemons,
    keys: keyRequests(settings, topology),
    genesis: minaGenesis(settings, placement, producers),
    afterStart: [],
    chainKeepers: topology.peers.map(({ name }) => name),
    endpoints: [...publicEndpoints(clusters, placement.domain), ...endpoints(topology, placement)],
    blockSeconds: slotSeconds(settings),
    clusters,
  };
}

/** Why Mina does not run as processes of this machine. */
export function localProblem(): Problem {
  return {
    code: "TN1034",
    at: "testnet:environment",
    message: "Mina does not run as processes of this machine",
    given: "local",
    allowed: "an environment of clusters",
  };
}

function daemonsOf({ peers, workers }: MinaTopology, context: MinaContext): Daemon[] {
  return [
    ...peers.flatMap((peer) => {
      const companions = peer.role === "archive" ? archiveCompanions(peer, context.settings) : [];
      return [peerDaemon(peer, context), ...companions];
    }),
    ...workers.map((each) => workersDaemon(each, context)),
  ];
}

/** The user's key behind each daemon. */
function settingOf({ peers, workers }: MinaTopology): (daemon: Daemon) => string {
  const settings = new Map([...peers, ...workers].map(({ name, at }) => [name, at]));
  return ({ node }) => settings.get(node) ?? "testnet:network";
}

/** What is wrong with the extra arguments of each group; its first daemon stands for all. */
function extraProblems({ peers, workers }: MinaTopology, context: MinaContext): Problem[] {
  const { version } = context.settings;
  const { daemon, worker } = releaseOf(version);
  const firstOf = new Map(peers.toReversed().map((peer) => [peer.at, peer]));
  return [
    ...[...firstOf.values()].toReversed().flatMap((peer) => {
      const { extraArgs } = peer.settings;
      const rendered = extraArgs.length === 0 ? [] : peerArguments(peer, context);
      return extraArgumentProblems(daemon, version, rendered, extraArgs, `${peer.at}.extraArgs`);
    }),
    ...workers.flatMap((each) => {
      const { extraArgs } = each.settings.workerPods;
      const at = `${each.at}.workerPods.extraArgs`;
      return extraArgumentProblems(worker, version, workerArguments(each, context), extraArgs, at);
    }),
  ];
}

function keyRequests(settings: MinaNetwork, { peers }: MinaTopology): KeyRequest[] {
  const uptime = settings.blockProducers.uptimeUrl !== undefined;
  const perPeer = peers.flatMap(({ name, role }): KeyRequest[] => {
    const identity: KeyRequest = { kind: "mina-libp2p", name: libp2pKey(name) };
    if (role !== "block-producer") return [identity];
    const wallets = uptime ? [walletKey(name), uptimeKey(name)] : [walletKey(name)];
    return [identity, ...wallets.map((wallet): KeyRequest => ({ kind: "mina-wallet", name: wallet }))];
  });
  const itn: KeyRequest[] = settings.itnNodes.count > 0 ? [{ kind: "mina-itn", name: ITN_KEY }] : [];
  return [...perPeer, ...ledgerKeys(settings), ...itn];
}

function clusterPlan(
  { peers }: MinaTopology,
  daemons: readonly Daemon[],
  { settings, placement, seedAddresses }: MinaContext,
): ClusterPlan {
  const seeds = peers.filter(({ role }) => role === "seed");
  const ports = peers.map((peer) => peerPort(peer).number);
  const last = ports.reduce((highest, port) => Math.max(highest, port), placement.portsFrom);
  return {
    peerPorts: peerPortRange(
      placement.portsFrom,
      lastPort(placement.portsFrom, last, hasPublicService(settings)),
    ),
    seeds: seeds.map(planSeed),
    peerList: [...seedAddresses.values()],
    services: minaServices(settings, placement, daemons),
    monitoring: minaMonitoring({
      network: placement.network,
      daemons,
      slotSeconds: slotSeconds(settings),
      slotsPerSubWindow: settings.genesis.slotsPerSubWindow,
      transactions: settings.services.transactionsExpected,
    }),
    join: minaJoin(settings),
  };
}

/** The GraphQL of the first daemon of each role that shows it, plain nodes before seeds. */
function endpoints({ peers }: MinaTopology, { network }: ClusterPlacement): Endpoint[] {
  const wanted = ["node", "seed", "archive", "itn-node"] as const;
  return wanted.flatMap((role): Endpoint[] => {
    const peer = peers.find((candidate) => candidate.role === role && candidate.settings.graphql);
    if (peer === undefined) return [];
    const url = `http://${internalName(peer.name, network)}:${PORTS.graphql}/graphql`;
    return [{ daemon: peer.name, title: "GraphQL, inside its cluster", url }];
  });
}
