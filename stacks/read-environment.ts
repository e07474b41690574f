import { TestnetError } from "../errors/problem";
import { ENVIRONMENT_VERSION, type EnvironmentDocument, environmentDocument } from "./environment-document";

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
