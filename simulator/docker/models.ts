import { oneOf } from "../cloud/formats";
import type { Model } from "../cloud/model";
import { isImage } from "./image-name";
import { digestOf, localDigest, text } from "./local-images";
import { admitPush } from "./registries";
import { BUILT, PULLED, PUSHED, TAG } from "./types";

/** Images that a program builds, pulls, tags and pushes. */

const isPlatform = oneOf("linux/amd64", "linux/arm64");

function repositoryOf(image: string): string {
  return image.replace(/@sha256:[0-9a-f]{64}$/, "").replace(/:[\w][\w.-]*$/, "");
}

const image: Model = {
  type: BUILT,
  title: "Image",
  seconds: { create: 180, update: 180, delete: 0 },
  required: ["imageName"],
  formats: { imageName: isImage, "build.platform": isPlatform },
  replacedBy: [],
  id: (made) => digestOf(text(made.inputs, "imageName"), made),
  outputs: (made) => {
    const name = text(made.inputs, "imageName");
    const digest = digestOf(name, made);
    return {
      baseImageName: name,
      repoDigest: made.inputs["skipPush"] === true ? digest : `${repositoryOf(name)}@${digest}`,
      registryServer: name.split("/")[0] ?? "",
      platform: "linux/amd64",
    };
  },
  admit: (made) => {
    const name = text(made.inputs, "imageName");
    if (made.inputs["skipPush"] !== true) admitPush(name, digestOf(name, made), made.look);
  },
};

const remoteImage: Model = {
  type: PULLED,
  title: "Image",
  seconds: { create: 30, update: 30, delete: 1 },
  formats: { name: isImage, platform: isPlatform },
  local: ["keepLocally", "forceRemove"],
  replacedBy: ["name", "pullTriggers", "triggers", "platform", "build"],
  id: (made) => `${digestOf(text(made.inputs, "name"), made)}${text(made.inputs, "name")}`,
  outputs: (made) => {
    const name = text(made.inputs, "name");
    const digest = digestOf(name, made);
    return { imageId: digest, repoDigest: `${repositoryOf(name)}@${digest}` };
  },
};

const registryImage: Model = {
  type: PUSHED,
  title: "Registry Image",
  seconds: { create: 60, update: 60, delete: 2 },
  required: ["name"],
  formats: { name: isImage },
  local: ["keepRemotely", "insecureSkipVerify"],
  replacedBy: ["name", "triggers", "build"],
  id: ({ inputs, look }) => `${localDigest(text(inputs, "name"), look)}/${text(inputs, "name")}`,
  outputs: ({ id }) => ({ sha256Digest: id.split("/")[0] ?? "" }),
  admit: ({ inputs, look }) => {
    const name = text(inputs, "name");
    admitPush(name, localDigest(name, look), look);
  },
};

const tag: Model = {
  type: TAG,
  title: "Tag",
  seconds: { create: 1, delete: 0 },
  formats: { targetImage: isImage },
  replacedBy: "all",
  id: ({ inputs }) => `${text(inputs, "sourceImage")}.${text(inputs, "targetImage")}`,
  outputs: ({ inputs, look }) => ({ sourceImageId: localDigest(text(inputs, "sourceImage"), look) }),
  admit: ({ inputs, look }) => void localDigest(text(inputs, "sourceImage"), look),
};

/** Every type of Docker that is simulated. */
export const MODELS: readonly Model[] = [image, remoteImage, registryImage, tag];
