import * as storage from "@pulumi/gcp/storage";
import * as pulumi from "@pulumi/pulumi";
import { TestnetComponent } from "../component";
import type { Artifacts, ArtifactsArgs, UploadArgs } from "../contracts";
import { physicalName, shortHash } from "../naming";

export interface GcpArtifactsArgs extends ArtifactsArgs {
  readonly project: string;
  readonly region: string;
}

/**
 * Two versioned Cloud Storage buckets. Rights for everyone cannot be limited to a prefix, so what the world may read has a
 * bucket of its own. Objects are encrypted and carry checksums by themselves.
 */
export class GcpArtifacts extends TestnetComponent implements Artifacts {
  readonly bucket: pulumi.Output<string>;
  readonly joinUrl: pulumi.Output<string>;
  private readonly join: storage.Bucket;

  constructor(name: string, args: GcpArtifactsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:gcp:Artifacts", name, args.identity, opts);
    const files = this.versioned(name, "artifacts", "enforced", args);
    this.join = this.versioned(`${name}-join`, "join", "inherited", args);
    new storage.BucketIAMMember(
      `${name}-join`,
      // Reads objects by name, and lists none.
      { bucket: this.join.name, role: "roles/storage.legacyObjectReader", member: "allUsers" },
      this.child(),
    );
    this.bucket = files.name;
    this.joinUrl = pulumi.interpolate`https://storage.googleapis.com/${this.join.name}`;
    this.registerOutputs({ bucket: this.bucket, joinUrl: this.joinUrl });
  }

  upload(name: string, args: UploadArgs, opts: pulumi.CustomResourceOptions = {}): storage.BucketObject {
    return new storage.BucketObject(
      name,
      {
        bucket: args.public ? this.join.name : this.bucket,
        name: args.key,
        content: args.content,
        contentType: args.contentType,
      },
      this.child(opts),
    );
  }

  private versioned(
    name: string,
    what: string,
    publicAccessPrevention: "enforced" | "inherited",
    { identity, uniqueBy, project, region }: GcpArtifactsArgs,
  ): storage.Bucket {
    return new storage.Bucket(
      name,
      {
        project,
        name: physicalName("gcsBucket", identity.stack, what, shortHash(uniqueBy)),
        location: region.toUpperCase(),
        uniformBucketLevelAccess: true,
        publicAccessPrevention,
        versioning: { enabled: true },
        forceDestroy: !identity.protect,
        labels: this.tags,
      },
      this.statefulChild(),
    );
  }
}
