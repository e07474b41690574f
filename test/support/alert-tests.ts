import type { AlertRule } from "../../protocols/monitoring";
import type { AlertCase, Series } from "../engine/alert-cases";

/** Promtool's unit tests of an alert, from its case. */

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
export function firing(rule: AlertRule, { fires, since, labels, summary }: AlertCase) {
  const at = since + minutes(rule.for);
  const alert = {
    exp_labels: { ...labels, ...rule.labels },
    exp_annotations: { ...rule.annotations, summary },
  };
  return alertTest(rule, fires, { ...(at > 0 && { [at - 1]: NOT_YET }), [at]: [alert], [at + 1]: [alert] });
}

/** Never at the times a case would fire, nor half an hour later. */
export function silent(rule: AlertRule, { since }: AlertCase, of: Series) {
  const at = since + minutes(rule.for);
  return alertTest(rule, of, Object.fromEntries([0, 1, 5, 10, 30].map((later) => [at + later, NOT_YET])));
}

export function testFile(tests: readonly object[]) {
  return { rule_files: ["rules.json"], evaluation_interval: "1m", tests };
}
