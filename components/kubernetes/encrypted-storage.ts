import { StorageClass } from "@pulumi/kubernetes/storage/v1";
import type * as pulumi from "@pulumi/pulumi";
import { type Identity, TestnetComponent } from "../component";

export interface EncryptedStorageArgs {
  readonly identity: Identity;
  readonly provisioner: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** One name in every cluster, so that charts need not know the cloud. */
const CLASS_NAME = "testnet-ssd";

/** The storage class of our volumes: encrypted, made where the pod is, grown on demand, deleted with the claim. */
export class EncryptedStorage extends TestnetComponent {
  readonly className = CLASS_NAME;

  constructor(name: string, args: EncryptedStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:kubernetes:EncryptedStorage", name, args.identity, opts);
    new StorageClass(
      name,
      {
        metadata: { name: CLASS_NAME, labels: this.tags },
        provisioner: args.provisioner,
        parameters: { ...args.parameters },
        volumeBindingMode: "WaitForFirstConsumer",
        allowVolumeExpansion: true,
        reclaimPolicy: "Delete",
      },
      this.child(),
    );
    this.registerOutputs({});
  }
}
