import type { Problem } from "../../../errors/problem";
import { LAST_PEER_PORT } from "../../peer-ports";
import { whereaboutsProblems } from "../../placement";
import type { ClusterPlacement } from "../../plan";
import { CONSENSUS_CLIENTS } from "../clients";
import {
  type ConsensusName,
  type EthereumNetwork,
  type EthereumNodePool,
  ethereumNetwork,
  isPublic,
  validatorsOf,
} from "../settings";
import { CONSENSUS_PROGRAMS } from "./programs";
import { clusterNodes, lastPortOf, seedCount } from "./topology";

/** What is wrong with the settings of a network in clusters. */

/** What must hold before nodes can be placed: names of clusters, percentages (TN1007, TN1030). */
export function placeProblems(settings: EthereumNetwork, placement: ClusterPlacement): Problem[] {
  const names = placement.clusters.map(({ name }) => name);
  return settings.nodes.flatMap((pool, index) =>
    whereaboutsProblems(pool, names, `testnet:network.nodes[${index}]`),
  );
}

/** Clusters without a machine that peers reach, for nodes that are placed there (TN1042). */
export function reachProblems(settings: EthereumNetwork, placement: ClusterPlacement): Problem[] {
  const nodes = clusterNodes(settings, placement);
  return settings.nodes.flatMap((pool, index) => {
    const used = new Set(nodes.filter(({ poolIndex }) => poolIndex === index).map(({ cluster }) => cluster));
    return placement.clusters
      .filter(({ name }) => used.has(name))
      .flatMap(({ name, nodePools }): Problem[] => {
        const reached = nodePools.filter(({ peers, spot }) => peers && !spot).map((some) => some.name);
        const suits = pool.nodePool === undefined ? reached.length > 0 : reached.includes(pool.nodePool);
        if (suits) return [];
        return [
          {
            code: "TN1042",
            at: `testnet:network.nodes[${index}]${pool.nodePool === undefined ? "" : ".nodePool"}`,
            message: `peers reach no lasting machine of ${pool.nodePool ?? "any node pool"} in the cluster ${name}`,
            given: pool.nodePool ?? name,
            allowed: reached.length > 0 ? reached.join(", ") : "a cluster with a node pool for peers",
          },
        ];
      });
  });
}

/** Limits compiled into clients, and forks their release does not know (TN1041). */
export function clientProblems(settings: EthereumNetwork): Problem[] {
  return settings.nodes.flatMap((pool, index): Problem[] => {
    const at = `testnet:network.nodes[${index}].consensus`;
    const problem = isPublic(settings) ? forkProblem(settings, pool) : presetProblem(settings, pool);
    return problem === undefined ? [] : [{ code: "TN1041", at, given: pool.consensus, ...problem }];
  });
}

type ClientProblem = Pick<Problem, "message" | "allowed" | "remedy">;

function forkProblem(
  { network }: EthereumNetwork,
  { consensus, consensusVersion }: EthereumNodePool,
): ClientProblem | undefined {
  const follows = (name: ConsensusName) =>
    Object.entries(CONSENSUS_CLIENTS[name]).some(
      ([version, release]) =>
        release.followsPublic && (name !== consensus || version === (consensusVersion ?? version)),
    );
  if (follows(consensus)) return undefined;
  const known = consensusVersion ?? Object.keys(CONSENSUS_CLIENTS[consensus])[0];
  return {
    message: `${consensus} ${known} does not know the forks of ${network}`,
    allowed: (Object.keys(CONSENSUS_CLIENTS) as ConsensusName[]).filter(follows).join(", "),
  };
}

/** Nimbus has a slot of 12 s as the shortest compiled in. */
const NIMBUS_SLOT_SECONDS = 12;

function presetProblem(
  { slotsPerEpoch, secondsPerSlot }: EthereumNetwork,
  { consensus }: EthereumNodePool,
): ClientProblem | undefined {
  if (slotsPerEpoch !== 32 && consensus !== "prysm") {
    return {
      message: `${consensus} has epochs of 32 slots compiled in, and the network wants ${slotsPerEpoch}`,
      allowed: "prysm",
      remedy: "Remove `slotsPerEpoch`, or use Prysm in all pools.",
    };
  }
  if (consensus === "nimbus" && secondsPerSlot < NIMBUS_SLOT_SECONDS) {
    return {
      message: `nimbus takes no slots below ${NIMBUS_SLOT_SECONDS} s, and the network wants ${secondsPerSlot} s`,
      allowed: "prysm, lighthouse, teku, lodestar",
      remedy: "Raise `secondsPerSlot` to 12, or use another client.",
    };
  }
  return undefined;
}

