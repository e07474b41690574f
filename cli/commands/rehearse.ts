import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { type Problem, TestnetError } from "../../errors/problem";
import { CLUSTER_PROGRAMS } from "../../simulator/clusters/programs";
import { makeRunDirectory } from "../../simulator/rehearsal/run-directory";
import { loadStackConfig, parseStackFile, stackFile } from "../../stacks/config/file";
import { type ResolvedProgram, resolveTools } from "../../tools/resolve";
import { PARALLEL } from "../environment/prepare";
import { interruptible } from "../engine/interrupt";
import { runProgram } from "../engine/run";
import { projectFile } from "../engine/workspace";
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
 * Deploys an environment on this machine, with the real engine, simulated clouds and a real API server for each cluster, and
 * removes it again. Needs no account, reaches nothing but this machine, and leaves nothing.
 */
export async function run(context: CommandContext, options: RehearseOptions): Promise<number> {
  const { stack, home, out } = context;
  const config = requireEnvironment(context);
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
      config,
      program: () => runProgram(path.join(home, "rehearsals", "none")),
      directory: makeRunDirectory(home, stack),
      programs,
      charts,
      clusters: "real",
      quotas: options.newAccount === true ? {} : { "*": PLENTY },
      fail: options.fail,
      parallel: PARALLEL,
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

/** The `config` of a stack file that describes an environment. @throws TestnetError with every problem of it */
function requireEnvironment({ directory, stack }: CommandContext): Record<string, unknown> {
  const { environment } = loadStackConfig(directory, stack);
  if (typeof environment === "string") {
    throw new TestnetError({
      code: "TN1013",
      at: "testnet:environment",
      message: "only stacks that describe an environment of clusters themselves can be rehearsed",
      given: environment,
      allowed: "a mapping of keys, as in Pulumi.prod.yaml",
    });
  }
  const file = stackFile(directory, stack);
  const config = parseStackFile(fs.readFileSync(file, "utf8"), path.basename(file));
  const encrypted = Object.entries(config).filter(([, value]) => isEncrypted(value));
  if (encrypted.length > 0) throw new TestnetError(encrypted.map(([key]) => cannotDecrypt(key)));
  return config;
}

function isEncrypted(value: unknown): boolean {
  return typeof value === "object" && value !== null && "secure" in value;
}

function cannotDecrypt(key: string): Problem {
  const message = "a rehearsal has no key to the secrets of the real stack";
  return { code: "TN1013", at: key, message, allowed: "values in clear" };
}

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
