import { REPOSITORY as ECR } from "../aws/types";
import { CloudError, type Look } from "../cloud/model";
import { REPOSITORY as ARTIFACT_REGISTRY } from "../gcp/types";
import { text } from "./local-images";
import { PUSHED } from "./types";

/** The registries of the simulated clouds, as `docker push` and who asks for images meet them. */

interface Repository {
  /** Its own name in its registry. */
  readonly name: string;
  readonly hasImmutableTags: boolean;
}

/** @throws CloudError in the words of the registry, where it would not take what has this digest under this name */
export function admitPush(image: string, digest: string, look: Look): void {
  const repository = repositoryOf(image, look);
  if (!repository.hasImmutableTags) return;
  const others = look.all(PUSHED).filter(({ inputs }) => inputs["name"] === image);
  if (others.every(({ attributes }) => attributes["sha256Digest"] === digest)) return;
  const [, tag] = /:([\w.-]+)$/.exec(image) ?? [];
  throw pushError(
    `tag invalid: The image tag '${tag ?? ""}' already exists in the '${repository.name}' repository and cannot be overwritten because the tag is immutable.`,
  );
}

function repositoryOf(image: string, look: Look): Repository {
  const [host = ""] = image.split("/");
  const path = image.slice(host.length + 1).replace(/:[\w.-]+$/, "");
  if (isEcr(host)) return ecr(host, path, look);
  if (isArtifactRegistry(host)) return artifactRegistry(host, path, look);
  throw pushError(`Get "https://${host}/v2/": dial tcp: lookup ${host}: no such host`);
}

/** Whether a host is a registry of one of the simulated clouds, and so not open to everybody. */
export function isOfClouds(host: string): boolean {
  return isEcr(host) || isArtifactRegistry(host);
}

function isEcr(host: string): boolean {
  return /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com$/.test(host);
}

function isArtifactRegistry(host: string): boolean {
  return host.endsWith("-docker.pkg.dev");
}

function ecr(host: string, path: string, look: Look): Repository {
  const found = look
    .abroad("aws", ECR)
    .find(({ attributes }) => attributes["repositoryUrl"] === `${host}/${path}`);
  if (found !== undefined) {
    return { name: path, hasImmutableTags: found.inputs["imageTagMutability"] === "IMMUTABLE" };
  }
  throw pushError(
    `name unknown: The repository with name '${path}' does not exist in the registry with id '${host.slice(0, 12)}'`,
  );
}

function artifactRegistry(host: string, path: string, look: Look): Repository {
  const [project = "", name = "", image] = path.split("/");
  const found = look
    .abroad("gcp", ARTIFACT_REGISTRY)
    .find(({ attributes }) => attributes["registryUri"] === `${host}/${project}/${name}`);
  if (found === undefined || text(found.inputs, "format") !== "DOCKER") {
    throw pushError(`name unknown: Repository "${name}" not found`);
  }
  if (image === undefined) throw pushError("name invalid: Missing image name");
  const { immutableTags } = (found.inputs["dockerConfig"] ?? {}) as { immutableTags?: unknown };
  return { name, hasImmutableTags: immutableTags === true };
}

function pushError(words: string): CloudError {
  return new CloudError("Push", `Error pushing docker image: ${words}`, 404);
}
