import { TestnetError } from "../../../errors/problem";
import { publicEndpoints } from "../../entrances";
import { peerPortRange } from "../../peer-ports";
import type { ClusterPlacement, Daemon, Endpoint, Genesis, NetworkPlan, Port, Seed } from "../../plan";
import { clusterGenesis } from "../genesis";
import { ethereumMonitoring } from "../monitoring";
import { extraProblems, poolProblems, validatorProblems } from "../problems";
import { releaseProblems } from "../releases";
import { ethereumServices } from "../services";
import { type EthereumNetwork, isPublic } from "../settings";
import { nodeDaemons } from "./daemons";
import { joinGuide, peerList } from "./join";
import { keyRequests } from "./key-requests";
import {
  clientProblems,
  kindProblems,
  placeProblems,
  portProblems,
  reachProblems,
  secretProblems,
  seedProblems,
} from "./problems";
import { type ClusterNode, clusterNodes, lastPortOf, POD_PORTS, stableName } from "./topology";

/** The plan of a network of pods, in one cluster or several. */
export function planOnClusters(settings: EthereumNetwork, placement: ClusterPlacement): NetworkPlan {
  refuse(settings, placement);
  const { network, era } = placement;
  const nodes = clusterNodes(settings, placement);
  const seeds = nodes.filter(({ isSeed }) => isSeed);
  const daemons = nodes.flatMap((node) =>
    nodeDaemons({
      node,
      seeds: seeds.filter((seed) => seed !== node),
      settings,
      network,
      isAlone: nodes.length === 1,
    }),
  );
  const extra = extraProblems(settings, nodes, daemons);
  if (extra.length > 0) throw new TestnetError(extra);

  const { secondsPerSlot, slotsPerEpoch } = settings;
  const services = ethereumServices(settings, placement, daemons);
  const publicNetwork = isPublic(settings);
  return {
    protocol: "ethereum",
    network,
    era,
    daemons,
    keys: keyRequests(settings, nodes),
    genesis: publicNetwork ? NO_GENESIS : clusterGenesis(settings),
    afterStart: [],
    chainKeepers: nodes.map(({ execution }) => execution),
    endpoints: [
      ...publicEndpoints({ services }, placement.domain),
      ...endpoints(nodes[0] as ClusterNode, network),
    ],
    blockSeconds: secondsPerSlot,
    clusters: {
      peerPorts: peerPortRange(placement.portsFrom, lastPortOf(settings, placement)),
      seeds: seedEntries(seeds, daemons),
      peerList: peerList(seeds),
      services,
      monitoring: ethereumMonitoring({ network, daemons, secondsPerSlot, slotsPerEpoch, publicNetwork }),
      join: joinGuide(settings, network, seeds),
    },
  };
}

/** A public chain began long ago. */
const NO_GENESIS: Genesis = { files: [], runs: [], delaySeconds: 0 };

function refuse(settings: EthereumNetwork, placement: ClusterPlacement): void {
  const misplaced = placeProblems(settings, placement);
  const problems = [
    ...misplaced,
    // Only nodes that have a place can be looked at there.
    ...(misplaced.length > 0 ? [] : reachProblems(settings, placement)),
    ...poolProblems(settings),
    ...(isPublic(settings) ? [] : validatorProblems(settings)),
    ...secretProblems(settings),
    ...releaseProblems(settings),
    ...clientProblems(settings),
    ...seedProblems(settings),
    ...kindProblems(settings),
    ...portProblems(settings, placement),
  ];
  if (problems.length > 0) throw new TestnetError(problems);
}

/** Both pods of a seed node are called from outside, so each is an entry of its own. */
function seedEntries(seeds: readonly ClusterNode[], daemons: readonly Daemon[]): Seed[] {
  const portsOf = new Map(daemons.map(({ name, ports }) => [name, ports.filter(isForPeers)]));
  return seeds.flatMap(({ execution, consensus, cluster }, index): Seed[] => {
    const entry = (daemon: string, part: string): Seed => ({
      daemon,
      cluster,
      label: `seed-${index + 1}-${part}`,
      ports: portsOf.get(daemon) ?? [],
    });
    return [entry(execution, "execution"), entry(consensus, "consensus")];
  });
}

function isForPeers({ exposure }: Port): boolean {
  return exposure === "peers";
}

/** Inside of the first node's cluster. */
function endpoints({ execution, consensus }: ClusterNode, network: string): Endpoint[] {
  const url = (daemon: string, port: number) => `http://${stableName(daemon, network)}:${port}`;
  return [
    { daemon: execution, title: "JSON-RPC", url: url(execution, POD_PORTS.executionRpc) },
    { daemon: consensus, title: "Beacon API", url: url(consensus, POD_PORTS.beaconApi) },
  ];
}
