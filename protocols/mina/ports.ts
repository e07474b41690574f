/** Ports besides that of peers. Each pod has its own address, so they are the same in all. */
export const PORTS = {
  client: 8301,
  graphql: 3085,
  metrics: 8081,
  itnGraphql: 3086,
  archive: 3086,
  archiveMetrics: 10_002,
  database: 5432,
} as const;
