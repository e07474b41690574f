import { type Graph, type GraphNode, idOf, idsOf, linesOf } from "./graph";

/** Brackets around a label, by shape. */
const SHAPES: Readonly<Record<GraphNode["shape"], readonly [string, string]>> = {
  plain: ["[", "]"],
  seed: ["([", "])"],
  service: ["[[", "]]"],
  outside: ["((", "))"],
};

/** The graph as a flowchart of Mermaid, which GitHub and GitLab draw in Markdown. Pure. */
export function mermaidOf(graph: Graph): string {
  const ids = idsOf(graph);
  const lines = ["---", `title: ${JSON.stringify(graph.title)}`, "---", "flowchart LR"];
  const draw = (within: string | undefined, indent: string): void => {
    for (const node of graph.nodes.filter((each) => each.within === within)) {
      const [open, close] = SHAPES[node.shape];
      lines.push(`${indent}${idOf(ids, node.key)}${open}${quoted(node.label)}${close}`);
    }
    for (const group of graph.groups.filter((each) => each.within === within)) {
      lines.push(`${indent}subgraph ${idOf(ids, group.key)}[${quoted(group.label)}]`);
      draw(group.key, `${indent}  `);
      lines.push(`${indent}end`);
    }
  };
  draw(undefined, "  ");
  for (const { from, to, label } of graph.edges) {
    const words = label === undefined ? "" : `|${quoted(label)}|`;
    lines.push(`  ${idOf(ids, from)} -->${words} ${idOf(ids, to)}`);
  }
  return lines.join("\n");
}

/** Inside quotes Mermaid takes any text, but for quotes, its own entities and HTML. */
function quoted(text: string): string {
  const escaped = linesOf(text)
    .join("\n")
    .replaceAll("#", "#35;")
    .replaceAll("&", "#amp;")
    .replaceAll('"', "#quot;")
    .replaceAll("<", "#lt;")
    .replaceAll(">", "#gt;")
    .replaceAll("`", "#96;")
    .replaceAll("\n", "<br/>");
  return `"${escaped}"`;
}
