import * as ecr from "@pulumi/aws/ecr";
import type * as pulumi from "@pulumi/pulumi";
import { TestnetComponent } from "../component";
import type { Registry, RegistryArgs } from "../contracts";

/**
 * One ECR repository for each image. Nodes of the account may pull by their role; `readers` need no policy of their own.
 */
export class AwsRegistry extends TestnetComponent implements Registry {
  readonly images: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(
    name: string,
    args: RegistryArgs,
    readonly region: string,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("testnet:aws:Registry", name, args.identity, opts);
    const repositories = args.images.map((image) => [image, this.repository(name, image, args)] as const);
    this.images = Object.fromEntries(
      repositories.map(([image, repository]) => [image, repository.repositoryUrl]),
    );
    this.registerOutputs({ images: this.images });
  }

  private repository(name: string, image: string, { identity, untaggedDays }: RegistryArgs): ecr.Repository {
    const repository = new ecr.Repository(
      `${name}-${image}`,
      {
        name: `${identity.stack}/${image}`,
        // A tag is a commit: it never means another image.
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "AES256" }],
        forceDelete: !identity.protect,
        tags: this.tags,
      },
      this.statefulChild(),
    );
    new ecr.LifecyclePolicy(
      `${name}-${image}`,
      { repository: repository.name, policy: untaggedExpire(untaggedDays) },
      this.child(),
    );
    return repository;
  }
}

function untaggedExpire(days: number): string {
  return JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        description: "Images without a tag",
        selection: {
          tagStatus: "untagged",
          countType: "sinceImagePushed",
          countUnit: "days",
          countNumber: days,
        },
        action: { type: "expire" },
      },
    ],
  });
}
