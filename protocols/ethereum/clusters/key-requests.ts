import type { KeyRequest } from "../../plan";
import { ref } from "../../references";
import { FUNDED_ACCOUNTS, GENESIS_FORK_VERSION } from "../genesis";
import { type EthereumNetwork, isPublic } from "../settings";
import { CONSENSUS_PROGRAMS, EXECUTION_PROGRAMS } from "./programs";
import type { ClusterNode } from "./topology";

/** The keys of a network in clusters. The hosts of node keys are references: addresses come later than keys. */
export function keyRequests(settings: EthereumNetwork, nodes: readonly ClusterNode[]): KeyRequest[] {
  const own = nodes.flatMap(nodeKeys);
  if (isPublic(settings)) return own;
  return [{ kind: "accounts", name: FUNDED_ACCOUNTS, count: settings.fundedAccounts.count }, ...own];
}

function nodeKeys(node: ClusterNode): KeyRequest[] {
  const { execution, consensus, validator, pool, ports } = node;
  const { keyFormat } = CONSENSUS_PROGRAMS[pool.consensus];
  return [
    { kind: "jwt", name: `${node.name}-jwt` },
    {
      kind: "enode",
      name: execution,
      host: hostOf(node, execution),
      format: EXECUTION_PROGRAMS[pool.execution].keyFormat,
      tcpPort: ports.execution,
      udpPort: ports.execution,
    },
    ...(keyFormat === undefined
      ? []
      : [
          {
            kind: "enr" as const,
            name: consensus,
            host: hostOf(node, consensus),
            format: keyFormat,
            tcpPort: ports.consensus,
            udpPort: ports.discovery,
          },
        ]),
    ...(validator === undefined
      ? []
      : [
          {
            kind: "validators" as const,
            name: validator,
            format: pool.consensus,
            from: node.validatorsFrom,
            count: node.validators,
            genesisForkVersion: GENESIS_FORK_VERSION,
          },
        ]),
  ];
}

function hostOf({ isSeed }: ClusterNode, pod: string): string {
  return isSeed ? ref.seedIp(pod) : ref.externalIp;
}
