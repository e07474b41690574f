import type { Provider } from "@pulumi/docker/provider";
import { RegistryImage } from "@pulumi/docker/registryImage";
import { Tag } from "@pulumi/docker/tag";
import * as pulumi from "@pulumi/pulumi";
import { TestnetError } from "../../errors/problem";
import type { Identity } from "../component";
import type { Registry } from "../contracts";

/** What images have in common, however they come to be. */
export interface ImageArgs {
  readonly identity: Identity;
  readonly docker: Provider;
  /** Its name in the registries: one of those the environment keeps. */
  readonly image: string;
  /** By the name of each cluster that runs it, the registry of that cluster's region. Clusters may share one. */
  readonly registries: Readonly<Record<string, Registry>>;
}

/** By the name of each cluster, the image in its own cloud, by digest: `address@sha256:…`. */
export type ImageReferences = Readonly<Record<string, pulumi.Output<string>>>;

/** An image on this machine. */
export interface LocalImage {
  /** What Docker here calls it. */
  readonly name: pulumi.Input<string>;
  /** Changes with its content: then it is pushed again. */
  readonly content: pulumi.Input<string>;
  readonly tag: string;
  /** The digest it must have in the registries too, where that is known. */
  readonly digest?: string | undefined;
}

interface Target {
  readonly clusters: readonly string[];
  readonly address: pulumi.Output<string>;
}

/** One for each registry, however many clusters pull from it. @throws TN1025 where one has no place for the image */
export function targetsOf(
  at: string,
  { image, registries }: Pick<ImageArgs, "image" | "registries">,
): Target[] {
  const clusters = Object.entries(registries);
  return [...new Set(Object.values(registries))].map((registry) => {
    const address = registry.images[image];
    if (address !== undefined) {
      return { clusters: clusters.filter(([, one]) => one === registry).map(([name]) => name), address };
    }
    throw new TestnetError({
      code: "TN1025",
      at: `${at}.image`,
      message: `the registry in ${registry.region} keeps no such image`,
      given: image,
      allowed: Object.keys(registry.images).join(", "),
    });
  });
}

/** Pushes an image of this machine into registries. None waits for another. */
export function push(
  name: string,
  local: LocalImage,
  targets: readonly Target[],
  opts: pulumi.CustomResourceOptions,
): ImageReferences {
  const references = targets.flatMap(({ clusters, address }) => {
    // By a cluster: two projects can have registries in one region.
    const reference = pushTo(`${name}-${clusters[0] ?? ""}`, local, address, opts);
    return clusters.map((cluster) => [cluster, reference] as const);
  });
  return Object.fromEntries(references);
}

function pushTo(
  name: string,
  local: LocalImage,
  address: pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const tag = new Tag(
    name,
    {
      sourceImage: local.name,
      targetImage: pulumi.interpolate`${address}:${local.tag}`,
      tagTriggers: [local.content],
    },
    opts,
  );
  const pushed = new RegistryImage(
    name,
    {
      name: tag.targetImage,
      triggers: { content: local.content },
      // Other networks of the environment may run it, and ECR knows no deletion by Docker.
      keepRemotely: true,
    },
    opts,
  );
  return pulumi
    .all([address, pushed.sha256Digest])
    .apply(([at, digest]) => `${at}@${sameDigest(name, digest, local.digest)}`);
}

/** @throws TN2011 where what was pushed is not what was asked for */
export function sameDigest(at: string, digest: string, wanted: string | undefined): string {
  if (wanted === undefined || digest === wanted) return digest;
  throw new TestnetError({
    code: "TN2011",
    at,
    message: "the registry has the image under another digest than its source",
    given: digest,
    allowed: wanted,
  });
}
