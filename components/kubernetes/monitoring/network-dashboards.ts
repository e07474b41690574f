/** What Grafana's sidecar and those who give it dashboards of networks agree on. */

/** Label by which the sidecar finds ConfigMaps of dashboards. */
export const DASHBOARD_LABEL = { grafana_dashboard: "1" } as const;

/** Annotation that names the folder. */
export const FOLDER_ANNOTATION = "grafana_folder";
