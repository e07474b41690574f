import { TestnetError } from "../../errors/problem";
import { loadStackConfig, stacksIn } from "../../stacks/config/file";
import { type StackKind, kindOf } from "../../stacks/kind";
import { cloudsOf } from "../../stacks/credentials";
import type { KnownStack } from "./changed-stacks";

/** The stacks in clusters that a folder has files of. Broken ones are among them: a preview tells what is broken. */
export function knownStacks(directory: string): KnownStack[] {
  const kinds = new Map(stacksIn(directory).map((name) => [name, kindIn(directory, name)]));
  return [...kinds].flatMap(([name, kind]) => {
    switch (kind?.kind) {
      case undefined:
        return [{ name }];
      case "local network":
        return [];
      case "environment":
        return [{ name, clouds: cloudsOf(kind.environment) }];
      case "cluster network": {
        const { environment, network } = kind;
        const { protocol } = network;
        if (typeof environment !== "string") return [{ name, protocol, clouds: [] }];
        const ground = kinds.get(environment);
        const clouds = ground?.kind === "environment" ? { clouds: cloudsOf(ground.environment) } : {};
        return [{ name, protocol, environment, ...clouds }];
      }
    }
  });
}

function kindIn(directory: string, stack: string): StackKind | undefined {
  try {
    return kindOf(loadStackConfig(directory, stack));
  } catch (error) {
    if (error instanceof TestnetError) return undefined;
    throw error;
  }
}
