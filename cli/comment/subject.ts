import { z } from "zod";
import { TestnetError } from "../../errors/problem";
import type { RehearsalReport } from "../../simulator/rehearsal/report";
import { stackName } from "../../stacks/config/schema";
import type { ClusterCheck } from "../clusters/judge";
import type { PreviewRecord } from "../preview/record";

/** What a comment is made of. */
export type CommentSubject =
  | { readonly kind: "preview"; readonly record: PreviewRecord }
  | { readonly kind: "rehearsal"; readonly report: CommentedRehearsal }
  | { readonly kind: "network"; readonly verdict: CommentedNetwork }
  | { readonly kind: "refusal"; readonly stack: string; readonly problems: PreviewRecord["problems"] };

/** As much of a rehearsal's report as a comment tells. */
export type CommentedRehearsal = Pick<RehearsalReport, "ok" | "stack" | "leftovers"> & {
  readonly phases: readonly Pick<
    RehearsalReport["phases"][number],
    "name" | "ok" | "seconds" | "changes" | "problems"
  >[];
};

/** A network that a pull request asked for. */
export interface CommentedNetwork {
  readonly stack: string;
  /** Whether it is up and no check of `verify` failed. */
  readonly ok: boolean;
  readonly endpoints: readonly { readonly title: string; readonly url: string }[];
  readonly checks: readonly Pick<ClusterCheck, "state" | "title" | "detail">[];
  readonly problems: PreviewRecord["problems"];
}

const name = stackName;
const count = z.int().min(0);

const problem = z.object({
  code: z.string().regex(/^TN\d{4}$/),
  at: z.string().optional(),
  message: z.string(),
  given: z.unknown().optional(),
  allowed: z.string().optional(),
  remedy: z.string().optional(),
});

const preview = z.object({
  version: z.literal(1),
  stack: name,
  kind: z.enum(["environment", "network"]),
  ok: z.boolean(),
  changes: z.array(
    z.object({
      operation: z.enum(["create", "update", "replace", "delete"]),
      type: z.string(),
      name: z.string(),
      urn: z.string(),
      properties: z.array(z.string()),
      replaceProperties: z.array(z.string()),
    }),
  ),
  unchanged: count,
  cost: z
    .object({
      currentPerHourUsd: z.number(),
      plannedPerHourUsd: z.number(),
      differencePerMonthUsd: z.number(),
      unknown: z.array(z.string()),
      pricesOf: z.string(),
    })
    .optional(),
  policy: z
    .object({
      pack: z.string(),
      violations: z.array(
        z.object({
          policy: z.string(),
          level: z.enum(["mandatory", "advisory"]),
          urn: z.string().optional(),
          message: z.string(),
        }),
      ),
    })
    .optional(),
  problems: z.array(problem),
});

const rehearsal = z.object({
  ok: z.boolean(),
  stack: name,
  leftovers: z.array(z.string()),
  phases: z.array(
    z.object({
      name: z.string(),
      ok: z.boolean(),
      seconds: z.number(),
      changes: z.record(z.string(), count),
      problems: z.array(z.string()),
    }),
  ),
});

/** What the workflow `network` makes of the answers of `up` and `verify`. */
const network = z.object({
  stack: name,
  ok: z.boolean(),
  endpoints: z.array(z.object({ title: z.string(), url: z.string() })),
  checks: z.array(
    z.object({
      state: z.enum(["ok", "failed", "not asked", "not judged"]),
      title: z.string(),
      detail: z.string(),
    }),
  ),
  problems: z.array(problem),
});

/** What `--json` prints when a command refuses: it names no stack. */
const refusal = z.object({ ok: z.literal(false), problems: z.array(problem).min(1) });

/**
 * What a file of `testnet preview --json` or `testnet rehearse --json` tells. It may come from a stranger's pull request,
 * so nothing of it is taken on trust.
 * @param stack the stack it shall be of; a must where the command refused, and so named none
 * @throws TestnetError TN2050 where it is neither, TN2051 where it is of another stack
 */
export function subjectOf(text: string, file: string, stack: string | undefined): CommentSubject {
  const data = jsonOf(text, file);
  const found = known(data, stack);
  if (found === undefined) throw unknownRecord(file, preview.safeParse(data).error);
  const told = stackOf(found);
  if (stack === undefined || told === stack) return found;
  throw new TestnetError({
    code: "TN2051",
    at: file,
    message: `this is the record of ${told}`,
    given: stack,
  });
}

/** The stack that a comment is about. */
export function stackOf(subject: CommentSubject): string {
  switch (subject.kind) {
    case "preview":
      return subject.record.stack;
    case "rehearsal":
      return subject.report.stack;
    case "network":
      return subject.verdict.stack;
    case "refusal":
      return subject.stack;
  }
}

function known(data: unknown, stack: string | undefined): CommentSubject | undefined {
  const asPreview = preview.safeParse(data);
  // Codes are checked by their form only: a record may be of a newer version.
  if (asPreview.success) return { kind: "preview", record: asPreview.data as PreviewRecord };
  const asRehearsal = rehearsal.safeParse(data);
  if (asRehearsal.success) return { kind: "rehearsal", report: asRehearsal.data };
  const asNetwork = network.safeParse(data);
  if (asNetwork.success) return { kind: "network", verdict: asNetwork.data as CommentedNetwork };
  const asRefusal = refusal.safeParse(data);
  if (!asRefusal.success || stack === undefined || !name.safeParse(stack).success) return undefined;
  return { kind: "refusal", stack, problems: asRefusal.data.problems as PreviewRecord["problems"] };
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TestnetError(
      {
        code: "TN2050",
        at: file,
        message:
          text.trim() === "" ? "the file is empty: the command did not get to its end" : "this is no JSON",
      },
      { cause: error },
    );
  }
}

function unknownRecord(file: string, error: z.ZodError | undefined): TestnetError {
  const [first] = error?.issues ?? [];
  const where = first === undefined || first.path.length === 0 ? "" : ` at ${first.path.join(".")}`;
  return new TestnetError({
    code: "TN2050",
    at: file,
    message: `this is no record that a comment can be made of${where}`,
    allowed:
      "what `testnet preview --json` or `testnet rehearse --json` prints; where the command refused, with the stack named",
  });
}
