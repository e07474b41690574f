import { type Argument, renderArguments } from "../../arguments";
import type { JoinGuide } from "../../plan";
import { ref } from "../../references";
import { CONSENSUS_CLIENTS, EXECUTION_CLIENTS } from "../clients";
import { releaseOf } from "../releases";
import { type EthereumNetwork, isPublic } from "../settings";
import { seedEnodes, seedMultiaddrs } from "./place";
import type { ClusterNode } from "./topology";

/** The published peer list: for both layers, how each seed is called. */
export function peerList(seeds: readonly ClusterNode[]): string[] {
  return [...seeds.map(({ execution }) => ref.enode(execution)), ...seedMultiaddrs({ seeds })];
}

/** How an outsider joins: a node of geth and Prysm, which take every private network. */
export function joinGuide(
  settings: EthereumNetwork,
  network: string,
  seeds: readonly ClusterNode[],
): JoinGuide {
  if (isPublic(settings)) {
    const note = `The nodes follow ${settings.network}. To join it, run a node of your own as its clients' manuals say.`;
    return { command: [], notes: [note] };
  }
  return {
    command: ["sh", "-c", script(network, seeds)],
    notes: [
      "The command runs a node of geth and Prysm in Docker, on the network of the machine, from the directory with the files of the bundle. It listens for JSON-RPC on 127.0.0.1:8545.",
      `Other clients can be used where the network has them too, with the same files: geth's genesis is \`genesis.json\`, the consensus layer's are \`config.yaml\` and \`genesis.ssz\`; peers.txt has the seeds of both layers.`,
      `To leave: \`docker rm -f ${network}-geth ${network}-prysm && docker volume rm ${network}-geth ${network}-prysm\`.`,
    ],
  };
}

function script(network: string, seeds: readonly ClusterNode[]): string {
  const { release: geth } = releaseOf(EXECUTION_CLIENTS.geth, undefined);
  const { release: prysm } = releaseOf(CONSENSUS_CLIENTS.prysm, undefined);
  const run = (name: string, image: typeof geth.executionImage, args: readonly string[]) =>
    [
      `docker run -d --name ${network}-${name} --network host --entrypoint ${image.command[0]}`,
      `-v "$PWD:/join:ro" -v ${network}-${name}:/data ${image.reference}`,
      ...args.map((argument) => `'${argument}'`),
    ].join(" ");
  return [
    "set -eu",
    "[ -e jwt.hex ] || (umask 077 && openssl rand -hex 32 >jwt.hex)",
    run("geth", geth.executionImage, renderArguments(geth.execution, gethFlags(seeds), "joined")),
    run("prysm", prysm.consensusImage, renderArguments(prysm.consensus, prysmFlags(seeds), "joined")),
  ].join("\n");
}

function gethFlags(seeds: readonly ClusterNode[]): Argument[] {
  return [
    ["datadir", "/data"],
    ["override.genesis", "/join/genesis.json"],
    ["syncmode", "full"],
    ["bootnodes", seedEnodes({ seeds })],
    ["http"],
    ["authrpc.jwtsecret", "/join/jwt.hex"],
  ];
}

function prysmFlags(seeds: readonly ClusterNode[]): Argument[] {
  return [
    ["accept-terms-of-use"],
    ["datadir", "/data"],
    ["chain-config-file", "/join/config.yaml"],
    ["genesis-state", "/join/genesis.ssz"],
    ["contract-deployment-block", 0],
    ["execution-endpoint", "http://127.0.0.1:8551"],
    ["jwt-secret", "/join/jwt.hex"],
    ["min-sync-peers", 0],
    ["minimum-peers-per-subnet", 0],
    ["disable-quic"],
    ["bootstrap-node", ""],
    ...seedMultiaddrs({ seeds }).map((address): Argument => ["peer", address]),
  ];
}
