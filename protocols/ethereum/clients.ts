import type { Program } from "../arguments";
import besuFlags from "./flags/besu-26.7.0.json";
import erigonFlags from "./flags/erigon-3.5.4.json";
import gethFlags from "./flags/geth-1.17.8.json";
import lighthouseBeaconFlags from "./flags/lighthouse-beacon-node-8.2.1.json";
import lighthouseValidatorFlags from "./flags/lighthouse-validator-client-8.2.1.json";
import lodestarBeaconFlags from "./flags/lodestar-beacon-1.45.0.json";
import lodestarValidatorFlags from "./flags/lodestar-validator-1.45.0.json";
import nethermindFlags from "./flags/nethermind-1.37.0.json";
import nimbusBeaconFlags from "./flags/nimbus-beacon-node-26.7.0.json";
import nimbusValidatorFlags from "./flags/nimbus-validator-client-26.7.0.json";
import beaconFlags from "./flags/prysm-beacon-chain-6.0.4.json";
import validatorFlags from "./flags/prysm-validator-6.0.4.json";
import rethFlags from "./flags/reth-2.5.1.json";
import tekuFlags from "./flags/teku-26.7.1.json";
import {
  erigonImage,
  nimbusBeaconImage,
  nimbusValidatorImage,
  lighthouseValidatorImage,
  plainImage,
} from "./images";
import type { Image } from "../plan";
import type { ConsensusName, ExecutionName } from "./settings";

/**
 * Which versions of which client we render arguments for, and the flags each of them knows. Flags come and go between
 * releases: an argument is only ever rendered against the table of its version. flags/README.md tells where each is from.
 */
interface Release {
  /** Whether its programs are built here, so that it runs on this machine. */
  readonly local: boolean;
  /** Whether it knows the forks that the public networks have had. */
  readonly followsPublic: boolean;
}

export interface ExecutionRelease extends Release {
  readonly execution: Program;
  readonly executionImage: Image;
}

export interface ConsensusRelease extends Release {
  readonly consensus: Program;
  readonly consensusImage: Image;
  readonly validator: Program;
  readonly validatorImage: Image;
}

/** What the image of Lodestar has instead of a program. */
const LODESTAR = "/usr/app/packages/cli/bin/lodestar";

/** By version, newest first. */
export type Releases<R> = Readonly<Record<string, R>>;

export const EXECUTION_CLIENTS: Readonly<Record<ExecutionName, Releases<ExecutionRelease>>> = {
  geth: {
    "1.17.8": {
      local: true,
      followsPublic: true,
      execution: { name: "geth", flags: new Set(gethFlags) },
      executionImage: plainImage("docker.io/ethereum/client-go:v1.17.8", "geth"),
    },
  },
  reth: {
    "2.5.1": {
      local: false,
      followsPublic: true,
      execution: { name: "reth", flags: new Set(rethFlags) },
      executionImage: plainImage("ghcr.io/paradigmxyz/reth:v2.5.1", "reth"),
    },
  },
  besu: {
    "26.7.0": {
      local: false,
      followsPublic: true,
      execution: { name: "besu", flags: new Set(besuFlags) },
      executionImage: plainImage("docker.io/hyperledger/besu:26.7.0", "/opt/besu/bin/besu"),
    },
  },
  nethermind: {
    "1.37.0": {
      local: false,
      followsPublic: true,
      execution: { name: "nethermind", flags: new Set(nethermindFlags) },
      executionImage: plainImage("docker.io/nethermind/nethermind:1.37.0", "/nethermind/nethermind"),
    },
  },
  erigon: {
    "3.5.4": {
      local: false,
      followsPublic: true,
      execution: { name: "erigon", flags: new Set(erigonFlags) },
      executionImage: erigonImage("docker.io/erigontech/erigon:v3.5.4"),
    },
  },
};

export const CONSENSUS_CLIENTS: Readonly<Record<ConsensusName, Releases<ConsensusRelease>>> = {
  prysm: {
    "6.0.4": {
      local: true,
      // It was released before Fulu, which the public networks have had since.
      followsPublic: false,
      consensus: {
        name: "beacon-chain",
        flags: new Set(beaconFlags),
        repeatable: new Set(["bootstrap-node", "peer"]),
      },
      consensusImage: plainImage(
        "gcr.io/prysmaticlabs/prysm/beacon-chain:v6.0.4",
        "/app/cmd/beacon-chain/beacon-chain",
      ),
      validator: { name: "validator", flags: new Set(validatorFlags) },
      validatorImage: plainImage(
        "gcr.io/prysmaticlabs/prysm/validator:v6.0.4",
        "/app/cmd/validator/validator",
      ),
    },
  },
  lighthouse: {
    "8.2.1": {
      local: false,
      followsPublic: true,
      consensus: { name: "lighthouse", flags: new Set(lighthouseBeaconFlags) },
      consensusImage: plainImage("docker.io/sigp/lighthouse:v8.2.1", "lighthouse"),
      validator: { name: "lighthouse", flags: new Set(lighthouseValidatorFlags) },
      validatorImage: lighthouseValidatorImage("docker.io/sigp/lighthouse:v8.2.1"),
    },
  },
  teku: {
    "26.7.1": {
      local: false,
      followsPublic: true,
      consensus: { name: "teku", flags: new Set(tekuFlags) },
      consensusImage: plainImage("docker.io/consensys/teku:26.7.1", "/opt/teku/bin/teku"),
      validator: { name: "teku", flags: new Set(tekuFlags) },
      validatorImage: plainImage("docker.io/consensys/teku:26.7.1", "/opt/teku/bin/teku"),
    },
  },
  nimbus: {
    "26.7.0": {
      local: false,
      followsPublic: true,
      consensus: {
        name: "nimbus_beacon_node",
        flags: new Set(nimbusBeaconFlags),
        repeatable: new Set(["direct-peer"]),
      },
      consensusImage: nimbusBeaconImage("docker.io/statusim/nimbus-eth2:multiarch-v26.7.0"),
      validator: { name: "nimbus_validator_client", flags: new Set(nimbusValidatorFlags) },
      validatorImage: nimbusValidatorImage("docker.io/statusim/nimbus-validator-client:multiarch-v26.7.0"),
    },
  },
  lodestar: {
    "1.45.0": {
      local: false,
      followsPublic: true,
      consensus: {
        name: "lodestar",
        flags: new Set(lodestarBeaconFlags),
        repeatable: new Set(["directPeers"]),
      },
      consensusImage: plainImage("docker.io/chainsafe/lodestar:v1.45.0", "node", LODESTAR),
      validator: { name: "lodestar", flags: new Set(lodestarValidatorFlags) },
      validatorImage: plainImage("docker.io/chainsafe/lodestar:v1.45.0", "node", LODESTAR),
    },
  },
};

/** The versions known of a client, newest first. */
export function versionsOf(releases: Releases<unknown>): string[] {
  return Object.keys(releases);
}
