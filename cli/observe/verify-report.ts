import { TestnetError } from "../../errors/problem";
import type { Report } from "../../protocols/ethereum/report";
import type { NetworkPlan } from "../../protocols/plan";
import type { CommandContext } from "../context";
import type { Output } from "../ui/output";
import { verifyNetwork } from "./verify";

/**
 * Waits until a network is verified, and tells on stderr how far it is and what came out. Whether it is.
 * @throws TestnetError TN2005 when the network is not up
 * @throws Interrupted when the signal comes
 */
export async function verifyAndReport(
  context: CommandContext,
  plan: NetworkPlan,
  signal: AbortSignal,
  timeoutSeconds?: number,
): Promise<boolean> {
  const report = await verifyWithProgress(context, plan, signal, timeoutSeconds);
  context.out.say(reportText(report, (mark, ok) => context.out.style(ok ? "green" : "red", mark)));
  if (!report.ok) context.out.say(failure(report).message);
  return report.ok;
}

/** As {@link verifyNetwork}, with what is still awaited told on stderr. */
export async function verifyWithProgress(
  { home, out }: CommandContext,
  plan: NetworkPlan,
  signal: AbortSignal,
  timeoutSeconds?: number,
): Promise<Report> {
  const progress = new VerifyProgress(out);
  try {
    const onProgress = (report: Report) => progress.show(report);
    return await verifyNetwork(plan, { home, timeoutSeconds, signal, onProgress });
  } finally {
    progress.close();
  }
}

/** One line for each check: a mark, what should hold, what was seen. */
export function reportText(report: Report, paint: (mark: string, ok: boolean) => string): string {
  return report.checks
    .map(({ ok, title, detail }) => `  ${paint(ok ? "✓" : "✗", ok)} ${title}: ${detail}`)
    .join("\n");
}

/** TN3001 with the checks that do not hold and the logs to read. */
export function failure({ network, checks }: Report): TestnetError {
  const failed = checks.filter((check) => !check.ok);
  const [daemon] = failed.flatMap((check) => check.daemons);
  return new TestnetError({
    code: "TN3001",
    at: network,
    message: `${failed.length} of ${checks.length} checks do not hold: ${failed.map((check) => check.name).join(", ")}`,
    ...(daemon !== undefined && { remedy: `Read \`testnet logs ${daemon} ${network}\`.` }),
  });
}

/** What is still awaited: a line that moves on a terminal, elsewhere a line whenever another check came true. */
class VerifyProgress {
  private told = "";

  constructor(private readonly out: Output) {}

  show(report: Report): void {
    const awaited = report.checks.filter((check) => !check.ok);
    const [first] = awaited;
    if (first === undefined) return;
    const names = awaited.map((check) => check.name).join(", ");
    const line = `  ${report.seconds.toFixed(0).padStart(3)} s  awaiting ${names}`;
    if (this.out.live) {
      const columns = process.stderr.columns || 80;
      process.stderr.write(`\r\x1b[2K${`${line}  (${first.detail})`.slice(0, columns - 1)}`);
    } else if (names !== this.told) {
      this.out.say(line);
    }
    this.told = names;
  }

  close(): void {
    if (this.out.live) process.stderr.write("\r\x1b[2K");
  }
}
