import type { ClusterFacts, ClusterServices } from "../contracts";
import { EksAddressExposure } from "./address-exposure";
import { awsDaemonSecret, EksDaemonSecrets } from "./daemon-secrets";
import { EksPeerPorts } from "./peer-ports";
import { awsPasswordWriter, awsSecretFiles, AwsSecret, EksSecretGrant } from "./secrets";
import { AwsStaticAddress } from "./static-address";

/** What AWS does for a cluster. Resources take their provider from `opts`. */
export function eksServices(facts: Extract<ClusterFacts, { cloud: "aws" }>): ClusterServices {
  const { clusterName, clusterArn, peerSecurityGroup, peerScalingGroups, vpcId, subnetIds, region } = facts;
  return {
    facts,
    openPeerPorts: (name, args, opts) =>
      new EksPeerPorts(name, { ...args, securityGroup: peerSecurityGroup }, opts),
    reserveAddress: (name, args, opts) => new AwsStaticAddress(name, args, opts),
    secret: (name, args, opts) => new AwsSecret(name, args, opts),
    grantSecrets: (name, args, opts) => new EksSecretGrant(name, { ...args, clusterName, clusterArn }, opts),
    daemonSecret: awsDaemonSecret,
    grantDaemonSecrets: (name, args, opts) =>
      new EksDaemonSecrets(name, { ...args, clusterName, clusterArn, region }, opts),
    exposeAddress: (name, args, opts) =>
      new EksAddressExposure(name, { ...args, vpcId, subnetIds, scalingGroups: peerScalingGroups }, opts),
    secretFiles: (files) => awsSecretFiles(region, files),
    passwordWriter: (secret) => awsPasswordWriter(region, secret),
  };
}
