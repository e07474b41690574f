import { type Shown, UNKNOWN } from "./judge";

/** Resources that more than one rule looks at; without arguments they break none. */

export const TAGS = {
  "testnet-stack": "alice-qa",
  "testnet-owner": "alice",
  "testnet-expires": "2026-12-31",
};

export const ingress = (inputs: object): Shown => ({
  type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  inputs: {
    ipProtocol: "tcp",
    fromPort: 23000,
    toPort: 23031,
    cidrIpv4: "0.0.0.0/0",
    securityGroupId: UNKNOWN,
    ...inputs,
  },
});
export const firewall = (inputs: object): Shown => ({
  type: "gcp:compute/firewall:Firewall",
  inputs: {
    direction: "INGRESS",
    allows: [{ protocol: "tcp", ports: ["23000-23031"] }],
    sourceRanges: ["0.0.0.0/0"],
    ...inputs,
  },
});
export const eks = (inputs: object): Shown => ({
  type: "aws:eks/cluster:Cluster",
  inputs: {
    encryptionConfig: { resources: ["secrets"], provider: { keyArn: UNKNOWN } },
    vpcConfig: { publicAccessCidrs: ["203.0.113.0/24"] },
    ...inputs,
  },
});
export const gke = (inputs: Shown["inputs"]): Shown => ({ type: "gcp:container/cluster:Cluster", inputs });
export const release = (image: string, service?: object): Shown => ({
  type: "kubernetes:helm.sh/v3:Release",
  inputs: {
    values: {
      images: {},
      pods: [
        {
          containers: [
            {
              image,
              ports: [
                { number: 23_000, public: true },
                { number: 8545, public: false },
                { number: 23_031, public: true },
              ],
            },
          ],
          services: service === undefined ? [] : [service],
        },
      ],
    },
  },
});
