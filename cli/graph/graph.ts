/** What is drawn, before anyone chose how. Keys are unique among groups and nodes together; labels may be any text. */
export interface Graph {
  readonly title: string;
  readonly groups: readonly Group[];
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly Edge[];
}

/** A box around nodes and other boxes. */
export interface Group {
  readonly key: string;
  readonly label: string;
  /** Key of the group around it. */
  readonly within?: string;
}

export interface GraphNode {
  readonly key: string;
  /** May have several lines. */
  readonly label: string;
  /** Key of its group. */
  readonly within?: string;
  /**
   * - `plain`: a daemon, or a pool of them
   * - `seed`: what others find first
   * - `service`: what stands beside the daemons
   * - `outside`: what the stack does not make
   */
  readonly shape: "plain" | "seed" | "service" | "outside";
}

/** Who reaches out to whom. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
}

/** Ids that every format takes, by key: letters and digits only, in the order of the graph. */
export function idsOf({ groups, nodes }: Graph): ReadonlyMap<string, string> {
  return new Map([
    ...groups.map(({ key }, index) => [key, `g${index + 1}`] as const),
    ...nodes.map(({ key }, index) => [key, `n${index + 1}`] as const),
  ]);
}

/** The id of a key. A missing one is a mistake of ours: an edge leads to what is not drawn. */
export function idOf(ids: ReadonlyMap<string, string>, key: string): string {
  const id = ids.get(key);
  if (id === undefined) throw new Error(`the graph has no ${key}`);
  return id;
}

/** A label's lines without what no format can draw. */
export function linesOf(label: string): string[] {
  return label.split(/\r?\n/).map((line) => line.replace(/[\p{Cc}\u2028\u2029]/gu, " "));
}
