import { z } from "zod";
import { nearest } from "./nearest";
import type { ErrorCode } from "../../errors/codes";

/** What a check of ours adds to an issue of zod: the code and words of our problem. */
export interface CodedIssue {
  readonly problemCode: ErrorCode;
  readonly message: string;
  readonly allowed?: string | undefined;
  readonly remedy?: string | undefined;
}

/** Reports a problem with a code of ours. */
export function report(
  context: z.core.$RefinementCtx,
  issue: CodedIssue,
  input: unknown,
  path: readonly PropertyKey[] = [],
): void {
  const { message, ...params } = issue;
  context.addIssue({ code: "custom", message, params, input, path: [...path] });
}

/** A text of a list, refused with a code of ours; editors complete it from the schema. */
export function oneOf(allowed: readonly string[], problemCode: ErrorCode, message: string) {
  return z
    .string()
    .superRefine((value, context) => {
      if (allowed.includes(value)) return;
      const meant = nearest(value, allowed);
      report(
        context,
        {
          problemCode,
          message,
          allowed: allowed.join(", "),
          remedy:
            meant === undefined ? undefined : `Write \`${meant}\` if that is what was meant, or another one.`,
        },
        value,
      );
    })
    .meta({ enum: [...allowed] });
}

/** A text of a form, refused with a code of ours. */
export function matching(pattern: RegExp, problemCode: ErrorCode, message: string, allowed: string) {
  return z.string().superRefine((value, context) => {
    if (!pattern.test(value)) report(context, { problemCode, message, allowed }, value);
  });
}
