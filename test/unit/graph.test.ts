import assert from "node:assert/strict";
import fc from "fast-check";
import { dialsOf } from "../../cli/graph/dials";
import { dotOf } from "../../cli/graph/dot";
import { environmentGraph } from "../../cli/graph/environment-graph";
import type { Graph, GraphNode } from "../../cli/graph/graph";
import { mermaidOf } from "../../cli/graph/mermaid";
import { networkGraph } from "../../cli/graph/network-graph";
import type { Daemon, NetworkPlan } from "../../protocols/plan";
import { shippedPlan } from "../components/networks";
import { shippedEnvironment } from "../components/stacks";
import { runMain } from "../support/cli";

/** Any graph, with labels of any text. */
const graphs = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 6 }).chain((keys) =>
  fc.record({
    title: fc.string({ unit: "binary" }),
    groups: fc.constant([
      { key: "group", label: 'a "group"' },
      { key: "inner", label: "end", within: "group" },
    ]),
    nodes: fc.tuple(
      ...keys.map((key) =>
        fc.record({
          key: fc.constant(`node ${key}`),
          label: fc.string({ unit: "binary" }),
          within: fc.constantFrom("group", "inner"),
          shape: fc.constantFrom<GraphNode["shape"]>("plain", "seed", "service", "outside"),
        }),
      ),
    ),
    edges: fc.array(
      fc.record({
        from: fc.constantFrom(...keys.map((key) => `node ${key}`)),
        to: fc.constantFrom(...keys.map((key) => `node ${key}`)),
        label: fc.string({ unit: "binary" }),
      }),
      { maxLength: 5 },
    ),
  }),
) as fc.Arbitrary<Graph>;

/** Every line that Mermaid's flowcharts may have here: ids are letters and digits, labels are quoted and hold no quote. */
const MERMAID_LINE =
  /^(---|title: ".*"|flowchart LR|\s+n\d+(\["[^"\n]*"\]|\(\["[^"\n]*"\]\)|\[\["[^"\n]*"\]\]|\(\("[^"\n]*"\)\))|\s+subgraph g\d+\["[^"\n]*"\]|\s+end|\s+n\d+ -->(\|"[^"\n]*"\|)? n\d+)$/su;
const TEXT = /"(?:[^"\\\n]|\\.)*"/su.source;
const DOT_LINE = new RegExp(
  String.raw`^(digraph network \{|\s+label=${TEXT}|\s+rankdir=LR|\s*\}|\s+n\d+ \[label=${TEXT}, shape=\w+\]|\s+subgraph cluster_g\d+ \{|\s+n\d+ -> n\d+( \[label=${TEXT}\])?)$`,
  "su",
);

describe("a drawing", () => {
  it("in Mermaid has safe ids and escaped labels, whatever the names are", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        for (const line of mermaidOf(graph).split("\n")) assert.match(line, MERMAID_LINE);
      }),
    );
  });

  it("in DOT has safe ids and escaped labels, whatever the names are", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        for (const line of dotOf(graph).split("\n")) assert.match(line, DOT_LINE);
      }),
    );
  });

  it("draws every node and edge once, and closes every box", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const lines = mermaidOf(graph).split("\n");
        assert.equal(lines.filter((line) => /^\s+n\d+[[(]/.test(line)).length, graph.nodes.length);
        assert.equal(lines.filter((line) => /^\s+n\d+ -->/.test(line)).length, graph.edges.length);
        const opened = lines.filter((line) => line.trim().startsWith("subgraph ")).length;
        assert.equal(lines.filter((line) => line.trim() === "end").length, opened);
      }),
    );
  });
});

describe("who dials whom", () => {
  it("every daemon of Mina dials every seed but itself, workers ask their coordinator", () => {
    const plan = shippedPlan("prod-testnet");
    const dials = dialsOf(plan);
    const seeds = (plan.clusters?.seeds ?? []).map(({ daemon }) => daemon);
    for (const { name, args } of plan.daemons.filter(({ args }) => args.includes("--peer"))) {
      const dialled = dials.filter(({ from, kind }) => from === name && kind === "peer").map(({ to }) => to);
      assert.deepEqual(dialled.sort(), seeds.filter((seed) => seed !== name).sort(), args.join(" "));
    }
    assert.ok(dials.some(({ from, to }) => from === "fast-worker" && to === "fast-coordinator"));
    assert.ok(dials.some(({ from, to }) => from === "archive-1" && to === "archive-1-archive"));
    assert.ok(dials.some(({ from, to }) => from === "archive-1-archive" && to === "archive-1-postgres"));
  });

  it("every consensus client of Ethereum asks its own execution client and no other", () => {
    const plan = shippedPlan("dev-ethereum");
    const of = (role: string) => plan.daemons.filter((daemon) => daemon.role === role);
    for (const { name, node } of of("consensus")) {
      const asked = dialsOf(plan).filter(({ from, kind }) => from === name && kind === "client");
      const own = of("execution").filter((daemon) => daemon.node === node);
      assert.deepEqual(
        asked.map(({ to }) => to),
        own.map((daemon) => daemon.name),
      );
    }
  });
});

