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

/**
 * Lodestar as a node's consensus client. It makes its own key, once, and keeps it on its volume: there is no flag for one,
 * so a Lodestar node is no seed.
 */
export function lodestarArguments(place: Place): ProgramArguments {
  const { consensus, discovery } = place.node.ports;
  return {
    words: ["beacon"],
    flags: [
      ["dataDir", ref.data],
      ...chain(place),
      ["execution.urls", engineUrl(place)],
      ["jwt-secret", jwtSecret(place)],
      ...feeRecipient("suggestedFeeRecipient", place),
      ["listenAddress", "0.0.0.0"],
      ["port", consensus],
      ["discoveryPort", discovery],
      ["nat", "true"],
      ["enr.ip", ref.externalIp],
      ["enr.tcp", consensus],
      ["enr.udp", discovery],
      ["rest", "true"],
      ["rest.address", "0.0.0.0"],
      ["rest.port", POD_PORTS.beaconApi],
      ["rest.namespace", "*"],
      ...metrics(POD_PORTS.consensusMetrics),
    ],
  };
}

function chain(place: Place): readonly Argument[] {
  return chainFlags(place, {
    private: [
      ["paramsFile", CHAIN_CONFIG],
      ["genesisStateFile", GENESIS_STATE],
      ...seedMultiaddrs(place).map((address): Argument => ["directPeers", address]),
      // Alone it would take itself to be behind.
      ...(place.isAlone
        ? [["sync.isSingleNode", "true"] as const, ["network.allowPublishToZeroPeers", "true"] as const]
        : []),
    ],
    public: [["network", place.settings.network], ...checkpoint("checkpointSyncUrl", place)],
  });
}

/** Lodestar's validator client. What it has signed is below its data directory. */
export function lodestarValidatorArguments(place: Place, name: string): ProgramArguments {
  const { keys, passwords } = keystores(name);
  return {
    words: ["validator"],
    flags: [
      ["dataDir", ref.data],
      ["paramsFile", CHAIN_CONFIG],
      ["beaconNodes", beaconUrl(place)],
      ["keystoresDir", keys],
      ["secretsDir", passwords],
      ...feeRecipient("suggestedFeeRecipient", place),
      ["graffiti", place.node.name],
      ...metrics(POD_PORTS.validatorMetrics),
    ],
  };
}

function metrics(port: number): Argument[] {
  return [
    ["metrics", "true"],
    ["metrics.address", "0.0.0.0"],
    ["metrics.port", port],
  ];
}