/** Seeds that are none (TN1043). */
export function seedProblems(settings: EthereumNetwork): Problem[] {
  const [first] = settings.nodes;
  if (isPublic(settings) || first === undefined) return [];
  const code = "TN1043";
  const given = seedCount(settings);
  if (given > first.count) {
    const allowed = `0 to ${first.count}, the nodes of the first pool`;
    return [{ code, at: "testnet:network.seeds.count", message: "there are fewer nodes", given, allowed }];
  }
  const nodes = settings.nodes.reduce((sum, { count }) => sum + count, 0);
  if (given === 0 && nodes > 1) {
    const message = "without a seed no node would find another";
    return [{ code, at: "testnet:network.seeds.count", message, given, allowed: `1 to ${first.count}` }];
  }
  if (given === 0 || CONSENSUS_PROGRAMS[first.consensus].keyFormat !== undefined) return [];
  const message = `${first.consensus} takes no key made beforehand, so nobody can know a seed of it`;
  const takers = Object.entries(CONSENSUS_PROGRAMS).filter(([, { keyFormat }]) => keyFormat !== undefined);
  return [
    {
      code,
      at: "testnet:network.nodes[0].consensus",
      message,
      given: first.consensus,
      allowed: takers.map(([name]) => name).join(", "),
    },
  ];
}

/** Validator keys that fit the secret of one pod: AWS and GCP take 64 KiB. A wallet of Prysm packs keys closer than files do. */
const KEYS_OF_A_SECRET = { prysm: 256, others: 56 } as const;

/** More validators of a node than its secret holds (TN1007). */
export function secretProblems(settings: EthereumNetwork): Problem[] {
  return settings.nodes.flatMap((pool, index): Problem[] => {
    const most = KEYS_OF_A_SECRET[pool.consensus === "prysm" ? "prysm" : "others"];
    const validators = validatorsOf(settings, pool);
    if (validators <= most) return [];
    return [
      {
        code: "TN1007",
        at: `testnet:network.nodes[${index}].validators`,
        message: `the secret of a pod of ${pool.consensus} holds ${most} keys at most`,
        given: validators,
        allowed: `0 to ${most}`,
        remedy: "Give more nodes fewer validators each.",
      },
    ];
  });
}

/** Settings of which a public chain has its own. */
const PRIVATE_KEYS = [
  "seeds",
  "secondsPerSlot",
  "slotsPerEpoch",
  "chainId",
  "gasLimit",
  "fundedAccounts",
  "genesisDelaySeconds",
] as const;

/** Settings of the other kind of network (TN1044). */
export function kindProblems(settings: EthereumNetwork): Problem[] {
  const code = "TN1044";
  const { network, checkpointSyncUrl } = settings;
  const at = "testnet:network.checkpointSyncUrl";
  if (!isPublic(settings)) {
    if (checkpointSyncUrl === undefined) return [];
    const message = "a private network starts from its own genesis";
    return [
      { code, at, message, given: checkpointSyncUrl, allowed: "sepolia, hoodi or mainnet as `network`" },
    ];
  }
  const usual = ethereumNetwork.parse({ protocol: "ethereum", nodes: [{}] });
  const problems = PRIVATE_KEYS.filter(
    (key) => JSON.stringify(settings[key]) !== JSON.stringify(usual[key]),
  ).map((key): Problem => {
    const message = `${network} is what it is: this is a setting of private networks`;
    return { code, at: `testnet:network.${key}`, message, given: settings[key] };
  });
  settings.nodes.forEach(({ validators }, index) => {
    if (validators === undefined || validators === 0) return;
    const message = `validators of ${network} need a deposit that nobody makes here`;
    problems.push({
      code,
      at: `testnet:network.nodes[${index}].validators`,
      message,
      given: validators,
      allowed: "0",
    });
  });
  if (checkpointSyncUrl === undefined) {
    const message = `from its genesis ${network} cannot be followed safely: its newest finalized state is needed`;
    problems.push({
      code,
      at,
      message,
      allowed: "the https address of a Beacon API that you trust",
      remedy:
        "Set `checkpointSyncUrl`. https://eth-clients.github.io/checkpoint-sync-endpoints lists public ones.",
    });
  }
  return problems;
}

/** Ports of peers where Kubernetes has its own (TN1045). */
export function portProblems(settings: EthereumNetwork, placement: ClusterPlacement): Problem[] {
  const nodes = settings.nodes.reduce((sum, { count }) => sum + count, 0);
  const from = placement.portsFrom;
  const to = lastPortOf(settings, placement);
  if (to <= LAST_PEER_PORT) return [];
  return [
    {
      code: "TN1045",
      at: "testnet:network.ports.from",
      message: `${nodes} nodes need the ports ${from} to ${to}`,
      given: from,
      allowed: `1024 to ${LAST_PEER_PORT + 1 - (to - from + 1)}`,
    },
  ];
}
