import * as pulumi from "@pulumi/pulumi";
import { type Problem, TestnetError } from "../../errors/problem";
import { checkedManifests } from "../../manifests/checked";
import type { ClusterEnvironment } from "../../stacks/config/environment";
import { buildEnvironment } from "../../stacks/environment";

/** What this process is told, as JSON in its argument. */
export interface OfflineJob {
  readonly stack: string;
  readonly environment: ClusterEnvironment;
}

/** What it tells, as JSON on its stdout. */
export interface OfflineResult {
  /** Resources by package, e.g. `aws: 115`. */
  readonly resources: Readonly<Record<string, number>>;
  readonly problems: readonly Problem[];
}

/**
 * Builds an environment with nobody behind it: every resource of the program comes into being, none is registered with an
 * engine. A process of its own, because the SDK knows one engine a process.
 */
async function main({ stack, environment }: OfflineJob): Promise<void> {
  await pulumi.runtime.setMocks(
    { newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }), call: () => ({}) },
    "testnet",
    stack,
    true,
  );
  const resources: Record<string, number> = {};
  let problems: readonly Problem[] = [];
  void pulumi.runtime.runInPulumiStack(() => {
    pulumi.runtime.registerStackTransformation(({ type }) => {
      const from = type.split(":")[0] ?? type;
      if (from !== "testnet" && from !== "pulumi") resources[from] = (resources[from] ?? 0) + 1;
      return undefined;
    });
    try {
      checkedManifests(environment.kubernetes, () => buildEnvironment(environment, stack));
    } catch (error) {
      if (!(error instanceof TestnetError)) throw error;
      problems = error.problems;
    }
    // The program is built in one go; what it would do with answers of the clouds is not looked at.
    const result: OfflineResult = { resources, problems };
    process.stdout.write(JSON.stringify(result), () => process.exit(0));
    return Promise.resolve();
  });
}

void main(JSON.parse(process.argv[2] ?? "{}") as OfflineJob);
