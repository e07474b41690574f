import { Cluster as EksCluster } from "@pulumi/aws/eks/cluster";
import { Cluster as GkeCluster } from "@pulumi/gcp/container/cluster";
import { type Findings, of, resourceRule } from "../rule";

/** No API server of a cluster may be reached without a list of who may. */
export const apiServersRestricted = resourceRule(
  {
    name: "api-servers-restricted",
    description: "An API server that is public has a list of the addresses that may reach it.",
    enforcementLevel: "mandatory",
  },
  [
    of(EksCluster, ({ vpcConfig }) => {
      // Unset, the endpoint is public and open to all: that is EKS's default.
      if (vpcConfig.endpointPublicAccess === false) return [];
      return judge(vpcConfig.publicAccessCidrs ?? [], "vpcConfig.publicAccessCidrs");
    }),
    of(GkeCluster, ({ masterAuthorizedNetworksConfig: networks }) => {
      const path = "masterAuthorizedNetworksConfig";
      if (networks?.gcpPublicCidrsAccessEnabled === true) {
        return [
          `${path}.gcpPublicCidrsAccessEnabled lets every machine of Google Cloud reach the API server`,
        ];
      }
      return judge(
        (networks?.cidrBlocks ?? []).map(({ cidrBlock }) => cidrBlock),
        `${path}.cidrBlocks`,
      );
    }),
  ],
);

function judge(blocks: readonly string[], path: string): Findings {
  if (blocks.length === 0) return [`${path} is empty: the API server is open to the world`];
  const open = blocks.find((block) => block.endsWith("/0"));
  return open === undefined ? [] : [`${path} holds ${open}: the API server is open to the world`];
}
