/** What a stack may be, as far as it decides which rights it takes to deploy it. */
export type DeployedKind = "environment" | "network";

/**
 * Rights of one cloud. By the Pulumi type of a resource, what it takes to make, read, change and remove one. Gathered by hand from the
 * calls that the providers make; each name was compared with the clouds' lists of August 2026, none was tried on a real account.
 */
export interface CloudRights {
  readonly byType: Readonly<Record<string, readonly string[]>>;
  /** What the program asks the cloud for besides its resources. */
  readonly lookUps: Readonly<Record<DeployedKind, readonly string[]>>;
  /** The types that a stack of a kind is made of. */
  readonly types: Readonly<Record<DeployedKind, readonly string[]>>;
}

/** All rights that a stack of a kind takes, sorted, each once. */
export function rightsFor({ byType, lookUps, types }: CloudRights, kind: DeployedKind): string[] {
  const ofTypes = types[kind].flatMap((type) => byType[type] ?? []);
  return [...new Set([...ofTypes, ...lookUps[kind]])].sort();
}
