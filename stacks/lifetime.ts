import { TestnetError } from "../errors/problem";
import { lifetimeSeconds } from "../protocols/settings";

/** How long a network lives, as its stack's outputs tell: what `list` shows and the reaper decides by. */
export interface Lifetime {
  /** When it was made, ISO 8601 in UTC; null where nobody wrote it down. */
  readonly created: string | null;
  /** When it may be removed, ISO 8601 in UTC; null for never. */
  readonly expires: string | null;
  /** Whether it is kept for good: `expires: never`. */
  readonly kept: boolean;
}

/**
 * The lifetime of a network. Pure.
 * @param expires the setting: `never`, or a time such as `8 hours`
 * @param created moment of creation, ISO 8601
 * @throws TestnetError TN1050 where the network expires and nobody knows since when it is there
 */
export function lifetimeOf(expires: string, created: string | undefined): Lifetime {
  const since = created === undefined ? null : new Date(created).toISOString();
  const seconds = lifetimeSeconds(expires);
  if (seconds === undefined) return { created: since, expires: null, kept: true };
  if (since === null) {
    throw new TestnetError({
      code: "TN1050",
      at: "testnet:created",
      message: `the network expires after ${expires}, and its creation is not written down`,
      allowed: "a moment such as 2026-01-31T12:00:00Z",
    });
  }
  const deadline = new Date(Date.parse(since) + seconds * 1000);
  return { created: since, expires: deadline.toISOString(), kept: false };
}

const MINUTE_MS = 60_000;

/**
 * The tag of a lifetime: `never`, or the deadline to the next full minute as `2026-01-31t12-00z`, which AWS, GCP and
 * Kubernetes all take. It follows from the configuration alone, so that no run changes it by itself.
 */
export function lifetimeTag({ expires }: Lifetime): string {
  if (expires === null) return "never";
  const minute = new Date(Math.ceil(Date.parse(expires) / MINUTE_MS) * MINUTE_MS);
  return minute.toISOString().slice(0, 16).replace(":", "-").toLowerCase().concat("z");
}

/**
 * The deadline that a tag tells; undefined for `never` and for what is no deadline. The day of an environment ends with
 * that day.
 */
export function deadlineOfTag(tag: string): Date | undefined {
  const minute = /^(\d{4}-\d{2}-\d{2})t(\d{2})-(\d{2})z$/.exec(tag);
  if (minute !== null) return validDate(`${minute[1]}T${minute[2]}:${minute[3]}:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(tag) ? validDate(`${tag}T24:00:00Z`) : undefined;
}

function validDate(text: string): Date | undefined {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
