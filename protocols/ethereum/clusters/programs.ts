import type { NodeKeyFormat, Resources } from "../../plan";
import type { ConsensusName, ExecutionName } from "../settings";
import { besuArguments } from "./besu";
import { erigonArguments } from "./erigon";
import { gethArguments } from "./geth";
import { lighthouseArguments, lighthouseValidatorArguments } from "./lighthouse";
import { lodestarArguments, lodestarValidatorArguments } from "./lodestar";
import { nethermindArguments } from "./nethermind";
import { nimbusArguments, nimbusValidatorArguments } from "./nimbus";
import type { Place, ProgramArguments } from "./place";
import { prysmArguments, prysmValidatorArguments } from "./prysm";
import { rethArguments } from "./reth";
import { tekuArguments, tekuValidatorArguments } from "./teku";

/** How each client runs in a cluster. Its versions, flags and images are in clients.ts. */

interface ExecutionProgram {
  readonly arguments: (place: Place) => ProgramArguments;
  readonly keyFormat: NodeKeyFormat;
  readonly metricsPath: string;
  /** Whether its WebSocket has a port of its own. */
  readonly webSocket: boolean;
  /** On a private network. */
  readonly resources: Resources;
  /** GiB on mainnet. Rough: the chain grows, and each client packs it in its own way. */
  readonly mainnetGiB: number;
}

interface ConsensusProgram {
  readonly arguments: (place: Place) => ProgramArguments;
  readonly validatorArguments: (place: Place, name: string) => ProgramArguments;
  /** How it takes a key made beforehand, by which others know it; undefined where it takes none. */
  readonly keyFormat: NodeKeyFormat | undefined;
  /** Whether it also listens by QUIC, on the UDP port of the number of its TCP port. */
  readonly quic: boolean;
  /** Whether its validator client speaks gRPC with it. */
  readonly grpc: boolean;
  readonly resources: Resources;
  readonly validatorResources: Resources;
  /** Path of the validator client that answers 200 when it is well; undefined where only the port tells. */
  readonly validatorHealth: string | undefined;
}

export const EXECUTION_PROGRAMS: Readonly<Record<ExecutionName, ExecutionProgram>> = {
  geth: {
    arguments: gethArguments,
    keyFormat: "hex",
    metricsPath: "/debug/metrics/prometheus",
    webSocket: true,
    // Its caches are as large as on mainnet and fill in time.
    resources: megabytes(500, 1024, 6144),
    mainnetGiB: 2000,
  },
  reth: {
    arguments: rethArguments,
    keyFormat: "hex",
    metricsPath: "/metrics",
    webSocket: true,
    resources: megabytes(500, 1024, 6144),
    mainnetGiB: 3000,
  },
  besu: {
    arguments: besuArguments,
    keyFormat: "hex",
    metricsPath: "/metrics",
    webSocket: true,
    resources: megabytes(500, 2048, 6144),
    mainnetGiB: 2000,
  },
  nethermind: {
    arguments: nethermindArguments,
    keyFormat: "raw",
    metricsPath: "/metrics",
    webSocket: true,
    resources: megabytes(500, 2048, 6144),
    mainnetGiB: 2000,
  },
  erigon: {
    arguments: erigonArguments,
    keyFormat: "hex",
    metricsPath: "/metrics",
    webSocket: false,
    resources: megabytes(500, 2048, 6144),
    mainnetGiB: 3000,
  },
};

export const CONSENSUS_PROGRAMS: Readonly<Record<ConsensusName, ConsensusProgram>> = {
  prysm: {
    arguments: prysmArguments,
    validatorArguments: prysmValidatorArguments,
    keyFormat: "hex",
    quic: false,
    grpc: true,
    resources: megabytes(500, 1024, 4096),
    validatorResources: megabytes(100, 256, 1024),
    validatorHealth: "/healthz",
  },
  lighthouse: {
    arguments: lighthouseArguments,
    validatorArguments: lighthouseValidatorArguments,
    keyFormat: "raw",
    quic: true,
    grpc: false,
    resources: megabytes(500, 1024, 4096),
    validatorResources: megabytes(100, 256, 1024),
    validatorHealth: undefined,
  },
  teku: {
    arguments: tekuArguments,
    validatorArguments: tekuValidatorArguments,
    keyFormat: "hex",
    quic: false,
    grpc: false,
    resources: megabytes(500, 3072, 6144),
    validatorResources: megabytes(100, 1024, 2048),
    validatorHealth: undefined,
  },
  nimbus: {
    arguments: nimbusArguments,
    validatorArguments: nimbusValidatorArguments,
    keyFormat: undefined,
    quic: false,
    grpc: false,
    resources: megabytes(500, 1024, 4096),
    validatorResources: megabytes(100, 256, 1024),
    validatorHealth: undefined,
  },
  lodestar: {
    arguments: lodestarArguments,
    validatorArguments: lodestarValidatorArguments,
    keyFormat: undefined,
    quic: false,
    grpc: false,
    resources: megabytes(500, 2048, 8192),
    validatorResources: megabytes(100, 512, 2048),
    validatorHealth: undefined,
  },
};

function megabytes(cpuMilli: number, memoryMiB: number, memoryLimitMiB: number): Resources {
  return { cpuMilli, memoryMiB, memoryLimitMiB };
}
