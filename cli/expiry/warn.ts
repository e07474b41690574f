import { type Problem } from "../../errors/problem";
import type { StackSummary } from "../list/summary";
import type { Decision } from "./decide";
import { roughTime } from "./duration";

/** Where warnings go, and how it is written down that one went. */
export interface Warnings {
  /** Takes a Slack-compatible message. @throws Error where it does not */
  send(message: SlackMessage): Promise<void>;
  /** Remembers that the people of a stack know of this end. */
  record(stack: string, deadline: string): Promise<void>;
}

/** What Slack's incoming webhooks take, and most others. */
export interface SlackMessage {
  readonly text: string;
}

export interface WarningResult {
  readonly stack: string;
  readonly sent: boolean;
  readonly problems: readonly Problem[];
}

/** Warns of each network that ends soon, once for each end that is set. */
export async function warnPeople(
  decisions: readonly Decision[],
  stacks: readonly StackSummary[],
  warnings: Warnings,
  now: Date,
): Promise<WarningResult[]> {
  const results: WarningResult[] = [];
  for (const { stack, action, expires } of decisions) {
    const summary = stacks.find((one) => one.stack === stack);
    if (action !== "warn" || expires === undefined || summary === undefined) continue;
    results.push(await warnOne(summary, expires, warnings, now));
  }
  return results;
}

async function warnOne(
  summary: StackSummary,
  expires: string,
  warnings: Warnings,
  now: Date,
): Promise<WarningResult> {
  const { stack } = summary;
  try {
    await warnings.send(warningOf(summary, expires, now));
    await warnings.record(stack, expires);
    return { stack, sent: true, problems: [] };
  } catch (error) {
    const message = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ");
    return { stack, sent: false, problems: [{ code: "TN2037", at: stack, message }] };
  }
}

/** The words of a warning. The context of a kubeconfig may have any name, so markup is escaped. Pure. */
export function warningOf(summary: StackSummary, expires: string, now: Date): SlackMessage {
  const { stack, owner, environment, protocol } = summary;
  const left = (Date.parse(expires) - now.getTime()) / 1000;
  const when = left > 0 ? `in ${roughTime(left)}` : "now";
  const what = [protocol, "network", stack].filter(Boolean).join(" ");
  return {
    text: escaped(
      `The ${what} of ${owner ?? "nobody known"}${environment === undefined ? "" : ` on ${environment}`} ` +
        `is removed ${when} (${expires}). ` +
        `More time: \`testnet extend ${stack} 4 hours\`. For good: \`testnet keep ${stack}\`.`,
    ),
  };
}

/** What Slack asks of texts. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

const TIMEOUT_MS = 10_000;

/** Posts to a webhook. Its address may be a secret: it is in no error. */
export async function postMessage(url: string, message: SlackMessage, signal?: AbortSignal): Promise<void> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let status: number;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(message),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    status = response.status;
    await response.body?.cancel();
  } catch (error) {
    signal?.throwIfAborted();
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const code = (cause as NodeJS.ErrnoException).code ?? (cause instanceof Error ? cause.name : "");
    throw new Error(`the webhook cannot be reached (${code})`, { cause: error });
  }
  if (status < 200 || status > 299) throw new Error(`the webhook answered ${status}`);
}
