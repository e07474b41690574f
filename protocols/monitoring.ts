/** How a network is watched: plain data, made by its protocol, rendered by every target that has a Prometheus. */

/** An alerting rule of Prometheus. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: "critical" | "warning" };
  readonly annotations: {
    readonly summary: string;
    readonly description: string;
    /** Where in this repository it says what to do. */
    readonly runbook: string;
  };
}

/** A panel of a dashboard: one query over time. */
export interface Graph {
  readonly title: string;
  /** Unit as Grafana calls it, e.g. `short`, `bytes`, `s`. */
  readonly unit: string;
  readonly expr: string;
  /** Name of each line, with Grafana's `{{label}}`. */
  readonly legend: string;
}

export interface DashboardPlan {
  /** Unique in a Grafana: holds the network's name. */
  readonly uid: string;
  readonly title: string;
  readonly graphs: readonly Graph[];
}

/**
 * Alerts and dashboards of a network. Every series of a daemon has the labels `network`, `cluster`, `pool`, `role` and `daemon`,
 * and so does every line of its log.
 */
export interface NetworkMonitoring {
  readonly rules: readonly AlertRule[];
  readonly dashboards: readonly DashboardPlan[];
}
