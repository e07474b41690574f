import { TestnetError } from "../../errors/problem";
import { clusterNetworkOf } from "../clusters/network";
import type { CommandContext } from "../context";
import { untilInterrupted } from "../observe/interrupt";
import { follow, linesOf, tail } from "../observe/log-file";
import { nearest } from "../../stacks/config/nearest";
import { type LocalNetworkView, openNetwork } from "../observe/network";
import { countOf } from "../observe/options";
import { type DaemonProcess, observeProcesses, requireLog } from "../observe/processes";
import { LongOutput } from "../observe/write";

export interface LogsOptions {
  readonly daemon: string;
  readonly lines: number;
  readonly follow?: boolean;
}

/** The end of a daemon's log, and with --follow what is added to it, until Ctrl-C. */
export async function run(context: CommandContext, options: LogsOptions): Promise<number> {
  const { out } = context;
  const count = countOf("--lines", options.lines);
  const clusters = clusterNetworkOf(context);
  if (clusters !== undefined) {
    const { showPodLog } = require("../clusters/show-log") as typeof import("../clusters/show-log");
    return showPodLog(context, clusters, { ...options, lines: count });
  }
  const { daemon, log } = logOf(openNetwork(context), options.daemon);
  if (options.follow === true) {
    return untilInterrupted(async (signal) => {
      const pieces = follow(log, count, { signal });
      // With --json one document a line: a list that has no end could not be read.
      await new LongOutput().write(out.json ? documents(daemon, linesOf(pieces)) : pieces);
      return 0;
    });
  }
  if (!out.json) {
    await new LongOutput().write(tail(log, count));
    return 0;
  }
  const lines: string[] = [];
  for await (const line of linesOf(tail(log, count))) lines.push(line);
  out.result("", { daemon, log, lines });
  return 0;
}

async function* documents(daemon: string, lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify({ daemon, line })}\n`;
}

/** @throws TestnetError TN1015 for a daemon the network does not have, TN2005 for one that was never started */
function logOf({ plan, home }: LocalNetworkView, daemon: string): DaemonProcess {
  const processes = observeProcesses(plan, home);
  const found = processes.find((process) => process.daemon === daemon);
  if (found !== undefined) return requireLog(plan.network, found);
  const names = plan.daemons.map(({ name }) => name);
  const guess = nearest(daemon, names);
  throw new TestnetError({
    code: "TN1015",
    at: plan.network,
    message: "the network has no daemon of that name",
    given: daemon,
    allowed: names.join(", "),
    ...(guess !== undefined && { remedy: `Did you mean ${guess}?` }),
  });
}
