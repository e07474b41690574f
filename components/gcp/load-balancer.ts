import type { LoadBalancerService, StaticAddress } from "../contracts";

/**
 * GKE makes the load balancer of a Service by itself. This class is the one that takes TCP and UDP on one address
 * (clusters from 1.34.1 on) and hands packets on with the sender's address.
 */
export function gkeLoadBalancer({ address }: StaticAddress): LoadBalancerService {
  return {
    annotations: {},
    loadBalancerIP: address,
    loadBalancerClass: "networking.gke.io/l4-regional-external",
  };
}
