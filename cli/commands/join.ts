import * as fs from "node:fs";
import * as path from "node:path";
import { TestnetError } from "../../errors/problem";
import { loadStackConfig } from "../../stacks/config/file";
import { kindOf } from "../../stacks/kind";
import type { CommandContext } from "../context";
import { interruptible } from "../engine/interrupt";
import { openEngine } from "../engine/run";
import { backendOf, stackExists } from "../engine/workspace";
import { joinBundle } from "../join/bundle";
import { readJoinOutputs } from "../join/outputs";
import { serviceLines, shellCommand } from "../join/readme";
import { writeBundle } from "../join/write";

export interface JoinOptions {
  /** Directory of the bundle; `STACK-join` unless told otherwise. */
  readonly output?: string;
  /** File of the stack's outputs as JSON, in place of the stack itself. */
  readonly from?: string;
}

/** Writes what an outsider needs to join a network of clusters, every file checked. */
export async function run(context: CommandContext, { output, from }: JoinOptions): Promise<number> {
  const { stack, out } = context;
  const outputs = readJoinOutputs(from === undefined ? await outputsOf(context) : savedOutputs(from), stack);
  const files = await joinBundle(outputs);
  const directory = path.resolve(output ?? `${stack}-join`);
  writeBundle(directory, files);
  const { network, protocol, era, join } = outputs;
  out.result(
    [
      `${files.length} files to join ${network}, era ${era}, in ${directory}`,
      ...(join.command.length === 0
        ? join.notes
        : ["", "An outsider runs there:", "", shellCommand(join.command)]),
      ...serviceLines(outputs).flatMap((line) => ["", line]),
    ].join("\n"),
    {
      network,
      protocol,
      era,
      directory,
      files: files.map(({ path: name, sha256, content }) => ({ path: name, sha256, bytes: content.length })),
      peers: join.peers,
      command: join.command,
      notes: join.notes,
      publicServices: outputs.publicServices.map(({ title, url }) => ({ title, url: url ?? null })),
      url: join.url ?? null,
    },
  );
  return 0;
}

/** @throws TestnetError TN1013 where the stack is no network of clusters, TN2005 where it is not up */
async function outputsOf(context: CommandContext): Promise<unknown> {
  const { directory, home, stack } = context;
  const { kind } = kindOf(loadStackConfig(directory, stack));
  if (kind !== "cluster network") {
    throw new TestnetError({
      code: "TN1013",
      at: "testnet:environment",
      message:
        kind === "local network"
          ? "a network on this machine listens on this machine only: nobody else can join it"
          : "this stack is an environment of clusters: there is no network to join",
      given: stack,
      allowed: "a network in clusters",
      remedy: "Name the stack of a network in clusters.",
    });
  }
  // Opening a stack makes it, and looking must make nothing.
  if (stackExists(backendOf(home, process.env), stack) === false) {
    throw new TestnetError({ code: "TN2005", at: stack, message: "the network was never brought up" });
  }
  return interruptible("Interrupted. Nothing was written.", async (signal) => {
    const { stack: engine } = await openEngine(context, signal);
    const outputs = await engine.outputs();
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value as unknown]));
  });
}

/** @throws TestnetError TN1014 where it cannot be read */
function savedOutputs(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch (error) {
    throw new TestnetError(
      {
        code: "TN1014",
        at: "--from",
        message: error instanceof Error ? error.message : String(error),
        given: file,
        allowed: "a file with what `pulumi stack output --json` prints",
      },
      { cause: error },
    );
  }
}
