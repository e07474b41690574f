import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import { resourceName } from "../engine/failures";
import type { PreviewChange } from "./record";

type Operation = PreviewChange["operation"];

/** What the engine calls its steps, by what they mean to a person. Halves of a replacement are one change. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  create: "create",
  import: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  "import-replacement": "replace",
};

/** The worse of two meanings of one resource's steps is told. */
const WEIGHT: Readonly<Record<Operation, number>> = { delete: 3, replace: 2, update: 1, create: 0 };

/** Collects what a preview tells would change. Keeps names and paths of properties, never values. */
export class ChangeLog {
  private readonly found = new Map<string, PreviewChange>();
  private readonly same = new Set<string>();

  readonly onEvent = (event: EngineEvent): void => {
    const step = event.resourcePreEvent?.metadata;
    if (step === undefined || !isResource(step)) return;
    const operation = OPERATIONS[step.op];
    if (operation !== undefined) this.add(changeOf(operation, step));
    else if (step.op === "same") this.same.add(step.urn);
  };

  /** Deletions and replacements first, each kind by type and name. */
  get changes(): PreviewChange[] {
    return [...this.found.values()].sort(inOrder);
  }

  /** How many resources stay as they are. */
  get unchanged(): number {
    return [...this.same].filter((urn) => !this.found.has(urn)).length;
  }

  private add(change: PreviewChange): void {
    const known = this.found.get(change.urn);
    this.found.set(change.urn, known === undefined ? change : together(known, change));
  }
}

/** The stack, our components and providers are not what the person asked for. */
function isResource({ type, new: next, old }: StepEventMetadata): boolean {
  // The engine leaves the flag out where it is false.
  return !type.startsWith("pulumi:") && (next ?? old)?.custom === true;
}

function changeOf(
  operation: Operation,
  { type, urn, keys, diffs, detailedDiff }: StepEventMetadata,
): PreviewChange {
  const detailed = Object.entries(detailedDiff ?? {});
  const forcing = detailed.filter(([, { diffKind }]) => diffKind.endsWith("-replace")).map(([path]) => path);
  const differs = operation === "update" || operation === "replace";
  const replaces = operation === "replace";
  return {
    operation,
    type,
    name: resourceName(urn),
    urn,
    properties: differs ? sorted(detailed.length > 0 ? detailed.map(([path]) => path) : (diffs ?? [])) : [],
    replaceProperties: replaces ? sorted(forcing.length > 0 ? forcing : (keys ?? [])) : [],
  };
}

/** Two steps of one resource as one change. */
function together(one: PreviewChange, other: PreviewChange): PreviewChange {
  const worse = WEIGHT[other.operation] > WEIGHT[one.operation] ? other : one;
  return {
    ...worse,
    properties: sorted([...one.properties, ...other.properties]),
    replaceProperties: sorted([...one.replaceProperties, ...other.replaceProperties]),
  };
}

function sorted(paths: readonly string[]): string[] {
  return [...new Set(paths)].sort();
}

function inOrder(one: PreviewChange, other: PreviewChange): number {
  return (
    WEIGHT[other.operation] - WEIGHT[one.operation] ||
    byText(one.type, other.type) ||
    byText(one.name, other.name)
  );
}

function byText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
