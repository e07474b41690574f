import { CloudError, type ServiceBalancers } from "../cloud/model";
import { text } from "./common";
import { SERVED } from "./network";
import { regionOf } from "./regions";
import { ADDRESS } from "./types";

/** Classes whose load balancers take TCP and UDP on one address. */
const MIXED = ["networking.gke.io/l4-regional-external"];

/** The load balancers that GKE makes of Services, on reserved addresses of the cluster's region. */
export const balancers: ServiceBalancers = {
  servedFact: SERVED,

  addressOf: ({ loadBalancerIP, loadBalancerClass, annotations, protocols }, name, cluster) => {
    const region = regionOf(text(cluster.inputs, "location")) ?? "";
    if (loadBalancerClass !== undefined && !MIXED.includes(loadBalancerClass)) {
      throw new CloudError("unsupported", `nobody makes load balancers of the class ${loadBalancerClass}`);
    }
    const isMixed = new Set(protocols).size > 1;
    const mayMix = loadBalancerClass !== undefined || annotations["cloud.google.com/l4-rbs"] === "enabled";
    if (isMixed && !mayMix) {
      throw new CloudError("unsupported", "mixed protocol is not supported for LoadBalancer");
    }
    if (loadBalancerIP === undefined) {
      throw new CloudError("unsupported", "without loadBalancerIP it would get an address that may change");
    }
    const found = cluster.look
      .all(ADDRESS)
      .find(({ attributes, site }) => attributes["address"] === loadBalancerIP && site.region === region);
    if (found === undefined || text(found.attributes, "addressType") !== "EXTERNAL") {
      throw new CloudError(
        "invalid",
        `requested ip "${loadBalancerIP}" is neither static nor assigned to the load balancer: no external address of ${region} is reserved for it`,
      );
    }
    const user = text(found.facts, SERVED);
    if (user !== "" && user !== name) {
      throw new CloudError(
        "resourceInUseByAnotherResource",
        `External IP address: ${loadBalancerIP} is already in use by ${user}`,
      );
    }
    return found;
  },
};
