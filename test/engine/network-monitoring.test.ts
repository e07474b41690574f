import assert from "node:assert/strict";
import { networkDashboard } from "../../components/kubernetes/monitoring/dashboards";
import { resolveRule } from "../../components/kubernetes/network/monitoring-objects";
import { ethereumMonitoring } from "../../protocols/ethereum/monitoring";
import { minaMonitoring } from "../../protocols/mina/monitoring";
import type { NetworkMonitoring } from "../../protocols/monitoring";
import { asAsked, suiteOfAlerts } from "../support/alert-tests";
import { plannedDaemon } from "../support/planned-daemons";
import { Promtool, PROMTOOL_BUILD_MS } from "../support/promtool";
import { ETHEREUM_CASES, MINA_CASES } from "./network-alert-cases";

/** Alerts and dashboards of networks as a cluster is given them, judged by Prometheus's own tool. */

/** Promtool's clock starts at 0, and so does the chain. */
const GENESIS = 0;

const names = ["1", "2", "3", "4", "5"];
const clusters = (name: string) => ({ cluster: name === "1" ? "euw4" : "use1" });

const MINA = minaMonitoring({
  network: "qa",
  slotSeconds: 180,
  slotsPerSubWindow: 7,
  transactions: true,
  daemons: names.map((name) =>
    plannedDaemon({
      name: `node-${name}`,
      role: "node",
      workload: clusters(name),
      args: ["--stop-time", "168"],
    }),
  ),
});

const ETHEREUM = ethereumMonitoring({
  network: "qa",
  secondsPerSlot: 12,
  slotsPerEpoch: 32,
  publicNetwork: false,
  daemons: names.map((name) =>
    plannedDaemon({ name: `node-${name}-geth`, role: "execution", workload: clusters(name) }),
  ),
});

const PUBLIC = ethereumMonitoring({
  network: "watcher",
  secondsPerSlot: 12,
  slotsPerEpoch: 32,
  publicNetwork: true,
  daemons: [plannedDaemon({ name: "node-1-geth", role: "execution" })],
});

const network = ({ rules }: NetworkMonitoring) => [
  { name: "network", rules: rules.map((rule) => resolveRule(rule, GENESIS)) },
];

suiteOfAlerts("alerts of Mina", network(MINA), MINA_CASES);
suiteOfAlerts("alerts of Ethereum", network(ETHEREUM), ETHEREUM_CASES);

describe("rules and dashboards of every kind of network", function () {
  this.timeout(60_000);
  let promtool: Promtool;

  before(async function () {
    this.timeout(PROMTOOL_BUILD_MS);
    promtool = await Promtool.start();
  });
  after(() => promtool.dispose());

  it("of a public chain are PromQL, and wait for no genesis of ours", async () => {
    assert.doesNotMatch(JSON.stringify(PUBLIC.rules), /genesis-time/);
    promtool.write("rules.json", { groups: [{ name: "public", rules: PUBLIC.rules }] });
    const { passed, words } = await promtool.lint("rules.json");
    assert.ok(passed, words);
  });

  it("no rule knows a moment but the network's own genesis", () => {
    for (const { alert, expr } of [...MINA.rules, ...ETHEREUM.rules]) {
      assert.doesNotMatch(expr, /1609459200|1717545600|\b1[67]\d{8}\b/, alert);
    }
  });

  for (const [title, { dashboards }] of Object.entries({ Mina: MINA, Ethereum: ETHEREUM, public: PUBLIC })) {
    it(`queries of the dashboard (${title}) parse, for the clusters chosen and the network alone`, async () => {
      const panels = dashboards.map(networkDashboard).flatMap((dashboard) => dashboard.panels);
      assert.ok(panels.length > 10);
      const rules = panels.map(({ targets: [{ expr }] }, index) => {
        assert.match(expr, /(network|namespace)="(qa|watcher)",cluster=~"\$cluster"/);
        return { record: `panel:${index}`, expr: asAsked(expr) };
      });
      promtool.write("panels.json", { groups: [{ name: "panels", rules }] });
      const { passed, words } = await promtool.lint("panels.json");
      assert.ok(passed, words);
    });
  }
});
