import type { ClusterFacts, ClusterServices } from "../contracts";
import { GkeDaemonSecrets, gcpDaemonSecret } from "./daemon-secrets";
import { gkeLoadBalancer } from "./load-balancer";
import { GkePeerPorts } from "./peer-ports";
import { gcpPasswordWriter, GcpSecret, gcpSecretFiles, GkeSecretGrant } from "./secrets";
import { GcpStaticAddress } from "./static-address";

/** What GCP does for a cluster. Resources take their provider from `opts`. */
export function gkeServices(facts: Extract<ClusterFacts, { cloud: "gcp" }>): ClusterServices {
  const { project, projectNumber, network, peerTag, region } = facts;
  return {
    facts,
    openPeerPorts: (name, args, opts) => new GkePeerPorts(name, { ...args, project, network, peerTag }, opts),
    reserveAddress: (name, args, opts) => new GcpStaticAddress(name, { ...args, project, region }, opts),
    secret: (name, args, opts) => new GcpSecret(name, { ...args, project, region }, opts),
    grantSecrets: (name, args, opts) => new GkeSecretGrant(name, { ...args, project, projectNumber }, opts),
    secretFiles: gcpSecretFiles,
    daemonSecret: (ofNetwork, daemon) => gcpDaemonSecret(project, ofNetwork, daemon),
    grantDaemonSecrets: (name, args, opts) =>
      new GkeDaemonSecrets(name, { ...args, project, projectNumber }, opts),
    exposeAddress: (_name, { address }) => ({ loadBalancer: gkeLoadBalancer(address) }),
    passwordWriter: (secret) => gcpPasswordWriter(project, secret),
  };
}
