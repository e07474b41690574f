import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { TestnetError } from "../../errors/problem";
import { CLUSTER_PROGRAMS } from "../../simulator/clusters/programs";
import type { Rehearsal } from "../../simulator/rehearsal/rehearse";
import { makeRunDirectory, type RunDirectory } from "../../simulator/rehearsal/run-directory";
import { loadStackConfig } from "../../stacks/config/file";
import { kindOf } from "../../stacks/kind";
import { type ResolvedProgram, resolveTools } from "../../tools/resolve";
import { PARALLEL } from "../environment/prepare";
import { interruptible } from "../engine/interrupt";
import { runProgram } from "../engine/run";
import { projectFile } from "../engine/workspace";
import { policyOptions } from "../policy/pack";
import { type NetworkRehearsal, networkRehearsal } from "../rehearsal/network";
import { rehearsalConfig } from "../rehearsal/stack-config";
import { Footer } from "../ui/footer";
import type { CommandContext } from "../context";

export interface RehearseOptions {
  /** Leaves everything up until Ctrl-C. */
  readonly keep?: true;
  /** Which create of the clouds fails. */
  readonly fail?: number;
  /** Folder of real charts. */
  readonly charts?: string;
  /** Whether the accounts have no more than a new account has. */
  readonly newAccount?: true;
}

/** So much of everything that no quota is in the way. */
const PLENTY = 1_000_000;

/**
 * Deploys an environment, or a network with the environment it stands on, on this machine, with the real engine, simulated clouds and a real API server for each cluster, and
 * removes it again. Needs no account, reaches nothing but this machine, and leaves nothing.
 */
export async function run(context: CommandContext, options: RehearseOptions): Promise<number> {
  const { stack, home, out } = context;
  const policies = policyOptions(context.directory);
  const directory = makeRunDirectory(home, stack);
  const rehearsed = withDirectory(directory, () => subject(context, directory));
  const charts = chartsDirectory(options.charts);
  return interruptible("Interrupted. Nothing is left of the rehearsal.", async (signal) => {
    const programs = await tools(context, options, signal);
    const { rehearse } =
      require("../../simulator/rehearsal/rehearse") as typeof import("../../simulator/rehearsal/rehearse");
    const { phaseLine, reportText } =
      require("../../simulator/rehearsal/report") as typeof import("../../simulator/rehearsal/report");
    const { keepUp } = require("../rehearsal/keep") as typeof import("../rehearsal/keep");
    out.say(out.style("bold", `testnet rehearse ${stack}`));
    const footer = new Footer(out);
    const report = await rehearse({
      stack,
      project: parse(projectFile()) as Record<string, unknown>,
      ...rehearsed,
      program: () => runProgram({ home: path.join(home, "rehearsals", "none"), directory: directory.path }),
      directory,
      programs,
      charts,
      clusters: "real",
      quotas: options.newAccount === true ? {} : { "*": PLENTY },
      fail: options.fail,
      parallel: PARALLEL,
      policies,
      ...(options.keep === true && { whileUp: (up) => keepUp(out, up, programs.kubectl, signal) }),
      signal,
      onProgress: ({ phase, finished }) => footer.show(`  … ${phase}: ${finished} resources done`),
      onPhase: (phase) => footer.line(phaseLine(phase)),
    });
    footer.clear();
    out.result(`\n${reportText(report)}`, report);
    return report.ok ? 0 : 1;
  });
}

/** What is rehearsed: an environment, or a network on one. @throws TestnetError TN1013 for a network of this machine */
function subject({ directory, stack }: CommandContext, run: RunDirectory): Subject {
  const found = kindOf(loadStackConfig(directory, stack));
  const config = rehearsalConfig(directory, stack);
  switch (found.kind) {
    case "environment":
      return { config };
    case "cluster network":
      return { config, ...networkRehearsal({ directory, stack }, found, run.path) };
    case "local network":
      throw new TestnetError({
        code: "TN1013",
        at: "testnet:environment",
        message: "a network on this machine needs no rehearsal: `testnet up` costs nothing",
        given: "local",
        allowed: "an environment of clusters, or the name of one",
      });
  }
}

/** A refusal leaves no folder behind. */
function withDirectory<T>(directory: RunDirectory, work: () => T): T {
  try {
    return work();
  } catch (error) {
    directory.remove();
    throw error;
  }
}

type Subject = Pick<Rehearsal, "config"> & Partial<NetworkRehearsal>;

function chartsDirectory(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const charts = path.resolve(given);
  if (fs.existsSync(charts)) return charts;
  throw new TestnetError({
    code: "TN1014",
    at: "--charts",
    message: "there is no such folder",
    given,
    allowed: "a folder that holds NAME-VERSION.tgz or NAME/ of each chart",
  });
}

async function tools(context: CommandContext, { keep }: RehearseOptions, signal: AbortSignal) {
  const names = [
    "pulumi",
    "helm",
    ...CLUSTER_PROGRAMS,
    ...(keep === true ? (["kubectl"] as const) : []),
  ] as const;
  const found = await resolveTools(names, { signal, onProgress: ({ text }) => context.out.say(text) });
  const paths = Object.entries<ResolvedProgram>(found).map(([name, { path: file }]) => [name, file] as const);
  return Object.fromEntries(paths) as Record<(typeof names)[number], string>;
}
