import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { TestnetError } from "../../errors/problem";
import { resolveProgram } from "../../tools/resolve";
import type { CommandContext } from "../context";
import { FailureLog } from "../engine/failures";
import { backendOf, engineEnvironment, projectFile, stackExists } from "../engine/workspace";

/** Values that an output leaves out come back as null from the engine. */
const optional = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);

const entrance = z.object({
  name: z.string(),
  cluster: z.string(),
  host: optional,
  address: optional,
  ports: z.array(z.object({ number: z.int(), transports: z.array(z.string()) })),
});

const networkTold = z.object({
  version: z.literal(1),
  protocol: z.string(),
  network: z.string(),
  era: z.int(),
  owner: optional,
  paused: z.boolean().default(false),
  lifetime: z.object({ created: optional, expires: optional, kept: z.boolean() }).optional(),
  genesisTime: z.number(),
  seeds: z.array(entrance),
  publicServices: z.array(entrance.extend({ title: z.string(), url: optional })).default([]),
});

/** What the stack of a network in clusters told at the end of its last `up`; stacks/cluster-network-outputs.ts says more. */
export type NetworkTold = z.output<typeof networkTold>;

/** @throws TestnetError TN2005 where there is nothing yet, TN2043 where it is something else */
export function readNetworkTold(outputs: unknown, stack: string): NetworkTold {
  if (typeof outputs !== "object" || outputs === null || Object.keys(outputs).length === 0) {
    throw new TestnetError({ code: "TN2005", at: stack, message: "the network is not up" });
  }
  const result = networkTold.safeParse(outputs);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new TestnetError({
    code: "TN2043",
    at: `${stack}: ${issue?.path.join(".") ?? ""}`,
    message: `the outputs of the stack are not those of a network in clusters: ${issue?.message ?? ""}`,
  });
}

const LONGEST_OUTPUT = 256 * 1024 * 1024;

/**
 * The outputs of a stack, secrets included, by one process of the engine. Changes nothing, and holds no lock.
 * @returns undefined where there is no such stack
 * @throws TestnetError TN2002, TN2004
 */
export async function stackOutputs(
  context: CommandContext,
  stack: string,
  signal?: AbortSignal,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const backend = backendOf(context.home, process.env);
  if (stackExists(backend, stack) === false) return undefined;
  const onProgress = ({ text }: { readonly text: string }) => context.out.say(text);
  const { path: pulumi } = await resolveProgram("pulumi", {
    ...(signal !== undefined && { signal }),
    onProgress,
  });
  const folder = path.join(context.home, "pulumi", ".outputs");
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  fs.writeFileSync(path.join(folder, "Pulumi.yaml"), projectFile());
  const args = ["stack", "output", "--json", "--show-secrets", "--non-interactive", "--stack", stack];
  const env = { ...process.env, ...engineEnvironment({ ...context, stack }, backend) };
  try {
    return JSON.parse(await run(pulumi, args, { cwd: folder, env, signal })) as Record<string, unknown>;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Error && /no stack named/i.test(error.message)) return undefined;
    throw new FailureLog().toError(error);
  }
}

interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal | undefined;
}

function run(program: string, args: readonly string[], options: RunOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, [...args], { ...options, maxBuffer: LONGEST_OUTPUT }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      // The command line and what it printed may hold secrets: only the engine's own words are passed on.
      else reject(new Error(stderr.trim() || "the engine ended without a word"));
    });
  });
}
