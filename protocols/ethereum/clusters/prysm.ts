import type { Argument } from "../../arguments";
import { ref } from "../../references";
import {
  CHAIN_CONFIG,
  engineUrl,
  feeRecipient,
  GENESIS_STATE,
  jwtSecret,
  type Place,
  type ProgramArguments,
  seedMultiaddrs,
} from "./place";
import { POD_PORTS, stableName } from "./topology";

/** Prysm as a node's consensus client. Its release follows private networks only. */
export function prysmArguments(place: Place): ProgramArguments {
  const { node } = place;
  return {
    flags: [
      ["accept-terms-of-use"],
      ["datadir", ref.data],
      ["chain-config-file", CHAIN_CONFIG],
      ["genesis-state", GENESIS_STATE],
      ["contract-deployment-block", 0],
      ["execution-endpoint", engineUrl(place)],
      ["jwt-secret", jwtSecret(place)],
      ...feeRecipient("suggested-fee-recipient", place),
      // A network that was stopped goes on from its newest block; Prysm would start from its last finalized one.
      ["sync-from", "head"],
      ["min-sync-peers", 0],
      ["minimum-peers-per-subnet", 0],
      ["p2p-host-ip", ref.externalIp],
      ["p2p-local-ip", "0.0.0.0"],
      ["p2p-tcp-port", node.ports.consensus],
      ["p2p-udp-port", node.ports.discovery],
      ["p2p-priv-key", ref.secret(node.consensus)],
      // quic-go 0.48 of this release panics in its first handshake when built with a newer Go.
      ["disable-quic"],
      // Never left out: Prysm would call the public ones.
      ["bootstrap-node", ""],
      ...seedMultiaddrs(place).map((address): Argument => ["peer", address]),
      ["rpc-host", "0.0.0.0"],
      ["rpc-port", POD_PORTS.beaconGrpc],
      ["http-host", "0.0.0.0"],
      ["http-port", POD_PORTS.beaconApi],
      ["monitoring-host", "0.0.0.0"],
      ["monitoring-port", POD_PORTS.consensusMetrics],
    ],
  };
}

/** Prysm's validator client. */
export function prysmValidatorArguments(place: Place, name: string): ProgramArguments {
  const { node, network } = place;
  return {
    flags: [
      ["accept-terms-of-use"],
      // What it has signed is in a database there.
      ["datadir", ref.data],
      ["chain-config-file", CHAIN_CONFIG],
      ["beacon-rpc-provider", `${stableName(node.consensus, network)}:${POD_PORTS.beaconGrpc}`],
      ["wallet-dir", ref.secret(name)],
      ["wallet-password-file", ref.secret(`${name}-password`)],
      ...feeRecipient("suggested-fee-recipient", place),
      // Shows in every block who proposed it.
      ["graffiti", node.name],
      ["monitoring-host", "0.0.0.0"],
      ["monitoring-port", POD_PORTS.validatorMetrics],
    ],
  };
}
