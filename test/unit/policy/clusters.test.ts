import { proveRule } from "./cases";
import { UNKNOWN } from "./judge";
import { eks, gke } from "./shapes";

proveRule("api-servers-restricted", [
  { what: "EKS with a list", shown: eks({}) },
  { what: "EKS without a public endpoint", shown: eks({ vpcConfig: { endpointPublicAccess: false } }) },
  {
    what: "EKS with a list that is not known yet",
    shown: eks({ vpcConfig: { publicAccessCidrs: [UNKNOWN] } }),
  },
  { what: "EKS without a list", shown: eks({ vpcConfig: {} }), says: /open to the world/ },
  {
    what: "EKS with a list of everyone",
    shown: eks({ vpcConfig: { publicAccessCidrs: ["203.0.113.0/24", "0.0.0.0/0"] } }),
    says: /0\.0\.0\.0\/0/,
  },
  {
    what: "GKE with a list",
    shown: gke({ masterAuthorizedNetworksConfig: { cidrBlocks: [{ cidrBlock: "203.0.113.0/24" }] } }),
  },
  { what: "GKE without a list", shown: gke({}), says: /open to the world/ },
  {
    what: "GKE for every customer of Google",
    shown: gke({ masterAuthorizedNetworksConfig: { gcpPublicCidrsAccessEnabled: true } }),
    says: /every machine of Google/,
  },
]);

proveRule("stored-encrypted", [
  { what: "EKS with a key for secrets", shown: eks({}) },
  { what: "EKS without", shown: eks({ encryptionConfig: undefined }), says: /secrets/ },
  { what: "GKE as it comes", shown: gke({}) },
  {
    what: "GKE switched off",
    shown: gke({ databaseEncryption: { state: "DECRYPTED" } }),
    says: /switched off/,
  },
  {
    what: "machines with an encrypted disk",
    shown: {
      type: "aws:ec2/launchTemplate:LaunchTemplate",
      inputs: { blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true" } }] },
    },
  },
  {
    what: "machines with a plain disk",
    shown: {
      type: "aws:ec2/launchTemplate:LaunchTemplate",
      inputs: { blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: {} }] },
    },
    says: /\/dev\/xvda is not encrypted/,
  },
  {
    what: "machines with the disk of their image",
    shown: { type: "aws:ec2/launchTemplate:LaunchTemplate", inputs: {} },
    says: /names no disk/,
  },
  {
    what: "a plain volume",
    shown: { type: "aws:ebs/volume:Volume", inputs: { size: 10 } },
    says: /not encrypted/,
  },
  {
    what: "a bucket with an algorithm",
    shown: {
      type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      inputs: { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
    },
  },
  {
    what: "a bucket without",
    shown: {
      type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      inputs: { rules: [{}] },
    },
    says: /no algorithm/,
  },
  {
    what: "encrypted volumes of pods",
    shown: {
      type: "kubernetes:storage.k8s.io/v1:StorageClass",
      inputs: { provisioner: "ebs.csi.aws.com", parameters: { encrypted: "true" } },
    },
  },
  {
    what: "plain volumes of pods",
    shown: {
      type: "kubernetes:storage.k8s.io/v1:StorageClass",
      inputs: { provisioner: "ebs.csi.aws.com", parameters: { type: "gp3" } },
    },
    says: /not encrypted/,
  },
]);
