import * as fs from "node:fs";
import * as path from "node:path";
import { clusterPlanText } from "../../cli/network/plan-text";
import { at, type Registered } from "./mocks";
import { registerNetwork, shippedPlan } from "./networks";
import { registerShipped } from "./shipped";

/**
 * What each shipped stack of clusters is made of, as a page to review: every resource below its parent, with its name in the
 * cloud and, of charts, the version; of a network first its plan with every argument. `npx tsx test/components/golden.ts` writes the pages anew.
 */

/** Environments, and networks on them. */
export const GOLDEN = { environments: ["prod", "dev"], networks: ["prod-testnet", "dev-ethereum"] } as const;

/** The page of a stack. */
export async function goldenOf(stack: string): Promise<string> {
  if (GOLDEN.environments.some((name) => name === stack)) {
    return tree((await registerShipped(stack)).resources);
  }
  const { resources } = await registerNetwork(stack);
  return `${clusterPlanText(shippedPlan(stack), true)}\n\n${tree(resources)}`;
}

function tree(resources: readonly Registered[]): string {
  const lines: string[] = [];
  const write = (parent: Registered | undefined, indent: string) => {
    const children = resources.filter((each) => each.parent === parent);
    for (const child of [...children].sort(byTypeAndName)) {
      lines.push(`${indent}${child.type} ${child.name}${details(child)}`);
      write(child, `${indent}  `);
    }
  };
  write(undefined, "");
  return `${lines.join("\n")}\n`;
}

function byTypeAndName(one: Registered, other: Registered): number {
  const key = ({ type, name, custom }: Registered) => `${custom ? "a" : "b"} ${type} ${name}`;
  return key(one) < key(other) ? -1 : 1;
}

/** Inputs that say what a resource is called and how large it is. */
const SHOWN = [
  "name",
  "bucket",
  "nodeGroupName",
  "accountId",
  "repositoryId",
  "addonName",
  "chart",
  "version",
  "cidrBlock",
  "ipCidrRange",
  "region",
  "location",
  "instanceTypes",
  "role",
] as const;

function details({ inputs, protect }: Registered): string {
  const shown = SHOWN.flatMap((key) => {
    const value = inputs[key] ?? (key === "name" ? at(inputs, "metadata", "name") : undefined);
    return value === undefined ? [] : [`${key}=${[value].flat().map(String).join(",")}`];
  });
  if (protect) shown.push("protected");
  return shown.length === 0 ? "" : `  ${shown.join(" ")}`;
}

export function goldenFile(stack: string): string {
  return path.join(__dirname, "golden", `${stack}.txt`);
}

async function write(): Promise<void> {
  for (const stack of [...GOLDEN.environments, ...GOLDEN.networks]) {
    fs.mkdirSync(path.dirname(goldenFile(stack)), { recursive: true });
    fs.writeFileSync(goldenFile(stack), await goldenOf(stack));
  }
}

if (require.main === module) void write();
