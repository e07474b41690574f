import assert from "node:assert/strict";
import type { AlertRule } from "../../protocols/monitoring";
import { DATA_SOURCES, type Dashboard } from "../../components/kubernetes/monitoring/dashboards";
import { grafanaValues, prometheusValues } from "../../components/kubernetes/monitoring/values";
import { Promtool, PROMTOOL_BUILD_MS } from "../support/promtool";
import { ALERT_CASES, type AlertCase, mount, type Series } from "./alert-cases";

/** Alerts and dashboards as the charts are given them, judged by Prometheus's own tool. */

const SETTINGS = { cluster: "use1", storageClass: "ssd", retentionDays: 30, ingest: undefined };

const { groups } = prometheusValues(SETTINGS).additionalPrometheusRulesMap.testnet;
const RULES: readonly AlertRule[] = groups.flatMap(({ rules }) => rules);
const NOT_YET: readonly object[] = [];

const series = (all: Series) => Object.entries(all).map(([name, values]) => ({ series: name, values }));
const minutes = (time: string) => Number(/^(\d+)m$/.exec(time)?.[1]);

function alertTest(rule: AlertRule, of: Series, expected: Readonly<Record<number, readonly object[]>>) {
  return {
    interval: "1m",
    input_series: series(of),
    alert_rule_test: Object.entries(expected).map(([minute, alerts]) => ({
      eval_time: `${minute}m`,
      alertname: rule.alert,
      exp_alerts: alerts,
    })),
  };
}

/** Silent until its `for` has passed, then the one alert expected, word for word. */
function firing(rule: AlertRule, { fires, since, labels, summary }: AlertCase) {
  const at = since + minutes(rule.for);
  const alert = {
    exp_labels: { ...labels, ...rule.labels },
    exp_annotations: { ...rule.annotations, summary },
  };
  return alertTest(rule, fires, { ...(at > 0 && { [at - 1]: NOT_YET }), [at]: [alert], [at + 1]: [alert] });
}

function silent(rule: AlertRule, { since }: AlertCase, of: Series) {
  const at = since + minutes(rule.for);
  return alertTest(rule, of, { [at]: NOT_YET, [at + 1]: NOT_YET, [at + 30]: NOT_YET });
}

function testFile(tests: readonly object[]) {
  return { rule_files: ["rules.json"], evaluation_interval: "1m", tests };
}

describe("alerts, as promtool sees them", function () {
  this.timeout(60_000);
  let promtool: Promtool;

  before(async function () {
    this.timeout(PROMTOOL_BUILD_MS);
    promtool = await Promtool.start();
    promtool.write("rules.json", { groups });
  });
  after(() => promtool.dispose());

  const verdict = async (tests: readonly object[]) => {
    promtool.write("tests.json", testFile(tests));
    return promtool.run("test", "rules", "tests.json");
  };

  it("are valid and leave its lints nothing to say", async () => {
    const { passed, words } = await promtool.run(
      "check",
      "rules",
      "--lint=all",
      "--lint-fatal",
      "rules.json",
    );
    assert.ok(passed, words);
    assert.match(words, new RegExp(`SUCCESS: ${RULES.length} rules found`));
  });

  it("each has its case", () => {
    assert.deepEqual(Object.keys(ALERT_CASES).sort(), RULES.map(({ alert }) => alert).sort());
  });

  for (const rule of RULES) {
    const one = ALERT_CASES[rule.alert]!;
    it(`${rule.alert} fires after ${rule.for}, and not for ${Object.keys(one.quiet).join(", ")}`, async () => {
      const quiet = Object.values(one.quiet).map((of) => silent(rule, one, of));
      const { passed, words } = await verdict([firing(rule, one), ...quiet]);
      assert.ok(passed, words);
    });

    it(`${rule.alert} would be missed if it did not fire`, async () => {
      const { passed } = await verdict([silent(rule, one, one.fires)]);
      assert.equal(passed, false);
    });
  }
});

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

/** What Grafana would ask for with two clusters chosen. */
function asAsked(expr: string): string {
  const asked = expr.replaceAll("$__rate_interval", "5m").replaceAll("$cluster", "use1|euw4");
  assert.doesNotMatch(asked, /\$/, "a variable that Grafana would not replace here");
  return asked;
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
    const { passed, words } = await promtool.run(
      "check",
      "rules",
      "--lint=all",
      "--lint-fatal",
      "rules.json",
    );
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
    promtool.write("tests.json", {
      tests: [
        {
          interval: "1m",
          input_series: series({
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
      ],
    });
    const { passed, words } = await promtool.run("test", "rules", "tests.json");
    assert.ok(passed, words);
  });
});
