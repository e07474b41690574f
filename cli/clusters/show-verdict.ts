import type { ClusterNetworkStack } from "../../stacks/kind";
import type { CommandContext } from "../context";
import { untilInterrupted } from "../observe/interrupt";
import { paint } from "../observe/paint";
import { TestnetError } from "../../errors/problem";
import { Footer } from "../ui/footer";
import type { ClusterCheck } from "./judge";
import { openClusterNetwork } from "./network";
import { type ClusterReport, clusterReportText, verifyClusters } from "./verify";

const COLOURS = { ok: "green", failed: "red", "not asked": "yellow", "not judged": "yellow" } as const;

/** Judges a network in clusters, in words or as a report. 0 when no check failed. */
export function showClusterVerdict(
  context: CommandContext,
  network: ClusterNetworkStack,
  timeoutSeconds: number | undefined,
): Promise<number> {
  return untilInterrupted(async (signal) => {
    const { out } = context;
    const view = await openClusterNetwork(context, network, signal);
    const footer = new Footer(out);
    const report = await verifyClusters(context, view, {
      ...{ timeoutSeconds, signal },
      onProgress: (now) => footer.show(awaited(now)),
    });
    footer.clear();
    const colour = (mark: string, state: ClusterCheck["state"]) => paint(COLOURS[state], mark);
    const head = `${report.network}: ${report.protocol}, era ${report.era}, ${report.seconds.toFixed(1)} s`;
    out.result(`${head}\n${clusterReportText(report, colour)}`, report);
    if (report.notAsked.length > 0) {
      out.say(
        `${report.notAsked.length} checks were not asked, and say nothing: ${report.notAsked.join(", ")}`,
      );
    }
    if (report.notJudged.length > 0) {
      out.say(
        `${report.notJudged.length} checks cannot be judged yet, and have not passed: ${report.notJudged.join(", ")}`,
      );
    }
    if (!report.ok) out.say(failure(report).message);
    return report.ok ? 0 : 1;
  });
}

function awaited({ checks, seconds }: ClusterReport): string {
  const failed = checks.filter(({ state }) => state === "failed");
  const [first] = failed;
  if (first === undefined) return "";
  return `  ${seconds.toFixed(0).padStart(3)} s  awaiting ${failed.map(({ name }) => name).join(", ")}  (${first.detail})`;
}

/** TN3001 with the checks that failed. */
function failure({ network, checks }: ClusterReport): TestnetError {
  const failed = checks.filter(({ state }) => state === "failed");
  return new TestnetError({
    code: "TN3001",
    at: network,
    message: `${failed.length} of ${checks.length} checks do not hold: ${failed.map(({ name }) => name).join(", ")}`,
    remedy: `See \`testnet status ${network}\`, then \`testnet logs DAEMON ${network}\`.`,
  });
}
