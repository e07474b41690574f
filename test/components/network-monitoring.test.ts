import assert from "node:assert/strict";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import type { Identity } from "../../components/component";
import type { ClusterTarget } from "../../components/kubernetes/network/args";
import { resolveRule } from "../../components/kubernetes/network/monitoring-objects";
import { NetworkMonitoring } from "../../components/kubernetes/network/network-monitoring";
import type { Daemon, NetworkPlan, Service } from "../../protocols/plan";
import { minaMonitoring } from "../../protocols/mina/monitoring";
import { plannedDaemon } from "../support/planned-daemons";
import { at, list, type Registered, registrations, text } from "./mocks";

/** What watches a network in each cluster, as the program asks for it. */

const IDENTITY: Identity = { stack: "qa", owner: "tester", expires: "never", protect: false };

const DAEMONS: readonly Daemon[] = [
  plannedDaemon({ name: "seed-1", role: "seed", workload: { pool: "seeds" } }),
  plannedDaemon({ name: "node-1", role: "node", workload: { pool: "nodes" } }),
  plannedDaemon({ name: "extra-1", role: "node", workload: { pool: "extras" } }),
  plannedDaemon({ name: "geth-1", role: "node", workload: { pool: "geths", metricsPath: "/debug/metrics" } }),
  plannedDaemon({ name: "archive-1", role: "archive", workload: { pool: "archives" } }),
  plannedDaemon({ name: "archive-1-db", role: "database", workload: { pool: "archives", pod: "archive-1" } }),
  plannedDaemon({ name: "worker", role: "worker", workload: { pool: "workers", metricsPath: undefined } }),
  plannedDaemon({ name: "node-2", role: "node", workload: { pool: "nodes", cluster: "euw4" } }),
];

const EXPORTER: Service = {
  name: "peers-use1",
  cluster: "use1",
  image: { reference: "example.org/node:1", command: ["node"], user: undefined, home: "/root" },
  args: [],
  env: {},
  files: [],
  ports: [{ name: "metrics", number: 9400, transports: ["tcp"], exposure: "network" }],
  replicas: 1,
  resources: { cpuMilli: 1, memoryMiB: 1, memoryLimitMiB: 1 },
  storageGiB: 0,
  metricsPath: "/metrics",
};

function plan(network = "qa"): NetworkPlan {
  return {
    protocol: "mina",
    network,
    era: 1,
    daemons: DAEMONS,
    keys: [],
    genesis: { files: [], runs: [], delaySeconds: 0 },
    afterStart: [],
    chainKeepers: [],
    endpoints: [],
    blockSeconds: 180,
    clusters: {
      peerPorts: { from: 10_000, to: 10_001 },
      seeds: [],
      peerList: [],
      services: [EXPORTER],
      monitoring: minaMonitoring({
        network,
        daemons: DAEMONS,
        slotSeconds: 180,
        slotsPerSubWindow: 7,
        transactions: false,
      }),
      join: { command: [], notes: [] },
    },
  };
}

async function made(
  cluster: string,
  central: boolean,
  genesisTime: pulumi.Input<number> = 1_800_000_000,
  network = "qa",
  namespace: string | null = network,
) {
  const { resources } = await registrations(() => {
    const provider = new Provider(cluster, {});
    const target = {
      name: cluster,
      provider,
      storageClass: undefined,
      monitored: true,
    } as unknown as ClusterTarget;
    new NetworkMonitoring(
      `${network}-${cluster}`,
      {
        identity: IDENTITY,
        plan: plan(network),
        cluster: target,
        namespace: namespace ?? undefined,
        central,
        genesisTime,
      },
      { providers: [provider] },
    );
  });
  return resources.filter(({ type }) => type.startsWith("kubernetes:"));
}

const ofKind = (all: readonly Registered[], kind: string) =>
  all.filter(({ inputs }) => inputs["kind"] === kind);
const nameOf = ({ inputs }: Registered) => text(at(inputs, "metadata", "name"));

