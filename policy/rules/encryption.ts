import { Volume } from "@pulumi/aws/ebs/volume";
import { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate";
import { Cluster as EksCluster } from "@pulumi/aws/eks/cluster";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration";
import { Cluster as GkeCluster } from "@pulumi/gcp/container/cluster";
import { StorageClass } from "@pulumi/kubernetes/storage/v1/storageClass";
import { of, resourceRule } from "../rule";

/** Provisioner of EBS volumes. Those of GCP are encrypted by the cloud, always. */
const EBS = "ebs.csi.aws.com";

/** What is kept is kept encrypted. Only what a cloud does not encrypt by itself is looked at. */
export const storedEncrypted = resourceRule(
  {
    name: "stored-encrypted",
    description: "Disks, volumes, buckets and the secrets of clusters are encrypted.",
    enforcementLevel: "mandatory",
  },
  [
    of(EksCluster, ({ encryptionConfig }) => {
      const covers = encryptionConfig?.resources.includes("secrets") === true;
      return covers ? [] : ["encryptionConfig does not cover the secrets of the cluster"];
    }),
    of(GkeCluster, ({ databaseEncryption }) =>
      databaseEncryption?.state === "DECRYPTED" ? ["databaseEncryption is switched off"] : [],
    ),
    of(LaunchTemplate, ({ blockDeviceMappings: mappings = [] }) => {
      if (mappings.length === 0) return ["blockDeviceMappings names no disk"];
      return mappings
        .filter(({ ebs }) => ebs !== undefined && String(ebs.encrypted) !== "true")
        .map(({ deviceName }) => `the disk ${deviceName ?? "without a name"} is not encrypted`);
    }),
    of(Volume, ({ encrypted }) => (encrypted === true ? [] : ["the volume is not encrypted"])),
    of(BucketServerSideEncryptionConfiguration, ({ rules }) => {
      const named = rules.map(({ applyServerSideEncryptionByDefault: rule }) => rule?.sseAlgorithm);
      return named.every((algorithm) => algorithm !== undefined) ? [] : ["a rule names no algorithm"];
    }),
    of(StorageClass, ({ provisioner, parameters }) =>
      provisioner === EBS && parameters?.["encrypted"] !== "true"
        ? ['parameters.encrypted is not "true": its volumes are not encrypted']
        : [],
    ),
  ],
);
