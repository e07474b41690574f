import { RemoteImage } from "@pulumi/docker/remoteImage";
import type * as pulumi from "@pulumi/pulumi";
import { TestnetComponent } from "../component";
import { PLATFORM } from "./platform";
import { push, targetsOf, type ImageArgs, type ImageReferences } from "./push";
import { parseSource, tagOf } from "./source";

export interface MirroredImageArgs extends ImageArgs {
  /** `name[:tag]@sha256:…`, the digest of the image for {@link PLATFORM}. */
  readonly source: string;
  /** @default the tag of `source` */
  readonly tag?: string | undefined;
}

/**
 * An image of others, in the registries that the clusters of a network pull from.
 *
 * @example
 * const geth = new MirroredImage("geth", {
 *   identity, docker, image: "geth",
 *   source: "ethereum/client-go:v1.17.8@sha256:…",
 *   registries: { use1: registry },
 * });
 * // image: geth.references.use1
 */
export class MirroredImage extends TestnetComponent {
  readonly references: ImageReferences;

  constructor(name: string, args: MirroredImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:images:MirroredImage", name, args.identity, opts);
    const source = parseSource(name, args.source);
    const tag = tagOf(name, source, args.tag);
    const targets = targetsOf(name, args);
    const child = this.child({ provider: args.docker });
    const pulled = new RemoteImage(
      name,
      {
        name: `${source.name}@${source.digest}`,
        platform: PLATFORM,
        // Something else on this machine may use it.
        keepLocally: true,
      },
      child,
    );
    const local = { name: pulled.name, content: source.digest, tag, digest: source.digest };
    this.references = push(name, local, targets, child);
    this.registerOutputs({ references: this.references });
  }
}
