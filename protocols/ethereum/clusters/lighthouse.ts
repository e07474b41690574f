import type { Argument } from "../../arguments";
import { ref } from "../../references";
import {
  beaconUrl,
  chainFlags,
  checkpoint,
  engineUrl,
  feeRecipient,
  jwtSecret,
  keystores,
  type Place,
  type ProgramArguments,
  seedDiscoveryAddresses,
  seedMultiaddrs,
} from "./place";
import { POD_PORTS } from "./topology";

/** Lighthouse as a node's consensus client. */
export function lighthouseArguments(place: Place): ProgramArguments {
  const { node } = place;
  const { consensus, discovery } = node.ports;
  return {
    words: ["beacon_node"],
    flags: [
      ["datadir", ref.data],
      ...chain(place),
      ["execution-endpoint", engineUrl(place)],
      ["execution-jwt", jwtSecret(place)],
      ...feeRecipient("suggested-fee-recipient", place),
      // A directory with its key; what it writes there is remade at each start.
      ["network-dir", ref.secret(node.consensus)],
      ["listen-address", "0.0.0.0"],
      ["port", consensus],
      ["quic-port", consensus],
      ["discovery-port", discovery],
      ["enr-address", ref.externalIp],
      ["enr-tcp-port", consensus],
      ["enr-quic-port", consensus],
      ["enr-udp-port", discovery],
      ["disable-enr-auto-update"],
      ...seeds(place),
      ["http"],
      ["http-address", "0.0.0.0"],
      ["http-port", POD_PORTS.beaconApi],
      ["metrics"],
      ["metrics-address", "0.0.0.0"],
      ["metrics-port", POD_PORTS.consensusMetrics],
    ],
  };
}

function chain(place: Place): readonly Argument[] {
  return chainFlags(place, {
    private: [
      ["testnet-dir", ref.shared],
      ["allow-insecure-genesis-sync"],
      // Without a cloud, the addresses of peers are private ones.
      ["enable-private-discovery"],
      // Alone it would wait for peers for ever.
      ...(place.isAlone ? [["target-peers", 0] as const] : []),
    ],
    public: [["network", place.settings.network], ...checkpoint("checkpoint-sync-url", place)],
  });
}

/** It dials the seeds, and asks them for their records, by which it finds the rest. */
function seeds(place: Place): Argument[] {
  if (place.seeds.length === 0) return [];
  return [
    ["libp2p-addresses", seedMultiaddrs(place).join(",")],
    ["boot-nodes", seedDiscoveryAddresses(place).join(",")],
    ["trusted-peers", place.seeds.map(({ consensus }) => ref.peerId(consensus)).join(",")],
  ];
}

/** Lighthouse's validator client. */
export function lighthouseValidatorArguments(place: Place, name: string): ProgramArguments {
  const directory = `${ref.data}/validators`;
  const { keys, passwords } = keystores(name);
  return {
    words: [directory, keys, passwords, "validator_client"],
    flags: [
      ["testnet-dir", ref.shared],
      ["validators-dir", directory],
      // The list of validators is written before each start.
      ["disable-auto-discover"],
      // Makes the database of what was signed where there is none; one that is there is kept.
      ["init-slashing-protection"],
      ["beacon-nodes", beaconUrl(place)],
      ...feeRecipient("suggested-fee-recipient", place),
      ["graffiti", place.node.name],
      ["metrics"],
      ["metrics-address", "0.0.0.0"],
      ["metrics-port", POD_PORTS.validatorMetrics],
    ],
  };
}