describe("the picture of a network", () => {
  it("has every daemon in its pool and cluster, and the world at seeds and public services", () => {
    const plan = shippedPlan("prod-testnet");
    const graph = networkGraph(plan);
    for (const { name, workload } of plan.daemons) {
      const node = graph.nodes.find(({ label }) => label.split(/\n| ×/)[0] === name);
      const pool = graph.groups.find(({ key }) => key === node?.within);
      const cluster = graph.groups.find(({ key }) => key === pool?.within);
      assert.deepEqual([pool?.label, cluster?.label], [workload?.pool, workload?.cluster], name);
    }
    const doors = graph.edges.filter(({ from }) => from === "world").map(({ label }) => label);
    assert.deepEqual(doors, ["tcp+udp 23000", "tcp+udp 23006", "tcp+udp 23012", "tcp 23030"]);
    assert.equal(graph.nodes.find(({ key }) => key === "world")?.label, "peers and users of\nthe world");
    assert.ok(graph.nodes.some(({ label }) => label.startsWith("fast-worker × 12")));
  });

  it("draws pools with counts where there are more than fifty daemons", () => {
    const plan = manyNodes(shippedPlan("prod-testnet"), 200);
    const graph = networkGraph(plan);
    assert.ok(graph.nodes.length < 25, `${graph.nodes.length} nodes`);
    const nodes = graph.nodes.find(({ key }) => key === "pool use1 nodes");
    assert.equal(nodes?.label, "nodes\n201 × node");
    const toSeeds = graph.edges.filter(({ from }) => from === "pool use1 nodes");
    assert.deepEqual(
      toSeeds.map(({ to, label }) => [to, label]),
      ["use1", "usw2", "euw4"].map((cluster) => [`pool ${cluster} seeds`, "peer × 201"]),
    );
    for (const line of mermaidOf(graph).split("\n")) assert.match(line, MERMAID_LINE);
  });

  it("draws 10,000 daemons as few pools, too", () => {
    assert.ok(networkGraph(manyNodes(shippedPlan("prod-testnet"), 10_000)).nodes.length < 25);
  });
});

describe("the picture of an environment", () => {
  it("has every pool in its cluster, and leads to the one monitoring", () => {
    const environment = shippedEnvironment("prod");
    const graph = environmentGraph("prod", environment);
    for (const { name, nodePools } of environment.clusters) {
      for (const pool of nodePools) {
        const key = `pool ${name} ${pool.name}`;
        assert.equal(graph.nodes.find((node) => node.key === key)?.within, `cluster ${name}`);
        assert.ok(graph.edges.some(({ from, to }) => from === key && to === "monitoring"));
      }
    }
    for (const line of dotOf(graph).split("\n")) assert.match(line, DOT_LINE);
  });
});

describe("testnet graph", () => {
  it("draws a stack without an engine, in the language asked for", async () => {
    const mermaid = await runMain("graph", "dev-ethereum");
    assert.equal(mermaid.status, 0, mermaid.stderr);
    assert.match(mermaid.stdout, /^flowchart LR$/m);
    const dot = await runMain("graph", "dev", "--format", "dot");
    assert.match(dot.stdout, /^digraph network \{/);
    const json = JSON.parse((await runMain("graph", "prod-testnet", "--json")).stdout) as Graph;
    assert.deepEqual(json, networkGraph(shippedPlan("prod-testnet")));
  });

  it("refuses another language, and says which there are", async () => {
    const { status, stderr } = await runMain("graph", "dev", "--format", "svg");
    assert.equal(status, 2);
    assert.match(stderr, /mermaid, dot/);
  });
});

/** The plan with more plain nodes like the first one. */
function manyNodes(plan: NetworkPlan, count: number): NetworkPlan {
  const first = plan.daemons.find(({ name }) => name === "node-1") as Daemon;
  const more = Array.from({ length: count }, (_, index) => ({ ...first, name: `node-${index + 100}` }));
  return { ...plan, daemons: [...plan.daemons, ...more] };
}
