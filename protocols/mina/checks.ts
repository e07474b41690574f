import type { Problem } from "../../errors/problem";
import { contains } from "../cidr";
import type { ClusterPlacement } from "../plan";
import { whereaboutsProblems } from "../placement";
import type { ResourceSettings } from "../settings";
import { graceSlots, stakedProducers } from "./genesis";
import { LAST_PEER_PORT, lastPort } from "../peer-ports";
import { releaseOf, releaseProblems } from "./releases";
import { hasPublicService, type MinaNetwork } from "./settings";
import { seedHost } from "./seeds";
import { type MinaPeer, topologyOf } from "./topology";

/** Where the user wrote it. */
const NETWORK = "testnet:network";

/** Longest name in the DNS (RFC 1035), as text. */
const MAX_DNS_NAME = 253;

/** Groups of peers by their keys. */
const GROUPS = ["seeds", "blockProducers", "archives", "nodes", "itnNodes"] as const;

/**
 * What is wrong with the settings, all of it: TN1007, TN1008, TN1010, TN1012, TN1021, TN1030, TN1031, TN1035. What depends on the daemons
 * themselves comes later.
 */
export function settingsProblems(settings: MinaNetwork, placement: ClusterPlacement): Problem[] {
  const unknown = releaseProblems(settings.version);
  const places = placeProblems(settings, placement);
  return [
    ...unknown,
    ...places,
    ...nameProblems(settings),
    ...resourceProblems(settings),
    ...trustListProblems(settings, placement),
    ...genesisProblems(settings),
    ...(unknown.length > 0 ? [] : versionProblems(settings)),
    ...(places.length > 0 ? [] : topologyProblems(settings, placement)),
  ];
}

function placeProblems(settings: MinaNetwork, { clusters }: ClusterPlacement): Problem[] {
  const names = clusters.map(({ name }) => name);
  return [
    ...GROUPS.flatMap((group) => whereaboutsProblems(settings[group], names, `${NETWORK}.${group}`)),
    ...settings.snark.flatMap((pool, index) =>
      whereaboutsProblems({ clusters: pool.clusters }, names, `${NETWORK}.snark[${index}]`),
    ),
  ];
}

/** Names that stand twice would make one key or daemon of two. */
function nameProblems({ snark, genesis }: MinaNetwork): Problem[] {
  const lists = [
    [`${NETWORK}.snark`, snark.map(({ name }) => name)],
    [`${NETWORK}.genesis.accounts`, genesis.accounts.map(({ name }) => name)],
  ] as const;
  return lists.flatMap(([at, names]) =>
    names.flatMap((name, index): Problem[] => {
      if (names.indexOf(name) === index) return [];
      const message = "this name is used twice";
      return [{ code: "TN1021", at: `${at}[${index}].name`, message, given: name }];
    }),
  );
}

function resourceProblems(settings: MinaNetwork): Problem[] {
  const asked: (readonly [string, ResourceSettings])[] = [
    ...GROUPS.map((group) => [`${NETWORK}.${group}.resources`, settings[group].resources] as const),
    [`${NETWORK}.archives.database.resources`, settings.archives.database.resources],
    ...settings.snark.flatMap(
      ({ coordinator, workerPods }, index) =>
        [
          [`${NETWORK}.snark[${index}].coordinator.resources`, coordinator.resources],
          [`${NETWORK}.snark[${index}].workerPods.resources`, workerPods.resources],
        ] as const,
    ),
  ];
  return asked.flatMap(([at, { memoryGiB, memoryLimitGiB }]): Problem[] => {
    if (memoryLimitGiB === undefined) return [];
    if (memoryGiB === undefined) {
      const message = "a limit of memory needs the memory that is promised beside it";
      return [{ code: "TN1007", at: `${at}.memoryGiB`, message, allowed: `at most ${memoryLimitGiB}` }];
    }
    if (memoryGiB <= memoryLimitGiB) return [];
    const message = `more memory is promised (${memoryGiB} GiB) than allowed (${memoryLimitGiB} GiB)`;
    return [
      {
        code: "TN1007",
        at: `${at}.memoryLimitGiB`,
        message,
        given: memoryLimitGiB,
        allowed: `at least ${memoryGiB}`,
      },
    ];
  });
}

