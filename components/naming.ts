import { createHash } from "node:crypto";

/**
 * Names as the clouds want them, from one table. A name is its parts joined by hyphens; where that is too long or holds
 * what is not allowed, it is shortened and ends in a hash of the whole, so that two names never become one. Names depend on
 * nothing but their parts: not on time, not on chance.
 */
interface NameRule {
  readonly max: number;
  /** What may not stand in the name. Everything is lower-case. */
  readonly forbidden: RegExp;
}

const LABEL = /[^a-z0-9-]/g;

const RULES = {
  // AWS
  eksCluster: { max: 100, forbidden: LABEL },
  eksNodeGroup: { max: 63, forbidden: LABEL },
  launchTemplate: { max: 128, forbidden: LABEL },
  iamRole: { max: 64, forbidden: LABEL },
  securityGroup: { max: 255, forbidden: LABEL },
  /** Of load balancers and of target groups. */
  loadBalancer: { max: 32, forbidden: LABEL },
  kmsAlias: { max: 250, forbidden: LABEL },
  s3Bucket: { max: 63, forbidden: LABEL },
  awsSecret: { max: 512, forbidden: LABEL },
  // GCP
  gcpNetwork: { max: 63, forbidden: LABEL },
  gcpFirewall: { max: 63, forbidden: LABEL },
  gcpAddress: { max: 63, forbidden: LABEL },
  /** A network tag of instances. */
  gcpTag: { max: 63, forbidden: LABEL },
  gkeCluster: { max: 40, forbidden: LABEL },
  gkeNodePool: { max: 40, forbidden: LABEL },
  serviceAccount: { max: 30, forbidden: LABEL },
  artifactRepository: { max: 63, forbidden: LABEL },
  managedZone: { max: 63, forbidden: LABEL },
  gcsBucket: { max: 63, forbidden: LABEL },
  gcpSecret: { max: 255, forbidden: LABEL },
  // Kubernetes
  namespace: { max: 63, forbidden: LABEL },
  helmRelease: { max: 53, forbidden: LABEL },
} as const satisfies Record<string, NameRule>;

/** A kind of thing that has a name in a cloud or in Kubernetes. */
export type NameKind = keyof typeof RULES;

const HASH_LENGTH = 8;

/** The name of a thing of that kind, e.g. `physicalName("iamRole", "prod", "use1", "nodes")` → `prod-use1-nodes`. */
export function physicalName(kind: NameKind, ...parts: readonly string[]): string {
  const { max, forbidden } = RULES[kind];
  const wanted = parts.join("-");
  const allowed = wanted.toLowerCase().replace(forbidden, "-");
  if (allowed === wanted && allowed.length <= max) return allowed;
  return `${allowed.slice(0, max - HASH_LENGTH - 1).replace(/-+$/, "")}-${shortHash(wanted)}`;
}

/** The longest name of a kind. */
export function longestName(kind: NameKind): number {
  return RULES[kind].max;
}

/** Eight hex digits that tell texts apart. */
export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, HASH_LENGTH);
}
