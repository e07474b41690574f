import * as storage from "@pulumi/gcp/storage";
import * as pulumi from "@pulumi/pulumi";
import { TestnetComponent } from "../component";
import type { Artifacts, ArtifactsArgs, ArtifactsFacts, PublishArgs, UploadArgs } from "../contracts";
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
  readonly joinBucket: pulumi.Output<string>;
  readonly joinUrl: pulumi.Output<string>;

  constructor(name: string, args: GcpArtifactsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:gcp:Artifacts", name, args.identity, opts);
    const files = this.versioned(name, "artifacts", "enforced", args);
    const join = this.versioned(`${name}-join`, "join", "inherited", args);
    new storage.BucketIAMMember(
      `${name}-join`,
      // Reads objects by name, and lists none.
      { bucket: join.name, role: "roles/storage.legacyObjectReader", member: "allUsers" },
      this.child(),
    );
    this.bucket = files.name;
    this.joinBucket = join.name;
    this.joinUrl = pulumi.interpolate`https://storage.googleapis.com/${join.name}`;
    this.registerOutputs({ bucket: this.bucket, joinUrl: this.joinUrl });
  }

  upload(name: string, args: UploadArgs, opts: pulumi.CustomResourceOptions = {}): storage.BucketObject {
    return object(name, args.public ? this.joinBucket : this.bucket, args, this.child(opts));
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

/** Publishes in a bucket that another stack made. */
export function gcpPublish(
  name: string,
  { joinBucket }: ArtifactsFacts,
  args: PublishArgs,
  opts: pulumi.CustomResourceOptions,
): storage.BucketObject {
  return object(name, joinBucket, args, opts);
}

function object(
  name: string,
  bucket: pulumi.Input<string>,
  { key, content, contentType }: PublishArgs,
  opts: pulumi.CustomResourceOptions,
): storage.BucketObject {
  return new storage.BucketObject(name, { bucket, name: key, content, contentType }, opts);
}
