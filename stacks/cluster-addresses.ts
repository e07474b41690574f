import type { ClusterAddresses } from "../components/contracts";
import { allocateAddresses } from "./addresses";
import type { ClusterEnvironment } from "./config/environment";

/** The addresses of an environment's clusters, by name. */
export function clusterAddresses(environment: ClusterEnvironment): (cluster: string) => ClusterAddresses {
  const { addresses } = allocateAddresses({
    ...environment.addresses,
    clusters: environment.clusters.map(({ name, addresses: block }) => ({ name, addresses: block })),
  });
  return (cluster) => {
    const given = addresses.get(cluster);
    if (given === undefined) throw new Error(`cluster ${cluster} has no addresses`);
    return given;
  };
}
