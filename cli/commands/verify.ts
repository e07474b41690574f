import { clusterNetworkOf } from "../clusters/network";
import type { CommandContext } from "../context";
import { untilInterrupted } from "../observe/interrupt";
import { openNetwork } from "../observe/network";
import { secondsOf } from "../observe/options";
import { paint } from "../observe/paint";
import { failure, reportText, verifyWithProgress } from "../observe/verify-report";

export interface VerifyOptions {
  /** Seconds the checks may take to come true. Default: 120, more where epochs are long. */
  readonly timeout?: number;
}

/** Judges whether a network works: words, or with --json the report. 0 when every check holds. */
export async function run(context: CommandContext, options: VerifyOptions): Promise<number> {
  const timeoutSeconds = secondsOf("--timeout", options.timeout, 0);
  const clusters = clusterNetworkOf(context);
  if (clusters !== undefined) {
    const { showClusterVerdict } =
      require("../clusters/show-verdict") as typeof import("../clusters/show-verdict");
    return showClusterVerdict(context, clusters, timeoutSeconds);
  }
  const { plan } = openNetwork(context);
  return untilInterrupted(async (signal) => {
    const { out } = context;
    const report = await verifyWithProgress(context, plan, signal, timeoutSeconds);
    const head = `${report.network}: ${report.protocol}, era ${report.era}, ${report.seconds.toFixed(1)} s`;
    const words = reportText(report, (mark, ok) => paint(ok ? "green" : "red", mark));
    out.result(`${head}\n${words}`, report);
    if (!report.ok) out.say(failure(report).message);
    return report.ok ? 0 : 1;
  });
}
