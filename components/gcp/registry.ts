import * as artifactregistry from "@pulumi/gcp/artifactregistry";
import * as pulumi from "@pulumi/pulumi";
import { TestnetComponent } from "../component";
import type { Registry, RegistryArgs } from "../contracts";
import { physicalName } from "../naming";

export interface GcpRegistryArgs extends RegistryArgs {
  readonly project: string;
  readonly region: string;
}

const DAY_SECONDS = 86_400;

/** One Artifact Registry repository for all images; only the nodes of the region's clusters may pull. */
export class GcpRegistry extends TestnetComponent implements Registry {
  readonly images: Readonly<Record<string, pulumi.Output<string>>>;
  readonly region: string;

  constructor(name: string, args: GcpRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:gcp:Registry", name, args.identity, opts);
    const { project, region } = args;
    const repository = new artifactregistry.Repository(
      name,
      {
        project,
        location: region,
        repositoryId: physicalName("artifactRepository", args.identity.stack),
        description: this.description,
        format: "DOCKER",
        // A tag is a commit: it never means another image.
        dockerConfig: { immutableTags: true },
        cleanupPolicies: [
          {
            id: "untagged",
            action: "DELETE",
            condition: { tagState: "UNTAGGED", olderThan: `${args.untaggedDays * DAY_SECONDS}s` },
          },
        ],
        cleanupPolicyDryRun: false,
        labels: this.tags,
      },
      this.statefulChild(),
    );
    args.readers.forEach((email, index) => {
      new artifactregistry.RepositoryIamMember(
        `${name}-reader-${index + 1}`,
        {
          project,
          location: region,
          repository: repository.name,
          role: "roles/artifactregistry.reader",
          member: pulumi.interpolate`serviceAccount:${email}`,
        },
        this.child(),
      );
    });
    this.region = region;
    this.images = Object.fromEntries(
      args.images.map((image) => [
        image,
        pulumi.interpolate`${region}-docker.pkg.dev/${project}/${repository.repositoryId}/${image}`,
      ]),
    );
    this.registerOutputs({ images: this.images });
  }
}
