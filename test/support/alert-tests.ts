import assert from "node:assert/strict";
import type { AlertRule } from "../../protocols/monitoring";
import type { AlertCase, Series } from "../engine/alert-cases";
import { Promtool, PROMTOOL_BUILD_MS } from "./promtool";

/** Promtool's unit tests of alerts, from their cases. */

const NOT_YET: readonly object[] = [];

export const inputSeries = (all: Series) =>
  Object.entries(all).map(([series, values]) => ({ series, values }));

const minutes = (time: string) => Number(/^(\d+)m$/.exec(time)?.[1]);

function alertTest(rule: AlertRule, of: Series, expected: Readonly<Record<number, readonly object[]>>) {
  return {
    interval: "1m",
    input_series: inputSeries(of),
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

/** Never at the times a case would fire, nor half an hour later. */
function silent(rule: AlertRule, { since }: AlertCase, of: Series) {
  const at = since + minutes(rule.for);
  return alertTest(rule, of, Object.fromEntries([0, 1, 5, 10, 30].map((later) => [at + later, NOT_YET])));
}

/** Each alert fires when its case says so, and not for what comes near to it. */
export function suiteOfAlerts(
  title: string,
  groups: readonly { readonly name: string; readonly rules: readonly AlertRule[] }[],
  cases: Readonly<Record<string, AlertCase>>,
): void {
  const rules = groups.flatMap((group) => group.rules);
  const cased = rules.flatMap((rule) => {
    const one = cases[rule.alert];
    return one === undefined ? [] : [{ rule, one }];
  });

  describe(`${title}, as promtool sees them`, function () {
    this.timeout(60_000);
    let promtool: Promtool;

    before(async function () {
      this.timeout(PROMTOOL_BUILD_MS);
      promtool = await Promtool.start();
      promtool.write("rules.json", { groups });
    });
    after(() => promtool.dispose());

    it("are valid and leave its lints nothing to say", async () => {
      const { passed, words } = await promtool.lint("rules.json");
      assert.ok(passed, words);
      assert.match(words, new RegExp(`SUCCESS: ${rules.length} rules found`));
    });

    it("each has its case", () => {
      assert.deepEqual(Object.keys(cases).sort(), rules.map(({ alert }) => alert).sort());
    });

    for (const { rule, one } of cased) {
      it(`${rule.alert} fires after ${rule.for}, and not for ${Object.keys(one.quiet).join(", ")}`, async () => {
        const quiet = Object.values(one.quiet).map((of) => silent(rule, one, of));
        const { passed, words } = await promtool.test([firing(rule, one), ...quiet]);
        assert.ok(passed, words);
      });
    }

    it("would be missed if they did not fire", async () => {
      for (const { rule, one } of cased) {
        const { passed } = await promtool.test([silent(rule, one, one.fires)]);
        assert.equal(passed, false, rule.alert);
      }
    });
  });
}

/** A query as Grafana asks it with two clusters chosen. */
export function asAsked(expr: string): string {
  const asked = expr.replaceAll("$__rate_interval", "5m").replaceAll("$cluster", "use1|euw4");
  assert.doesNotMatch(asked, /\$/, "a variable that Grafana would not replace here");
  return asked;
}
