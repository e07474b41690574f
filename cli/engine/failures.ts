import type { EngineEvent } from "@pulumi/pulumi/automation";
import { isChatter } from "../../errors/chatter";
import { type Problem, problemsIn, TestnetError } from "../../errors/problem";
import { lockProblem } from "./locks";
import { ClusterOutages } from "./outages";

/** Errors the engine told of during a run, by resource. */
export class FailureLog {
  private readonly messages: { urn: string | undefined; message: string }[] = [];

  private readonly outages = new ClusterOutages();

  readonly onEvent = (event: EngineEvent): void => {
    this.outages.onEvent(event);
    const diagnostic = event.diagnosticEvent;
    if (diagnostic?.severity !== "error") return;
    this.messages.push({ urn: diagnostic.urn, message: plain(diagnostic.message).trim() });
  };

  /** What went wrong as our error, from the engine's own words where it said no more. */
  toError(cause: unknown): TestnetError {
    if (cause instanceof TestnetError) return cause; // ours already: no run of the engine was begun
    const known = knownFailure(cause);
    if (known !== undefined) return new TestnetError(known, { cause });
    const told = this.messages.filter(({ message }) => !isChatter(message));
    // What the program itself found wrong has codes of its own, and is told by the stack, more than once.
    const own = problemsIn([...new Set(told.filter(isOfStack).map(({ message }) => message))].join("\n"));
    const others = own.length > 0 ? told.filter((one) => !isOfStack(one)) : told;
    const silent = new Set(others.filter((one) => this.outages.isOne(one)));
    const problems = [
      ...own,
      ...this.outages.problems([...silent]),
      ...others
        .filter((one) => !silent.has(one))
        .map(({ urn, message }): Problem => {
          return { code: "TN2001", ...(urn !== undefined && { at: resourceName(urn) }), message };
        }),
    ];
    return new TestnetError(problems.length > 0 ? problems : { code: "TN2001", message: lastWords(cause) }, {
      cause,
    });
  }
}

function isOfStack({ urn }: { readonly urn: string | undefined }): boolean {
  return urn === undefined || urn.includes("::pulumi:pulumi:Stack::");
}

/** Failures of the engine itself that have a remedy of their own. */
function knownFailure(cause: unknown): Problem | undefined {
  const text = plain(cause instanceof Error ? cause.message : String(cause));
  if (/incorrect passphrase|passphrase must be set/i.test(text)) {
    return { code: "TN2002", message: "the passphrase does not open the state of this stack" };
  }
  const guarded = /\b(\S+) cannot be deleted\s+because it is protected/i.exec(text);
  if (guarded !== null) return { code: "TN2009", message: `${guarded[1] ?? "a resource"} is protected` };
  const lock = lockProblem(text);
  if (lock !== undefined) return lock;
  if (/could not (open|list) bucket|failed to (open|connect)|PULUMI_ACCESS_TOKEN|no such host/i.test(text)) {
    return { code: "TN2004", message: lastWords(cause) };
  }
  return undefined;
}

function lastWords(cause: unknown): string {
  const text = plain(cause instanceof Error ? cause.message : String(cause));
  const errors = text.split("\n").filter((line) => /error:/i.test(line));
  return (errors.at(-1) ?? text.trim().split("\n").at(-1) ?? "the engine said nothing").trim();
}

/** The logical name at the end of a URN. */
export function resourceName(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

/** Without colours and colour markers of the engine. */
function plain(text: string): string {
  return text.replace(/\u001b\[[0-9;]*m/g, "").replace(/<\{%[^%]*%\}>/g, "");
}
