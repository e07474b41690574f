import { TestnetError } from "../../errors/problem";

/** Where the private files of one network are kept: one secret for each pod, by the pod's name. */
export interface KeyStore {
  /** Where it is, for people, e.g. `Secrets Manager in us-east-1`. Two stores of one place are one. */
  readonly place: string;
  has(name: string): Promise<boolean>;
  /** Names of all secrets of the network here, in order. */
  list(): Promise<string[]>;
  /** The newest value; undefined where there is none. */
  read(name: string): Promise<string | undefined>;
  /** Makes a secret. @throws TestnetError TN2013 where there is one that has a value */
  put(name: string, value: string): Promise<void>;
  /** A new version of a secret that exists. */
  replace(name: string, value: string): Promise<void>;
  /** Removes a secret for good; none is no error. */
  delete(name: string): Promise<void>;
}

/** Whose secrets a store is asked for. */
export interface StoreOwner {
  /** The network's name. */
  readonly network: string;
  /** The stack's name. */
  readonly stack: string;
}

export function alreadyExists(place: string, name: string): TestnetError {
  return new TestnetError({ code: "TN2013", at: name, message: `this secret is there already in ${place}` });
}

/** What a cloud said no to. `right` is what the caller's identity may lack. */
export interface Refusal {
  readonly place: string;
  readonly name: string;
  /** e.g. `write this secret`. */
  readonly action: string;
  /** The cloud's own words. They never hold a value: none is ever in an error of theirs. */
  readonly words: string;
  /** e.g. `secretsmanager:CreateSecret`; undefined where it is not a matter of rights. */
  readonly right?: string;
}

export function refused({ place, name, action, words, right }: Refusal): TestnetError {
  return new TestnetError({
    code: "TN2014",
    at: name,
    message: `${place} did not ${action}: ${words.replace(/\s+/g, " ").replace(/\.$/, "")}`,
    ...(right !== undefined && { remedy: `Get the right ${right} on it, then run the command again.` }),
  });
}
