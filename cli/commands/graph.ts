import { loadStackConfig } from "../../stacks/config/file";
import { kindOf } from "../../stacks/kind";
import { planLocal } from "../../stacks/placement";
import { planStack } from "../../stacks/plan-stack";
import type { CommandContext } from "../context";
import { dotOf } from "../graph/dot";
import { environmentGraph } from "../graph/environment-graph";
import type { Graph } from "../graph/graph";
import { mermaidOf } from "../graph/mermaid";
import { networkGraph } from "../graph/network-graph";

const FORMATS = { mermaid: mermaidOf, dot: dotOf } as const;

export interface GraphOptions {
  readonly format: keyof typeof FORMATS;
}

/** Draws a network or an environment from its stack file: no engine, no account. */
export function run(context: CommandContext, { format }: GraphOptions): Promise<number> {
  const graph = graphOf(context);
  context.out.result(FORMATS[format](graph), graph);
  return Promise.resolve(0);
}

/** @throws TestnetError with every problem of the configuration */
function graphOf({ directory, home, stack }: CommandContext): Graph {
  const found = kindOf(loadStackConfig(directory, stack));
  switch (found.kind) {
    case "environment":
      return environmentGraph(stack, found.environment);
    case "cluster network":
      return networkGraph(planStack(directory, stack, found).plan);
    case "local network":
      return networkGraph(planLocal(home, stack, found.network).plan);
  }
}
