import type { ReleaseContext } from "../../../components/kubernetes/network/releases";
import { entrancesOf } from "../../../protocols/entrances";
import type { NetworkPlan } from "../../../protocols/plan";

/** What the component would tell the renderer, with plain texts for everything. */
export function context(
  plan: NetworkPlan,
  publicKeys: Readonly<Record<string, string>>,
  more: Partial<ReleaseContext> = {},
): ReleaseContext {
  return {
    bare: false,
    publicKeys,
    genesisTime: "1795000000",
    genesisIso: "2026-11-18T11:06:40Z",
    addresses: Object.fromEntries(entrancesOf(plan).map(({ pod }) => [pod, "203.0.113.50"])),
    seeds: new Set(plan.clusters!.seeds.map(({ daemon }) => daemon)),
    image: (reference) => reference,
    bundle: (pod) => ({
      name: `testnet/${plan.network}/${pod}`,
      providerClass: { provider: "aws", parameters: { objects: `- objectName: ${pod}\n` } },
      volume: {
        csi: {
          driver: "secrets-store.csi.k8s.io",
          readOnly: true,
          volumeAttributes: { secretProviderClass: pod },
        },
      },
    }),
    loadBalancers: {},
    labels: { "testnet-stack": plan.network, "testnet-owner": "team", "testnet-expires": "never" },
    storageClass: "testnet-ssd",
    shared: {
      configMap: "shared-e1",
      files: [
        { path: "daemon.json", sha256: "aa", key: "1-daemon.json.gz" },
        { path: "genesis.ssz", sha256: "bb", url: "https://artifacts.example.org/genesis.ssz.gz" },
      ],
    },
    ...more,
  };
}
