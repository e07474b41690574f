import * as fs from "node:fs";
import * as path from "node:path";
import type { PlannedFile } from "../../../protocols/plan";
import { resolve, type Reference } from "../../../protocols/references";
import { NetworkHome, type EraHome } from "../home";
import { readJson, unusable } from "../json-file";

/** Where the files of a network are, and what references in a plan stand for there. */

/** The home of a network. Its name becomes part of paths that are removed recursively: it is looked at twice. */
export function networkHome(home: string, network: string): NetworkHome {
  return new NetworkHome(home, fileName(network));
}

/** The name, when it names a file in its directory and nothing else. */
export function fileName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return name;
  throw new Error(`${JSON.stringify(name)} is not a name that can stand in a path`);
}

/** Makes directories for their owner only. */
export function makeDirectories(...directories: readonly string[]): void {
  for (const directory of directories) {
    try {
      fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw unusable(directory, error);
    }
  }
}

/** The file of that relative path in a directory, and nowhere else. */
export function fileWithin(directory: string, relative: string): string {
  const file = path.join(directory, relative);
  if (file.startsWith(directory + path.sep)) return file;
  throw new Error(`${JSON.stringify(relative)} lies outside of ${directory}`);
}

/** Writes a file of a plan for its owner only, with the directories it lies in. */
export function writePlanned(directory: string, { path: relative, content }: PlannedFile): void {
  const file = fileWithin(directory, relative);
  makeDirectories(path.dirname(file));
  try {
    fs.writeFileSync(file, content, { mode: 0o600 });
  } catch (error) {
    throw unusable(file, error);
  }
}

/** Removes a file or a whole directory, if it is there. */
export function remove(where: string): void {
  try {
    fs.rmSync(where, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    throw unusable(where, error);
  }
}

/** `genesis.json` of an era: that its genesis is complete, and from what it was made. */
export interface GenesisRecord {
  /** Unix seconds of the first slot. */
  readonly genesisTime: number;
  /** SHA-256 of the inputs. */
  readonly inputs: string;
  /** SHA-256 of each file, by path relative to the shared directory. */
  readonly files: Readonly<Record<string, string>>;
}

export function readGenesisRecord(era: EraHome): GenesisRecord | undefined {
  return readJson<GenesisRecord>(era.genesisRecord);
}

/** Public parts of an era's keys by the reference that stands for them, e.g. `enode geth-1` or `deposits`. */
export function readPublicKeys(era: EraHome): Record<string, string> | undefined {
  return readJson<Record<string, string>>(era.publicKeys);
}

export interface Scope {
  readonly era: EraHome;
  /** Name of the daemon whose data directory is meant by `{{data}}`. */
  readonly daemon?: string;
  /** Where genesis is only being made. */
  readonly genesisTime?: number;
}

/** Replaces the references of texts by what they stand for on this machine. */
export function referenceResolver(scope: Scope): (text: string) => string {
  const { era } = scope;
  let publicKeys: Record<string, string> | undefined;
  const publicPart = (name: string): string => {
    publicKeys ??= readPublicKeys(era) ?? {};
    const value = publicKeys[name];
    if (value === undefined) throw new Error(`{{${name}}} names a key that was not made in this era`);
    return value;
  };
  const lookup = (reference: Reference): string => {
    switch (reference.kind) {
      case "data":
        if (scope.daemon === undefined) throw new Error("{{data}} stands where there is no daemon");
        return era.data(fileName(scope.daemon));
      case "shared":
        return era.shared;
      case "genesis-time": {
        const time = scope.genesisTime ?? readGenesisRecord(era)?.genesisTime;
        if (time === undefined) throw new Error("{{genesis-time}} is used before genesis was made");
        return String(time);
      }
      case "secret":
        return secretFile(era, reference.name);
      case "deposits":
        return publicPart(reference.kind);
      case "genesis-iso":
      case "external-ip":
      case "secret-value":
      case "seed-ip":
        throw new Error(`{{${reference.kind}}} has no meaning on this machine`);
      default:
        return publicPart(`${reference.kind} ${reference.name}`);
    }
  };
  return (text) => resolve(text, lookup);
}

function secretFile(era: EraHome, name: string): string {
  const file = era.secret(name);
  if (!file.startsWith(era.secrets + path.sep) || !fs.existsSync(file)) {
    throw new Error(`{{secret ${name}}} names a secret that was not made in this era`);
  }
  return file;
}
