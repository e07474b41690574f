import { TestnetError } from "../../errors/problem";
import { lifetimeSeconds } from "../../protocols/settings";

/** Units of the setting `expires`, the longest first, in seconds. */
const UNITS = [
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
] as const;

/** The largest count that the setting takes. */
const MOST = 9999;

/** Seconds of a time such as `8 hours`. @throws TestnetError TN1056 */
export function durationSeconds(text: string, at: string): number {
  const seconds = lifetimeSeconds(text.trim());
  if (seconds !== undefined) return seconds;
  throw noDuration(text, at);
}

/** Seconds of a time to wait: as {@link durationSeconds}, and such as `90 seconds`. @throws TestnetError TN1056 */
export function waitSeconds(text: string, at: string): number {
  const [, count] = /^([1-9]\d{0,3}) seconds?$/.exec(text.trim()) ?? [];
  const seconds = count === undefined ? lifetimeSeconds(text.trim()) : Number(count);
  if (seconds !== undefined) return seconds;
  throw noDuration(text, at, "a time such as 90 seconds, 10 minutes or 2 hours");
}

/** The shortest setting that is not shorter than so many seconds, in the largest unit that says it exactly. Pure. */
export function durationText(seconds: number): string {
  const minutes = Math.max(1, Math.ceil(seconds / 60)) * 60;
  const exact = UNITS.find(([, unit]) => minutes % unit === 0 && minutes / unit <= MOST);
  const [name, unit] = exact ?? UNITS.findLast(([, size]) => Math.ceil(minutes / size) <= MOST) ?? UNITS[0];
  const count = Math.min(MOST, Math.ceil(minutes / unit));
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

/** A time for people, in its two largest units: `2 d 3 h`, `45 min`. Pure. */
export function roughTime(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  if (days > 0) return hours === 0 ? `${days} d` : `${days} d ${hours} h`;
  if (hours > 0) return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
  return `${rest} min`;
}

/** How long something took, for people: to the second below two minutes, as {@link roughTime} above. Pure. */
export function waitText(seconds: number): string {
  return seconds < 120 ? `${Math.round(seconds)} s` : roughTime(seconds);
}

function noDuration(given: string, at: string, allowed?: string): TestnetError {
  const message = "this is no length of time";
  return new TestnetError({ code: "TN1056", at, message, given, ...(allowed !== undefined && { allowed }) });
}
