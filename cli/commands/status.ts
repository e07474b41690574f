import { clusterNetworkOf } from "../clusters/network";
import type { CommandContext } from "../context";
import { untilInterrupted } from "../observe/interrupt";
import { LiveText } from "../observe/live";
import { type LocalNetworkView, openNetwork } from "../observe/network";
import { secondsOf } from "../observe/options";
import { pause } from "../observe/parallel";
import { type StatusReport, statusOf } from "../observe/status";
import { statusText, watchLine } from "../observe/status-text";
import { LongOutput } from "../observe/write";

export interface StatusOptions {
  /** Go on until Ctrl-C. */
  readonly watch?: boolean;
  /** Seconds between two looks. */
  readonly interval?: number;
}

const DEFAULT_INTERVAL_SECONDS = 2;

/** What runs where, and how the chain stands. 1 when a daemon is dead, or a pod not ready. */
export async function run(context: CommandContext, options: StatusOptions): Promise<number> {
  const interval = secondsOf("--interval", options.interval, 0.1) ?? DEFAULT_INTERVAL_SECONDS;
  const clusters = clusterNetworkOf(context);
  if (clusters !== undefined) {
    const { showClusterStatus } =
      require("../clusters/show-status") as typeof import("../clusters/show-status");
    return showClusterStatus(context, clusters, options.watch === true ? interval : undefined);
  }
  const view = openNetwork(context);
  if (options.watch === true) return watch(context, view, interval);
  const report = await statusOf(view.plan, view.home);
  context.out.result(statusText(report, process.stdout.columns), report);
  return report.ok ? 0 : 1;
}

function watch({ out }: CommandContext, view: LocalNetworkView, interval: number): Promise<number> {
  return untilInterrupted(async (signal) => {
    const reports = looks(view, interval, signal);
    if (!out.json && process.stdout.isTTY && out.live) {
      const live = new LiveText(process.stdout);
      for await (const report of reports) live.draw(statusText(report, process.stdout.columns));
    } else {
      await new LongOutput().write(linesOf(reports, out.json));
    }
    return 0;
  });
}

/** A report every few seconds, until the signal. */
async function* looks({ plan, home }: LocalNetworkView, interval: number, signal: AbortSignal) {
  for (;;) {
    const report = await statusOf(plan, home, { signal });
    // A look that was cut short would tell of silent daemons that are not.
    if (signal.aborted) return;
    yield report;
    await pause(interval * 1000, signal);
  }
}

/** Where nothing can be drawn over: a line for each look; with --json one document each. */
async function* linesOf(reports: AsyncIterable<StatusReport>, json: boolean): AsyncGenerator<string> {
  for await (const report of reports) {
    yield json ? `${JSON.stringify(report)}\n` : `${new Date().toISOString()} ${watchLine(report)}\n`;
  }
}
