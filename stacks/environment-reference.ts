import * as pulumi from "@pulumi/pulumi";
import type { EnvironmentDocument } from "./environment-document";
import { readEnvironment } from "./read-environment";

/** The environment a network stands on, as its stack tells. */
export interface EnvironmentStack {
  readonly document: EnvironmentDocument;
  /** By cluster. Secret. */
  readonly kubeconfigs: pulumi.Output<Record<string, string>>;
}

/**
 * Reads the outputs of an environment's stack. The document is awaited: it decides which resources there are.
 * @param stack name of the environment's stack, of this organization and project
 * @throws TestnetError TN2008 where it is no environment, or one that this version does not understand
 */
export async function environmentStack(stack: string): Promise<EnvironmentStack> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`;
  const reference = new pulumi.StackReference(stack, { name });
  const { value } = (await reference.getOutputDetails("environment")) as { value?: unknown };
  return {
    document: readEnvironment(value, stack),
    kubeconfigs: pulumi.secret(reference.getOutput("kubeconfigs")) as pulumi.Output<Record<string, string>>,
  };
}
