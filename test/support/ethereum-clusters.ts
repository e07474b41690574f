import { planEthereum } from "../../protocols/ethereum/plan";
import { type EthereumNetwork, ethereumNetwork } from "../../protocols/ethereum/settings";
import type { ClusterGround, ClusterPlacement, NetworkPlan } from "../../protocols/plan";

/** Ethereum networks of clusters, for tests. */

export function cluster(name: string, changes: Partial<ClusterGround> = {}): ClusterGround {
  return {
    name,
    region: `region-of-${name}`,
    podCidr: "10.1.0.0/16",
    nodePools: [
      {
        name: "daemons",
        machine: undefined,
        peers: true,
        spot: false,
        cpus: 16,
        memoryGiB: 32,
        architecture: "x86_64",
        features: ["avx", "avx2", "bmi2"],
      },
    ],
    ...changes,
  };
}

/** Three clusters, as `prod` has them. */
export const PLACEMENT: ClusterPlacement = {
  target: "kubernetes",
  network: "eth",
  era: 1,
  portsFrom: 12_000,
  domain: "eth.testnets.example.org",
  clusters: [cluster("use1"), cluster("usw2"), cluster("euw4")],
};

export function ethereumSettings(overrides: object): EthereumNetwork {
  return ethereumNetwork.parse({ protocol: "ethereum", nodes: [{ count: 3 }], ...overrides });
}

export function ethereumPlan(overrides: object, placement: Partial<ClusterPlacement> = {}): NetworkPlan {
  return planEthereum(ethereumSettings(overrides), { ...PLACEMENT, ...placement });
}