function trustListProblems({ clientTrustList }: MinaNetwork, { clusters }: ClusterPlacement): Problem[] {
  if (clientTrustList === undefined) return [];
  return clusters.flatMap(({ name, podCidr }): Problem[] => {
    if (clientTrustList.some((range) => contains(range, podCidr))) return [];
    return [
      {
        code: "TN1031",
        at: `${NETWORK}.clientTrustList`,
        message: `the trust list does not hold the pods of cluster ${name}`,
        given: clientTrustList,
        allowed: `a list that holds ${podCidr}`,
      },
    ];
  });
}

function genesisProblems(settings: MinaNetwork): Problem[] {
  const { genesis, blockProducers } = settings;
  const problems: Problem[] = [];
  const third = genesis.slotsPerEpoch / 3;
  if (!Number.isInteger(third)) {
    problems.push({
      code: "TN1007",
      at: `${NETWORK}.genesis.slotsPerEpoch`,
      message: "an epoch has three parts of equal length",
      given: genesis.slotsPerEpoch,
      allowed: "a multiple of 3",
    });
  }
  if (graceSlots(settings) >= third) {
    problems.push({
      code: "TN1007",
      at: `${NETWORK}.genesis.gracePeriodSlots`,
      message: "the grace period must end within the first third of an epoch",
      given: genesis.gracePeriodSlots,
      allowed: `less than ${Math.ceil(third)}`,
    });
  }
  if (stakedProducers(settings) > blockProducers.count) {
    problems.push({
      code: "TN1007",
      at: `${NETWORK}.genesis.stakedProducers`,
      message: "more producers own stake than there are",
      given: genesis.stakedProducers,
      allowed: `at most ${blockProducers.count}, the count of \`blockProducers\``,
    });
  }
  return problems;
}

/** What the version, or its usual images, cannot do (T7). */
function versionProblems(settings: MinaNetwork): Problem[] {
  const { version, snark, itnNodes, images } = settings;
  const { workSelections, itnInUsualImages } = releaseOf(version);
  const selections = snark.flatMap(({ workSelection }, index): Problem[] => {
    if (workSelections.includes(workSelection)) return [];
    return [
      {
        code: "TN1035",
        at: `${NETWORK}.snark[${index}].workSelection`,
        message: `Mina ${version} does not know this work selection`,
        given: workSelection,
        allowed: workSelections.join(", "),
      },
    ];
  });
  const named = itnNodes.image ?? images.daemon;
  if (itnNodes.count === 0 || itnInUsualImages || named !== undefined) return selections;
  return [
    ...selections,
    {
      code: "TN1035",
      at: `${NETWORK}.itnNodes.image`,
      message: `the usual images of Mina ${version} have no ITN GraphQL server`,
      allowed: "an image built with it",
      remedy: "Name such an image, or set `itnNodes.count` to 0.",
    },
  ];
}

function topologyProblems(settings: MinaNetwork, placement: ClusterPlacement): Problem[] {
  const { peers } = topologyOf(settings, placement);
  return [...portProblems(settings, peers, placement), ...seedNameProblems(peers, placement)];
}

function portProblems(
  settings: MinaNetwork,
  peers: readonly MinaPeer[],
  { portsFrom }: ClusterPlacement,
): Problem[] {
  const ofDaemons = peers.reduce((highest, { p2pPort }) => Math.max(highest, p2pPort), 0);
  const last = lastPort(portsFrom, ofDaemons, hasPublicService(settings));
  if (last <= LAST_PEER_PORT) return [];
  return [
    {
      code: "TN1010",
      at: `${NETWORK}.ports.from`,
      message: `the network needs ports up to ${last}, and Kubernetes uses those above ${LAST_PEER_PORT} itself`,
      given: portsFrom,
      allowed: `at most ${portsFrom - (last - LAST_PEER_PORT)}`,
      remedy: "Let the ports begin lower, or make the largest group smaller.",
    },
  ];
}

function seedNameProblems(peers: readonly MinaPeer[], placement: ClusterPlacement): Problem[] {
  const seeds = peers.filter(({ role }) => role === "seed").map((peer) => seedHost(peer, placement));
  return seeds.flatMap((host): Problem[] => {
    if (host.length <= MAX_DNS_NAME) return [];
    const message = `the name of a seed would have ${host.length} characters`;
    return [{ code: "TN1012", at: NETWORK, message, given: host, allowed: `at most ${MAX_DNS_NAME}` }];
  });
}
