import { TestnetError } from "../../errors/problem";

/** An option of seconds as it was parsed; undefined stays so. @throws TestnetError TN1014 */
export function secondsOf(option: string, value: number | undefined, least: number): number | undefined {
  // A timer cannot be set to more than 2^31 - 1 milliseconds.
  if (value === undefined || (value >= least && value <= 2_147_483)) return value;
  throw usage(option, value, `a number of seconds, ${least} or more`);
}

/** An option that counts. @throws TestnetError TN1014 */
export function countOf(option: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw usage(option, value, "a whole number, 0 or more");
}

function usage(option: string, value: number, allowed: string): TestnetError {
  // What was typed is not known here; a text that is no number has become NaN.
  const given = Number.isNaN(value) ? undefined : value;
  return new TestnetError({
    code: "TN1014",
    at: option,
    message: "the value of the option is not allowed",
    given,
    allowed,
  });
}
