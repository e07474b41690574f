import { Refused } from "../../plugin/provider";
import type { Asked, Cloud, CloudFunction } from "../cloud/model";
import { misfits, type Shapes } from "../cloud/shapes";
import { isImage } from "./image-name";
import { digestOf, text } from "./local-images";
import { isOfClouds } from "./registries";
import shapes from "./shapes.json";
import { PUSHED } from "./types";

/** Registries of the world that let everybody read. What they hold is not kept: they have every image of a proper name. */
const PUBLIC = ["registry-1.docker.io", "gcr.io", "ghcr.io", "public.ecr.aws", "quay.io", "registry.k8s.io"];

const ARGUMENTS = { name: "string", insecureSkipVerify: ["boolean"] } as const;

/** An image as the provider takes it apart. */
interface Wanted {
  readonly host: string;
  readonly repository: string;
  readonly tag: string;
  /** As it was asked for. */
  readonly name: string;
}

/** The data source `docker.getRegistryImage`: the digest that a registry has for a name, the same one for one name. */
const registryImage: CloudFunction = (args, _site, asked) => {
  const [wrong] = misfits(args, ARGUMENTS, shapes as unknown as Shapes);
  if (wrong !== undefined) throw new Refused(wrong.reason);
  const name = text(args, "name");
  const reason = isImage(name);
  if (reason !== undefined) throw new Refused(reason);
  const digest = digestAt(takenApart(name), asked);
  return { id: digest, insecureSkipVerify: false, ...args, sha256Digest: digest };
};

/** By the provider's rules, which are not those of Docker: `docker.io` is a host like any other. */
function takenApart(name: string): Wanted {
  const slashes = name.split("/").length - 1;
  const [first = ""] = name.split("/");
  const hasHost = slashes > 1 || (slashes === 1 && (/[.:]/.test(first) || first === "localhost"));
  const path = hasHost ? name.slice(first.length + 1) : name;
  const [, repository = "", tag = "latest"] = /^([^:@]+)(?::([^@]+))?/.exec(path) ?? [];
  if (hasHost) return { host: first, repository, tag, name };
  const owned = repository.includes("/") ? repository : `library/${repository}`;
  return { host: "registry-1.docker.io", repository: owned, tag, name };
}

function digestAt(wanted: Wanted, asked: Asked): string {
  const { host, repository, name } = wanted;
  if (isOfClouds(host)) return pushedDigest(wanted, asked);
  if (!PUBLIC.includes(host)) {
    const reason = host === "docker.io" ? "got bad response from registry: 404 Not Found" : unheardOf(wanted);
    throw refused(wanted, reason);
  }
  // Docker Hub has no repository without an owner, and says of one that is not there what it says of private ones.
  if (host === "registry-1.docker.io" && !repository.includes("/")) {
    throw refused(wanted, "got bad response from registry: 401 Unauthorized");
  }
  return digestOf(name, { revision: 0 });
}

/** What was pushed to a registry of the simulated clouds, for whom it knows. */
function pushedDigest(wanted: Wanted, { config, look }: Asked): string {
  const entries = (config["registryAuth"] ?? []) as readonly { readonly address?: unknown }[];
  if (!entries.some(({ address }) => address === wanted.host)) {
    throw refused(wanted, "bad credentials: 401 Unauthorized");
  }
  const pushed = look.all(PUSHED).find(({ inputs }) => inputs["name"] === wanted.name);
  if (pushed === undefined) throw refused(wanted, "got bad response from registry: 404 Not Found");
  return text(pushed.attributes, "sha256Digest");
}

function unheardOf({ host, repository, tag }: Wanted): string {
  return `Error during registry request: Head "https://${host}/v2/${repository}/manifests/${tag}": dial tcp: lookup ${host}: no such host`;
}

function refused({ repository, tag }: Wanted, reason: string): Refused {
  return new Refused(
    `Got error when attempting to fetch image version ${repository}:${tag} from registry: ${reason}`,
  );
}

/** Functions (data sources) of the Docker SDK that programs of ours use. */
export const FUNCTIONS: Cloud["functions"] = {
  "docker:index/getRegistryImage:getRegistryImage": registryImage,
};
