import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { automationApi } from "../../tools/automation";
import { resolveProgram } from "../../tools/resolve";
import type { Places } from "../../stacks/config/home";
import type { CommandContext } from "../context";
import { FailureLog } from "./failures";
import { interruptible, withOwnSignal } from "./interrupt";
import { breakDeadLocks } from "./locks";
import { Progress } from "./progress";
import { heldBy, LockWait } from "./waiting";
import {
  type Backend,
  backendOf,
  engineEnvironment,
  openStack,
  prepareWorkDirectory,
  stackExists,
} from "./workspace";
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

/**
 * Opens a stack and works at it. With `--wait-for-lock` another run that holds it is waited for, before the work begins, and
 * again where somebody was quicker in the end. The work is then done from its start: whatever it looked at is no more.
 * Nothing else is tried again.
 * @param work must change nothing before it has the engine's lock; is told whether another run was waited for
 * @throws TestnetError those of {@link openEngine} and of the work
 */
export async function withEngine<T>(
  context: CommandContext,
  signal: AbortSignal,
  work: (engine: Engine, waited: boolean) => Promise<T>,
): Promise<T> {
  const { waitForLockSeconds } = context;
  if (waitForLockSeconds === undefined) return work(await openEngine(context, signal), false);
  const wait = new LockWait(context, waitForLockSeconds);
  try {
    for (;;) {
      try {
        const engine = await openEngine(context, signal);
        await refuseHeld(engine);
        signal.throwIfAborted();
        if (await wait.mustLookAgain(signal)) continue;
        wait.over();
        return await work(engine, wait.wasNeeded);
      } catch (error) {
        const held = heldBy(error);
        if (held === undefined) throw error;
        await wait.pause(held, signal);
      }
    }
  } finally {
    wait.close();
  }
}

/** With `--wait-for-lock`: waits until nobody holds the stack. For what is read or written before the engine's work. */
export async function awaitFree(context: CommandContext): Promise<void> {
  if (context.waitForLockSeconds === undefined) return;
  // Opening a stack makes it, and nobody holds what is not there.
  if (stackExists(backendOf(context.home, process.env), context.stack) === false) return;
  await interruptible("Interrupted. Nothing was changed.", (signal) =>
    withEngine(context, signal, () => Promise.resolve()),
  );
}

/**
 * Asks whether another run holds a stack, without changing anything: a preview takes no lock, so it would not notice. A stack
 * that is made anew is locked before it is found to be there. Pulumi Cloud only tells of a lock when an update begins.
 * @throws TestnetError TN2003 where one does
 */
async function refuseHeld({ stack }: Engine): Promise<void> {
  const { StackAlreadyExistsError } = automationApi();
  try {
    await stack.workspace.createStack(stack.name);
  } catch (error) {
    if (!(error instanceof StackAlreadyExistsError)) throw new FailureLog().toError(error);
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
  const search = process.env["PATH"] ?? "";
  if (!search.startsWith(`${directory}${path.delimiter}`)) {
    process.env["PATH"] = `${directory}${path.delimiter}${search}`;
  }
  return automation.PulumiCommand.get({ skipVersionCheck: true });
}

/** What every operation of the engine is given. */
export interface OperationOptions {
  readonly onEvent: (event: EngineEvent) => void;
  readonly signal: AbortSignal;
  readonly suppressOutputs: true;
  readonly suppressProgress: true;
}

/**
 * One operation of the engine, shown as it goes.
 * @throws TestnetError TN2001 with every resource that failed, TN2002, TN2003
 */
export async function withProgress<T>(
  context: CommandContext,
  signal: AbortSignal,
  operation: (options: OperationOptions) => Promise<T>,
): Promise<{ result: T; changes: ReadonlyMap<string, number> }> {
  const progress = new Progress(context.out);
  const failures = new FailureLog();
  try {
    const onEvent = (event: EngineEvent) => {
      failures.onEvent(event);
      progress.onEvent(event);
    };
    const result = await withOwnSignal(signal, (own) =>
      operation({ onEvent, signal: own, suppressOutputs: true, suppressProgress: true }),
    );
    return { result, changes: progress.changes };
  } catch (error) {
    throw failures.toError(error);
  } finally {
    progress.close();
  }
}