describe("NetworkMonitoring", () => {
  it("reads every daemon that serves metrics, by role and path, and no other", async () => {
    const monitors = ofKind(await made("use1", false), "PodMonitor");
    const seen = monitors.map((monitor) => [
      nameOf(monitor),
      at(monitor.inputs, "spec", "selector", "matchLabels"),
      at(monitor.inputs, "spec", "selector", "matchExpressions"),
      at(list(at(monitor.inputs, "spec", "podMetricsEndpoints"))[0], "path"),
    ]);
    const pools = (...values: string[]) => [{ key: "testnet/pool", operator: "In", values }];
    const labels = (role: string) => ({ "testnet/network": "qa", "testnet/role": role });
    const byName = (left: unknown[], right: unknown[]) => text(left[0]).localeCompare(text(right[0]));
    assert.deepEqual(seen.sort(byName), [
      ["archive", labels("archive"), pools("archives"), "/metrics"],
      ["node", labels("node"), pools("extras", "nodes"), "/metrics"],
      ["node-2", labels("node"), pools("geths"), "/debug/metrics"],
      ["seed", labels("seed"), pools("seeds"), "/metrics"],
      ["service", labels("service"), pools("peers-use1"), "/metrics"],
    ]);
  });

  it("reads in each cluster what runs there", async () => {
    assert.deepEqual(ofKind(await made("euw4", false), "PodMonitor").map(nameOf), ["node"]);
  });

  it("puts network, cluster, pool, role and daemon on every series; the exporter's own words for `daemon` win", async () => {
    for (const monitor of ofKind(await made("use1", false), "PodMonitor")) {
      const [endpoint] = list(at(monitor.inputs, "spec", "podMetricsEndpoints"));
      const labels = list(at(endpoint, "relabelings")).map((rule) => [
        text(at(rule, "targetLabel")),
        list(at(rule, "sourceLabels"))[0],
      ]);
      assert.deepEqual(labels, [
        ["network", "__meta_kubernetes_pod_label_testnet_network"],
        ["cluster", "__meta_kubernetes_pod_label_testnet_cluster"],
        ["pool", "__meta_kubernetes_pod_label_testnet_pool"],
        ["role", "__meta_kubernetes_pod_label_testnet_role"],
        ["daemon", "__meta_kubernetes_pod_container_name"],
      ]);
      assert.equal(at(endpoint, "honorLabels"), nameOf(monitor) === "service");
      assert.equal(at(endpoint, "port"), "metrics");
    }
  });

  it("has rules and dashboards in the central cluster only, where all series come together", async () => {
    const other = await made("use1", false);
    assert.deepEqual([...ofKind(other, "PrometheusRule"), ...ofKind(other, "ConfigMap")], []);
    const central = await made("use1", true);
    assert.equal(ofKind(central, "PrometheusRule").length, 1);
    assert.equal(ofKind(central, "ConfigMap").length, 1);
  });

  it("writes the moment of genesis into rules, once it is known", async () => {
    const [rules] = ofKind(await made("use1", true, pulumi.output(1_800_000_123)), "PrometheusRule");
    const [group] = list(at(rules?.inputs, "spec", "groups"));
    const exprs = list(at(group, "rules")).map((rule) => text(at(rule, "expr")));
    assert.equal(exprs.length, plan().clusters?.monitoring.rules.length);
    assert.ok(exprs.every((expr) => !expr.includes("{{")));
    assert.ok(exprs.some((expr) => expr.includes("vector(time()) > 1800000123 + 2700")));
    assert.equal(at(rules?.inputs, "metadata", "name"), "network-qa");
    assert.equal(at(rules?.inputs, "metadata", "namespace"), "monitoring");
  });

  it("has alerts and dashboards, and no pods to read, where the network has no namespace", async () => {
    const resources = await made("use1", true, 1, "qa", null);
    assert.deepEqual(ofKind(resources, "PodMonitor"), []);
    assert.equal(ofKind(resources, "PrometheusRule").length, 1);
    assert.equal(ofKind(resources, "ConfigMap").length, 1);
  });

  it("gives Grafana the dashboard where its sidecar may read: its own namespace", async () => {
    const [dashboards] = ofKind(await made("use1", true), "ConfigMap");
    assert.equal(at(dashboards?.inputs, "metadata", "namespace"), "monitoring");
    assert.equal(at(dashboards?.inputs, "metadata", "labels", "grafana_dashboard"), "1");
    assert.equal(at(dashboards?.inputs, "metadata", "annotations", "grafana_folder"), "networks");
    assert.deepEqual(Object.keys(at(dashboards?.inputs, "data") as object), ["testnet-qa.json"]);
  });

  it("keeps the uid of a dashboard to the 40 characters of Grafana, and those of two networks apart", async () => {
    const long = "a-network-with-a-name-of-fifty-three-characters-";
    const uids: string[] = [];
    for (const end of ["one", "two"]) {
      const [dashboards] = ofKind(await made("use1", true, 1, long + end), "ConfigMap");
      const files = Object.entries(at(dashboards?.inputs, "data") as Record<string, string>);
      const { uid } = JSON.parse(files[0]?.[1] ?? "") as { uid: string };
      assert.deepEqual(
        files.map(([file]) => file),
        [`${uid}.json`],
      );
      assert.ok(uid.length <= 40, uid);
      uids.push(uid);
    }
    assert.notEqual(uids[0], uids[1]);
  });

  it("refuses a rule with a reference that nothing stands for in a rule", () => {
    const [rule] = plan().clusters?.monitoring.rules ?? [];
    assert.ok(rule);
    assert.throws(() => resolveRule({ ...rule, expr: "{{data}}" }, 1), /\{\{data\}\} has no place in a rule/);
  });
});
