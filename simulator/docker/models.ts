import { createHash } from "node:crypto";
import { matching } from "../cloud/formats";
import type { Made, Model } from "../cloud/model";

/** Images that a program builds, pulls, tags and pushes. Nothing is built: names and digests are made up. */

const isImage = matching(
  /^(?:[a-z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/,
  "not a reference to an image, such as registry.example.org/name:tag",
);

function text(inputs: Made["inputs"], name: string): string {
  const value = inputs[name];
  return typeof value === "string" ? value : "";
}

/** The same for one name and revision, as a registry's is for one content. */
function digest(name: string, { revision }: Made): string {
  return `sha256:${createHash("sha256").update(`${name} ${revision}`).digest("hex")}`;
}

function repositoryOf(image: string): string {
  return image.replace(/@sha256:[0-9a-f]{64}$/, "").replace(/:[\w][\w.-]*$/, "");
}

const image: Model = {
  type: "docker:index/image:Image",
  title: "Image",
  seconds: { create: 180, update: 180, delete: 0 },
  required: ["imageName"],
  formats: { imageName: isImage },
  replacedBy: [],
  id: (made) => digest(text(made.inputs, "imageName"), made),
  outputs: (made) => {
    const name = text(made.inputs, "imageName");
    return {
      baseImageName: name,
      repoDigest: `${repositoryOf(name)}@${digest(name, made)}`,
      registryServer: name.split("/")[0] ?? "",
      platform: "linux/amd64",
    };
  },
};

const remoteImage: Model = {
  type: "docker:index/remoteImage:RemoteImage",
  title: "Image",
  seconds: { create: 30, update: 30, delete: 1 },
  formats: { name: isImage },
  local: ["keepLocally", "forceRemove"],
  replacedBy: ["name", "pullTriggers", "triggers", "platform", "build"],
  id: (made) => `${digest(text(made.inputs, "name"), made)}${text(made.inputs, "name")}`,
  outputs: (made) => {
    const name = text(made.inputs, "name");
    const [, given] = /@(sha256:[0-9a-f]{64})$/.exec(name) ?? [];
    return {
      imageId: digest(name, made),
      repoDigest: `${repositoryOf(name)}@${given ?? digest(name, made)}`,
    };
  },
};

const registryImage: Model = {
  type: "docker:index/registryImage:RegistryImage",
  title: "Registry Image",
  seconds: { create: 60, update: 60, delete: 2 },
  required: ["name"],
  formats: { name: isImage },
  local: ["keepRemotely", "insecureSkipVerify"],
  replacedBy: ["name", "triggers", "build"],
  id: (made) => digest(text(made.inputs, "name"), made),
  outputs: (made) => ({ sha256Digest: digest(text(made.inputs, "name"), made) }),
};

const tag: Model = {
  type: "docker:index/tag:Tag",
  title: "Tag",
  seconds: { create: 1, delete: 0 },
  formats: { targetImage: isImage },
  replacedBy: "all",
  id: ({ inputs }) => `${text(inputs, "sourceImage")}.${text(inputs, "targetImage")}`,
  outputs: (made) => ({ sourceImageId: digest(text(made.inputs, "sourceImage"), made) }),
};

/** Every type of Docker that is simulated. */
export const MODELS: readonly Model[] = [image, remoteImage, registryImage, tag];
