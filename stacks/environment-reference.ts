import * as pulumi from "@pulumi/pulumi";
import { TestnetError } from "../errors/problem";
import { ENVIRONMENT_VERSION, type EnvironmentDocument, environmentDocument } from "./environment-document";

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

/**
 * Checks what a stack told. Pure.
 * @throws TestnetError TN2008 where it is no environment, or one that this version does not understand
 */
export function readEnvironment(output: unknown, stack: string): EnvironmentDocument {
  const result = environmentDocument.safeParse(output);
  if (result.success) return result.data;
  const version =
    typeof output === "object" && output !== null && "version" in output ? output.version : undefined;
  throw new TestnetError({
    code: "TN2008",
    at: "testnet:environment",
    message:
      output === undefined
        ? `the stack ${stack} is not up, or is no environment of clusters`
        : `the outputs of the stack ${stack} cannot be read by this version`,
    given: version === ENVIRONMENT_VERSION ? result.error.issues[0]?.path.join(".") : (version ?? stack),
    allowed: `a stack with the output \`environment\` of version ${ENVIRONMENT_VERSION}`,
    remedy: `Run \`testnet up ${stack}\` with this version first.`,
  });
}
