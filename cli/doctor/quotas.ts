import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { randomBytes } from "node:crypto";
import { type Problem, TestnetError } from "../../errors/problem";
import type { ClusterEnvironment } from "../../stacks/config/environment";
import { automationApi } from "../../tools/automation";
import { resolveProgram } from "../../tools/resolve";
import { FailureLog } from "../engine/failures";
import { projectFile } from "../engine/workspace";

/**
 * Compares what an environment needs with what its accounts may have, as every `up` does before it creates anything. The clouds
 * are asked by the engine's providers: a preview of a stack that holds nothing else, with its state in a folder that goes again.
 * @param env variables for the engine besides those of this process
 * @returns TN2010 for each quota that is too small
 * @throws TestnetError TN2001 where a cloud could not be asked
 */
export async function quotaProblemsOf(
  environment: ClusterEnvironment,
  signal: AbortSignal,
  env: Readonly<Record<string, string>> = {},
): Promise<readonly Problem[]> {
  const pulumi = await resolveProgram("pulumi", { signal });
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "testnet-quotas-"));
  const failures = new FailureLog();
  try {
    const stack = await emptyStack(directory, path.dirname(pulumi.path), environment, env);
    await stack.preview({ signal, onEvent: failures.onEvent, suppressProgress: true });
    return [];
  } catch (error) {
    const told = failures.toError(error);
    const tooSmall = told.problems.filter(({ code }) => code === "TN2010");
    // The engine tells an error of the program more than once.
    if (tooSmall.length > 0) {
      return [...new Map(tooSmall.map((one) => [`${one.at}: ${one.message}`, one])).values()];
    }
    throw new TestnetError(told.problems, { cause: error });
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

async function emptyStack(
  directory: string,
  engine: string,
  environment: ClusterEnvironment,
  env: Readonly<Record<string, string>>,
) {
  const automation = automationApi();
  const backend = path.join(directory, "backend");
  fs.mkdirSync(backend);
  fs.writeFileSync(path.join(directory, "Pulumi.yaml"), projectFile());
  process.env["PATH"] = `${engine}${path.delimiter}${process.env["PATH"] ?? ""}`;
  const workspace = await automation.LocalWorkspace.create({
    workDir: directory,
    program: () => askForQuotas(environment),
    pulumiCommand: await automation.PulumiCommand.get({ skipVersionCheck: true }),
    envVars: {
      ...env,
      PULUMI_BACKEND_URL: `file://${backend}`,
      PULUMI_CONFIG_PASSPHRASE: randomBytes(16).toString("hex"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
    },
    secretsProvider: "passphrase",
  });
  return automation.Stack.create("quotas", workspace);
}

async function askForQuotas(environment: ClusterEnvironment): Promise<Record<string, unknown>> {
  const { Regions } = require("../../stacks/regions") as typeof import("../../stacks/regions");
  const { requireQuotas } = require("../../stacks/quotas") as typeof import("../../stacks/quotas");
  await requireQuotas(environment, new Regions());
  return {};
}
