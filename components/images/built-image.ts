import { Image } from "@pulumi/docker/image";
import type * as pulumi from "@pulumi/pulumi";
import { TestnetComponent } from "../component";
import { PLATFORM } from "./platform";
import { push, targetsOf, type ImageArgs, type ImageReferences } from "./push";
import { commitOf } from "./source";

export interface BuiltImageArgs extends ImageArgs {
  /** Directory whose files the build may use. */
  readonly context: string;
  /** @default `Dockerfile` of the context */
  readonly dockerfile?: string | undefined;
  /** What the context was checked out from: the tag. Registries refuse another image under the same one. */
  readonly commit: string;
  /** Stand in the state and in the image: no secrets. */
  readonly buildArgs?: Readonly<Record<string, string>> | undefined;
}

/** An image of our own: built once on the machine that deploys, then pushed to every registry. */
export class BuiltImage extends TestnetComponent {
  readonly references: ImageReferences;

  constructor(name: string, args: BuiltImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:images:BuiltImage", name, args.identity, opts);
    const tag = commitOf(name, args.commit);
    const targets = targetsOf(name, args);
    const child = this.child({ provider: args.docker });
    const built = new Image(
      name,
      {
        imageName: `testnet/${args.image}:${tag}`,
        build: {
          context: args.context,
          dockerfile: args.dockerfile ?? `${args.context}/Dockerfile`,
          args: args.buildArgs,
          platform: PLATFORM,
        },
        // Pushed below: this resource pushes to one registry only, and would build again for each.
        skipPush: true,
      },
      child,
    );
    const local = { name: built.imageName, content: built.repoDigest, tag };
    this.references = push(name, local, targets, child);
    this.registerOutputs({ references: this.references });
  }
}
