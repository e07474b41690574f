import type { Argument } from "../../arguments";
import { ref } from "../../references";
import { isPublic } from "../settings";
import {
  beaconUrl,
  engineUrl,
  feeRecipient,
  jwtSecret,
  keystores,
  type Place,
  type ProgramArguments,
  seedMultiaddrs,
} from "./place";
import { POD_PORTS } from "./topology";

/**
 * Nimbus as a node's consensus client. It makes its own key, once, and keeps it on its volume: the file it reads is
 * encrypted, so a Nimbus node is no seed.
 */
export function nimbusArguments(place: Place): ProgramArguments {
  const { node, settings } = place;
  const network = isPublic(settings) ? settings.network : ref.shared;
  return {
    words: [ref.data, network, settings.checkpointSyncUrl ?? ""],
    flags: [
      ["non-interactive", "true"],
      ["data-dir", ref.data],
      ["network", network],
      ["web3-url", engineUrl(place)],
      ["jwt-secret", jwtSecret(place)],
      ...feeRecipient("suggested-fee-recipient", place),
      ["netkey-file", `${ref.data}/netkey.json`],
      ["insecure-netkey-password", "true"],
      ["nat", `extip:${ref.externalIp}`],
      ["enr-auto-update", "false"],
      ["tcp-port", node.ports.consensus],
      ["udp-port", node.ports.discovery],
      ...seedMultiaddrs(place).map((address): Argument => ["direct-peer", address]),
      ["rest", "true"],
      ["rest-address", "0.0.0.0"],
      ["rest-port", POD_PORTS.beaconApi],
      ["metrics", "true"],
      ["metrics-address", "0.0.0.0"],
      ["metrics-port", POD_PORTS.consensusMetrics],
    ],
  };
}

/** Nimbus' validator client. */
export function nimbusValidatorArguments(place: Place, name: string): ProgramArguments {
  const directory = `${ref.data}/validators`;
  const { keys, passwords } = keystores(name);
  return {
    words: [directory, keys],
    flags: [
      ["non-interactive", "true"],
      ["data-dir", ref.data],
      // What it has signed is in a database there.
      ["validators-dir", directory],
      ["secrets-dir", passwords],
      ["beacon-node", beaconUrl(place)],
      ...feeRecipient("suggested-fee-recipient", place),
      ["graffiti", place.node.name],
      // The pod's lease does its work, at once; this would be silent for two epochs after each start.
      ["doppelganger-detection", "false"],
      ["metrics", "true"],
      ["metrics-address", "0.0.0.0"],
      ["metrics-port", POD_PORTS.validatorMetrics],
    ],
  };
}
