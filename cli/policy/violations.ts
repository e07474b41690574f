import type { EngineEvent } from "@pulumi/pulumi/automation";
import type { PolicyViolation, PreviewPolicy } from "../preview/record";

/** Name of our pack, as policy/pack.ts gives it. */
const PACK = "testnet";

/** Collects what policies said of a stack during a run of the engine. */
export class PolicyWatch {
  private readonly found = new Map<string, PolicyViolation>();

  readonly onEvent = ({ policyEvent: event }: EngineEvent): void => {
    if (event === undefined) return;
    const violation: PolicyViolation = {
      policy: event.policyName,
      level: levelOf(event.enforcementLevel),
      urn: event.resourceUrn === undefined || event.resourceUrn === "" ? undefined : event.resourceUrn,
      message: findingOf(event.message),
    };
    // A resource that is replaced is judged more than once.
    this.found.set([violation.policy, violation.urn, violation.message].join("\n"), violation);
  };

  /** Mandatory ones first, each by rule, in the order they were found. */
  result(): PreviewPolicy {
    const violations = [...this.found.values()].sort(
      (one, other) => weightOf(one) - weightOf(other) || byText(one.policy, other.policy),
    );
    return { pack: PACK, violations };
  }
}

/** The engine's levels are more than its types tell: what mends by itself and did not is as good as mandatory. */
function levelOf(level: string): PolicyViolation["level"] {
  return level === "mandatory" || level === "remediate" ? "mandatory" : "advisory";
}

/** A message is the rule's description, then the finding. The description stands in docs/policies.md. */
function findingOf(message: string): string {
  const lines = message.trim().split("\n");
  return (lines.length > 1 ? lines.slice(1) : lines).join(" ").trim();
}

function weightOf({ level }: PolicyViolation): number {
  return level === "mandatory" ? 0 : 1;
}

function byText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
