/** Every rule of the pack. Settings name them, and docs/policies.md has a section for each. */
export const RULE_NAMES = [
  "only-peer-ports-open",
  "open-ports-are-listened-on",
  "api-servers-restricted",
  "no-wildcard-rights",
  "stored-encrypted",
  "expiry-tagged",
  "no-published-keys",
  "images-by-digest",
] as const;

export type RuleName = (typeof RULE_NAMES)[number];
