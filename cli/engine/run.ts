import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { automationApi } from "../../tools/automation";
import { resolveProgram } from "../../tools/resolve";
import type { Places } from "../../stacks/config/home";
import type { CommandContext } from "../context";
import { FailureLog } from "./failures";
import { breakDeadLocks } from "./locks";
import { Progress } from "./progress";
import { type Backend, backendOf, engineEnvironment, openStack, prepareWorkDirectory } from "./workspace";
import * as path from "node:path";

/** A stack in the hands of the engine. */
export interface Engine {
  readonly stack: Stack;
  readonly backend: Backend;
}

/**
 * Opens a stack in the engine with our program behind it.
 * @throws TestnetError TN2002, TN2003, TN2004, TN4004, and those of the tools
 */
export async function openEngine(context: CommandContext, signal: AbortSignal): Promise<Engine> {
  const backend = backendOf(context.home, process.env);
  if (backend.directory !== undefined) breakDeadLocks(backend.directory, "testnet", context.stack);
  const workDir = prepareWorkDirectory(context);
  const pulumi = await resolveProgram("pulumi", {
    signal,
    onProgress: ({ text }) => context.out.say(text),
  });
  // The engine's library takes most of a second to load: commands that need no engine do without.
  const automation = automationApi();
  try {
    const workspace = await automation.LocalWorkspace.create({
      workDir,
      program: () => runProgram(context),
      pulumiCommand: await commandAt(automation, pulumi.path),
      envVars: engineEnvironment(context, backend),
      ...(backend.directory !== undefined && { secretsProvider: "passphrase" }),
    });
    return { stack: await openStack(automation, workspace, backend, context.stack), backend };
  } catch (error) {
    throw new FailureLog().toError(error);
  }
}

/** What the engine runs; loaded when it does. */
export async function runProgram(places: Places): Promise<Record<string, unknown>> {
  const { program } = require("../../stacks/program") as typeof import("../../stacks/program");
  return { ...(await program(places)) };
}

/** The Automation API looks for bin/pulumi below a root; a program elsewhere is used from PATH. */
async function commandAt(automation: typeof import("@pulumi/pulumi/automation"), file: string) {
  const directory = path.dirname(file);
  process.env["PATH"] = `${directory}${path.delimiter}${process.env["PATH"] ?? ""}`;
  return automation.PulumiCommand.get({ skipVersionCheck: true });
}

/**
 * One operation of the engine, shown as it goes.
 * @throws TestnetError TN2001 with every resource that failed, TN2002, TN2003
 */
export async function withProgress<T>(
  context: CommandContext,
  operation: (onEvent: (event: EngineEvent) => void) => Promise<T>,
): Promise<{ result: T; changes: ReadonlyMap<string, number> }> {
  const progress = new Progress(context.out);
  const failures = new FailureLog();
  try {
    const result = await operation((event) => {
      failures.onEvent(event);
      progress.onEvent(event);
    });
    return { result, changes: progress.changes };
  } catch (error) {
    throw failures.toError(error);
  } finally {
    progress.close();
  }
}
