import assert from "node:assert/strict";
import { DATA_SOURCES, type Dashboard } from "../../components/kubernetes/monitoring/dashboards";
import { grafanaValues, prometheusValues } from "../../components/kubernetes/monitoring/values";
import { asAsked, inputSeries, suiteOfAlerts } from "../support/alert-tests";
import { Promtool, PROMTOOL_BUILD_MS } from "../support/promtool";
import { ALERT_CASES, mount } from "./alert-cases";

/** Alerts and dashboards as the charts are given them, judged by Prometheus's own tool. */

const SETTINGS = { cluster: "use1", storageClass: "ssd", retentionDays: 30, ingest: undefined };

const { groups } = prometheusValues(SETTINGS).additionalPrometheusRulesMap.testnet;
suiteOfAlerts("alerts", groups, ALERT_CASES);

interface Query {
  readonly title: string;
  readonly source: string;
  readonly expr: string;
}

function queriesOfDashboards(): Query[] {
  const unused = {
    serviceAccount: "",
    csiDriver: "",
    secretProviderClass: "",
    passwordFile: "",
    dashboardReader: "",
  };
  return Object.values(grafanaValues(unused).dashboards.testnet).flatMap(({ json }) => {
    const { title, panels } = JSON.parse(json) as Dashboard;
    return panels.flatMap((panel) =>
      panel.targets.map(({ expr }) => ({
        title: `${title}: ${panel.title}`,
        source: panel.datasource.uid,
        expr,
      })),
    );
  });
}

describe("queries of dashboards, as promtool sees them", function () {
  this.timeout(60_000);
  const queries = queriesOfDashboards();
  const metrics = queries.filter(({ source }) => source === DATA_SOURCES.metrics);
  let promtool: Promtool;

  before(async function () {
    this.timeout(PROMTOOL_BUILD_MS);
    promtool = await Promtool.start();
  });
  after(() => promtool.dispose());

  it("are PromQL; none asks for logs yet", () => {
    assert.equal(metrics.length, 9);
    assert.equal(queries.length - metrics.length, 0, "LogQL is not PromQL: promtool cannot check it");
  });

  it("parse", async () => {
    const rules = metrics.map(({ expr }, index) => ({ record: `panel:${index}`, expr: asAsked(expr) }));
    promtool.write("rules.json", { groups: [{ name: "panels", rules }] });
    const { passed, words } = await promtool.lint("rules.json");
    assert.ok(passed, words);
    assert.match(words, /SUCCESS: 9 rules found/);
  });

  it("that do not parse would be noticed", async () => {
    promtool.write("broken.json", {
      groups: [{ name: "broken", rules: [{ record: "panel:0", expr: "rate(up)" }] }],
    });
    const { passed, words } = await promtool.run("check", "rules", "broken.json");
    assert.equal(passed, false);
    assert.match(words, /expected type range vector/);
  });

  it("Disk used shows disks, not system images", async () => {
    const disk = metrics.find(({ title }) => title === "Nodes: Disk used");
    const { passed, words } = await promtool.test([
      {
        interval: "1m",
        input_series: inputSeries({
          ...mount({ available: "0x10", device: "/dev/dm-0", readonly: true }),
          ...mount({ available: "75x10", mountpoint: "/var" }),
        }),
        promql_expr_test: [
          {
            expr: asAsked(disk?.expr ?? ""),
            eval_time: "5m",
            exp_samples: [
              { labels: '{cluster="use1",instance="10.0.0.5:9100",device="/dev/sda1"}', value: 0.25 },
            ],
          },
        ],
      },
    ]);
    assert.ok(passed, words);
  });
});
