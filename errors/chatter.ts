/** What the engine says of a failed run as a whole, beside what failed in it. */
const WHOLE_RUN = /^(update|preview|refresh|destroy) failed$/;

/**
 * A program that still had questions when the engine ended, for a failure that was told before. Pulumi's client logs none of
 * these errors, but sums them up when the program ends in time to be heard. Errors of the program's own are logged besides.
 */
const ENGINE_GONE =
  /^One or more errors occurred: [^]*(14 UNAVAILABLE: |1 CANCELLED: |Resource monitor is terminating)/;

/** Whether an error that the engine tells is none of its own: another one says what is wrong. Without colours. Pure. */
export function isChatter(message: string): boolean {
  return WHOLE_RUN.test(message) || ENGINE_GONE.test(message);
}
