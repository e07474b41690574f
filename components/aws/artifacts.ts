import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { TestnetComponent } from "../component";
import type { Artifacts, ArtifactsArgs, ArtifactsFacts, PublishArgs, UploadArgs } from "../contracts";
import { physicalName, shortHash } from "../naming";

/** What the world may read. */
const JOIN_PREFIX = "join/";

/** A versioned, encrypted S3 bucket. Only what lies below `join/` can be read by the world, and only over TLS. */
export class AwsArtifacts extends TestnetComponent implements Artifacts {
  readonly bucket: pulumi.Output<string>;
  readonly joinBucket: pulumi.Output<string>;
  readonly joinUrl: pulumi.Output<string>;

  constructor(name: string, args: ArtifactsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:aws:Artifacts", name, args.identity, opts);
    const { stack, protect } = args.identity;
    const bucket = new s3.Bucket(
      name,
      {
        bucket: physicalName("s3Bucket", stack, "artifacts", shortHash(args.uniqueBy)),
        forceDestroy: !protect,
        tags: this.tags,
      },
      this.statefulChild(),
    );
    this.harden(name, bucket);
    this.bucket = bucket.id;
    this.joinBucket = bucket.id;
    this.joinUrl = pulumi.interpolate`https://${bucket.bucketRegionalDomainName}/join`;
    this.registerOutputs({ bucket: this.bucket, joinUrl: this.joinUrl });
  }

  upload(name: string, args: UploadArgs, opts: pulumi.CustomResourceOptions = {}): s3.BucketObjectv2 {
    const key = args.public ? `${JOIN_PREFIX}${args.key}` : args.key;
    return object(name, this.bucket, { ...args, key }, this.tags, this.child(opts));
  }

  private harden(name: string, { id, arn }: s3.Bucket): void {
    new s3.BucketVersioning(
      name,
      { bucket: id, versioningConfiguration: { status: "Enabled" } },
      this.child(),
    );
    new s3.BucketServerSideEncryptionConfiguration(
      name,
      { bucket: id, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
      this.child(),
    );
    new s3.BucketOwnershipControls(
      name,
      { bucket: id, rule: { objectOwnership: "BucketOwnerEnforced" } },
      this.child(),
    );
    // Access lists stay shut; the policy below is the one thing that opens.
    const publicAccess = new s3.BucketPublicAccessBlock(
      name,
      {
        bucket: id,
        blockPublicAcls: true,
        ignorePublicAcls: true,
        blockPublicPolicy: false,
        restrictPublicBuckets: false,
      },
      this.child(),
    );
    new s3.BucketPolicy(
      name,
      { bucket: id, policy: bucketPolicy(arn) },
      this.child({ dependsOn: [publicAccess] }),
    );
  }
}

/** Publishes in a bucket that another stack made. */
export function awsPublish(
  name: string,
  { joinBucket }: ArtifactsFacts,
  args: PublishArgs,
  tags: Readonly<Record<string, string>>,
  opts: pulumi.CustomResourceOptions,
): s3.BucketObjectv2 {
  return object(name, joinBucket, { ...args, key: `${JOIN_PREFIX}${args.key}` }, tags, opts);
}

function object(
  name: string,
  bucket: pulumi.Input<string>,
  { key, content, contentType }: PublishArgs,
  tags: Readonly<Record<string, string>>,
  opts: pulumi.CustomResourceOptions,
): s3.BucketObjectv2 {
  return new s3.BucketObjectv2(
    name,
    {
      bucket,
      key,
      content,
      contentType,
      // The service refuses what arrives altered, and keeps the sum for whoever downloads.
      checksumAlgorithm: "SHA256",
      tags: { ...tags },
    },
    opts,
  );
}

function bucketPolicy(arn: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ReadJoinBundles",
        Effect: "Allow",
        Principal: "*",
        Action: "s3:GetObject",
        Resource: pulumi.interpolate`${arn}/${JOIN_PREFIX}*`,
      },
      {
        Sid: "OnlyOverTls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [arn, pulumi.interpolate`${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}
