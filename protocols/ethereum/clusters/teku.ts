import type { Argument } from "../../arguments";
import { ref } from "../../references";
import {
  beaconUrl,
  CHAIN_CONFIG,
  chainFlags,
  checkpoint,
  engineUrl,
  feeRecipient,
  GENESIS_STATE,
  jwtSecret,
  keystores,
  type Place,
  type ProgramArguments,
  seedMultiaddrs,
} from "./place";
import { POD_PORTS } from "./topology";

/** Teku as a node's consensus client. */
export function tekuArguments(place: Place): ProgramArguments {
  const { node } = place;
  return {
    flags: [
      ["data-path", ref.data],
      ...chain(place),
      ["ee-endpoint", engineUrl(place)],
      ["ee-jwt-secret-file", jwtSecret(place)],
      // A hidden flag: the public one wants another form of the key.
      ["Xp2p-private-key-file-secp256k1", ref.secret(node.consensus)],
      ["p2p-enabled", "true"],
      ["p2p-interface", "0.0.0.0"],
      ["p2p-port", node.ports.consensus],
      ["p2p-udp-port", node.ports.discovery],
      ["p2p-advertised-ip", ref.externalIp],
      ["p2p-advertised-port", node.ports.consensus],
      ["p2p-advertised-udp-port", node.ports.discovery],
      ["rest-api-enabled", "true"],
      ["rest-api-interface", "0.0.0.0"],
      ["rest-api-port", POD_PORTS.beaconApi],
      ["rest-api-host-allowlist", "*"],
      ...metrics(POD_PORTS.consensusMetrics),
      ["log-destination", "CONSOLE"],
    ],
  };
}

function chain(place: Place): readonly Argument[] {
  const seeds = seedMultiaddrs(place);
  return chainFlags(place, {
    private: [
      ["network", CHAIN_CONFIG],
      ["genesis-state", GENESIS_STATE],
      ["ignore-weak-subjectivity-period-enabled", "true"],
      ["p2p-peer-lower-bound", 1],
      // Without a cloud, the addresses of peers are private ones.
      ["p2p-discovery-site-local-addresses-enabled", "true"],
      ...(seeds.length === 0 ? [] : [["p2p-static-peers", seeds.join(",")] as const]),
    ],
    public: [["network", place.settings.network], ...checkpoint("checkpoint-sync-url", place)],
  });
}

/** Teku's validator client. What it has signed is below its data path. */
export function tekuValidatorArguments(place: Place, name: string): ProgramArguments {
  const { keys, passwords } = keystores(name);
  return {
    words: ["validator-client"],
    flags: [
      ["network", CHAIN_CONFIG],
      ["data-path", ref.data],
      ["beacon-node-api-endpoint", beaconUrl(place)],
      ["validator-keys", `${keys}:${passwords}`],
      // A lock that a killed container leaves would keep the next one from starting; the pod's lease does its work.
      ["validators-keystore-locking-enabled", "false"],
      ...feeRecipient("validators-proposer-default-fee-recipient", place),
      ["validators-graffiti", place.node.name],
      ...metrics(POD_PORTS.validatorMetrics),
      ["log-destination", "CONSOLE"],
    ],
  };
}

function metrics(port: number): Argument[] {
  return [
    ["metrics-enabled", "true"],
    ["metrics-interface", "0.0.0.0"],
    ["metrics-port", port],
    ["metrics-host-allowlist", "*"],
  ];
}
