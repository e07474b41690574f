/**
 * What the clouds offer, as far as we use it: so that a misspelt region or machine is found before anything is created.
 * Checked by hand on the date of the price table (stacks/cost/prices.ts). Pure data.
 */
export interface CloudCatalog {
  readonly regions: Readonly<Record<string, RegionFacts>>;
  readonly machines: Readonly<Record<string, MachineFacts>>;
  readonly credentials: Credentials;
}

/** How one logs in to a cloud. */
export interface Credentials {
  /** Any one of these is enough; within one, everything is needed. */
  readonly sources: readonly CredentialSource[];
  /** The command that logs a person in. */
  readonly login: string;
  /** The variables that CI sets. */
  readonly variables: string;
}

export interface CredentialSource {
  /** Variables that must all be set. */
  readonly variables?: readonly string[];
  /** Variable whose file must be there. */
  readonly fileIn?: string;
  /** File that must be there; `~` is the home directory. */
  readonly file?: string;
}

export interface RegionFacts {
  /** How many zones a cluster takes unless told otherwise. */
  readonly zoneCount: number;
  /** Their names, where these mean the same to every account. */
  readonly zones: readonly string[] | undefined;
}

export interface MachineFacts {
  readonly cpus: number;
  readonly memoryGiB: number;
  readonly architecture: "x86_64" | "arm64";
  /** Extensions of the processor that clients ask for. */
  readonly features: readonly ProcessorFeature[];
}

export type ProcessorFeature = "avx" | "avx2" | "bmi2";
