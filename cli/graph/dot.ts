import { type Graph, type GraphNode, idOf, idsOf, linesOf } from "./graph";

const SHAPES: Readonly<Record<GraphNode["shape"], string>> = {
  plain: "box",
  seed: "oval",
  service: "component",
  outside: "circle",
};

/** The graph in the language of Graphviz. Pure. */
export function dotOf(graph: Graph): string {
  const ids = idsOf(graph);
  const lines = [`digraph network {`, `  label=${quoted(graph.title)}`, "  rankdir=LR"];
  const draw = (within: string | undefined, indent: string): void => {
    for (const { key, label, shape } of graph.nodes.filter((each) => each.within === within)) {
      lines.push(`${indent}${idOf(ids, key)} [label=${quoted(label)}, shape=${SHAPES[shape]}]`);
    }
    for (const { key, label } of graph.groups.filter((each) => each.within === within)) {
      // Graphviz draws a box around a subgraph whose name begins with `cluster` only.
      lines.push(`${indent}subgraph cluster_${idOf(ids, key)} {`, `${indent}  label=${quoted(label)}`);
      draw(key, `${indent}  `);
      lines.push(`${indent}}`);
    }
  };
  draw(undefined, "  ");
  for (const { from, to, label } of graph.edges) {
    const words = label === undefined ? "" : ` [label=${quoted(label)}]`;
    lines.push(`  ${idOf(ids, from)} -> ${idOf(ids, to)}${words}`);
  }
  return [...lines, "}"].join("\n");
}

function quoted(text: string): string {
  const lines = linesOf(text).map((line) => line.replaceAll("\\", "\\\\").replaceAll('"', '\\"'));
  return `"${lines.join("\\n")}"`;
}
