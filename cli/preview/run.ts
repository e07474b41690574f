import type { EngineEvent } from "@pulumi/pulumi/automation";
import { type Problem, show, TestnetError } from "../../errors/problem";
import type { StackKind } from "../../stacks/kind";
import type { CommandContext } from "../context";
import { type CostJudgement, judgeCost } from "../cost/judge";
import { FailureLog } from "../engine/failures";
import { withOwnSignal } from "../engine/interrupt";
import type { Engine } from "../engine/run";
import { PARALLEL } from "../environment/prepare";
import { policyError } from "../policy/enforce";
import { policyOptions } from "../policy/pack";
import { PolicyWatch } from "../policy/violations";
import { Footer } from "../ui/footer";
import { ChangeLog } from "./changes";
import type { PreviewRecord } from "./record";

export interface PreviewOptions {
  /** Whether a budget may be exceeded. */
  readonly allowOverBudget?: boolean;
}

/** How often the footer of a terminal is drawn anew. */
const REDRAW_EVENTS = 20;

/**
 * Lets the engine find out what `up` would do to a stack, and judges it. Changes nothing.
 * A refusal is part of the record; only what has no code of ours is thrown.
 */
export async function previewStack(
  context: CommandContext,
  found: StackKind,
  open: () => Promise<Engine>,
  options: PreviewOptions,
  signal: AbortSignal,
): Promise<PreviewRecord> {
  const log = new ChangeLog();
  const policies = found.kind === "local network" ? undefined : new PolicyWatch();
  const problems: Problem[] = [];
  let judged: CostJudgement = { cost: undefined, problems: [] };
  try {
    // What it would cost needs no engine: it is known even where the engine finds something wrong.
    judged = await judgeCost(context, found, signal);
    problems.push(...allowed(judged.problems, context, options));
    await runEngine(context, await open(), { log, policies, signal });
  } catch (error) {
    if (!(error instanceof TestnetError) || signal.aborted) throw error;
    // Broken policies have a place of their own.
    problems.push(...error.problems.filter(({ code }) => code !== "TN2030"));
  }
  const policy = policies?.result();
  const broken = (policy?.violations ?? []).some(({ level }) => level === "mandatory");
  return {
    version: 1,
    stack: context.stack,
    kind: found.kind === "environment" ? "environment" : "network",
    ok: problems.length === 0 && !broken,
    changes: log.changes,
    unchanged: log.unchanged,
    ...{ cost: judged.cost, policy, problems },
  };
}

/** Budgets that may be exceeded are told, and stand in nobody's way. */
function allowed(
  problems: readonly Problem[],
  { out }: CommandContext,
  { allowOverBudget }: PreviewOptions,
): readonly Problem[] {
  if (allowOverBudget !== true) return problems;
  for (const { code, message, given } of problems) {
    out.say(out.style("yellow", `  ! ${code} ${message}${given === undefined ? "" : `: ${show(given)}`}`));
  }
  return [];
}

interface Watchers {
  readonly log: ChangeLog;
  /** Undefined where no policy is asked: of networks on this machine. */
  readonly policies: PolicyWatch | undefined;
  readonly signal: AbortSignal;
}

/** @throws TestnetError with every resource that failed, and every policy that is broken */
async function runEngine(
  { directory, out }: CommandContext,
  { stack }: Engine,
  { log, policies, signal }: Watchers,
): Promise<void> {
  const failures = new FailureLog();
  const footer = new Footer(out);
  let seen = 0;
  const onEvent = (event: EngineEvent) => {
    [failures, log, policies].forEach((watcher) => watcher?.onEvent(event));
    const note = event.diagnosticEvent;
    if (note?.severity === "warning") footer.line(`  ${out.style("yellow", "!")} ${note.message.trim()}`);
    if (event.resourcePreEvent === undefined) return;
    seen += 1;
    if (seen % REDRAW_EVENTS === 1) footer.show(`  … ${seen} resources looked at`);
  };
  try {
    await withOwnSignal(signal, (own) =>
      stack.preview({
        ...{ onEvent, signal: own, refresh: true, suppressOutputs: true, suppressProgress: true },
        ...(policies !== undefined && { parallel: PARALLEL, ...policyOptions(directory) }),
      }),
    );
  } catch (error) {
    const failure = failures.toError(error);
    throw policies === undefined ? failure : policyError(failure, policies.result());
  } finally {
    footer.clear();
  }
}
