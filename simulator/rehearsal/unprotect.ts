const ENVIRONMENT = "testnet:environment";

/**
 * The configuration of a stack with its guards off (`protect: false`), as a person sets it before removing a protected
 * environment.
 */
export function withoutProtection(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const environment = config[ENVIRONMENT];
  if (typeof environment !== "object" || environment === null) return { ...config };
  return { ...config, [ENVIRONMENT]: { ...environment, protect: false } };
}
