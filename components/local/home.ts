import * as path from "node:path";

/**
 * Where local networks live on disk: one directory, `.testnet` beside the program unless TESTNET_HOME names another.
 * Only paths are computed here; nothing is read or written.
 *
 * ```
 * backend/                     state of the Pulumi stacks
 * passphrase                   of that state, 0600
 * networks/NETWORK/
 *   network.json               port range and era (network-record.ts)
 *   run/DAEMON.json            what runs, and how it ended (process-record.ts)
 *   logs/DAEMON.log
 *   eras/ERA/
 *     shared/                  genesis files
 *     secrets/                 private keys, 0700
 *     public-keys.json         their public parts
 *     data/DAEMON/             databases
 * ```
 */
export class NetworkHome {
  readonly directory: string;

  constructor(home: string, network: string) {
    this.directory = path.join(home, "networks", network);
  }

  get networkRecord(): string {
    return path.join(this.directory, "network.json");
  }

  get runDirectory(): string {
    return path.join(this.directory, "run");
  }

  processRecord(daemon: string): string {
    return path.join(this.runDirectory, `${daemon}.json`);
  }

  get logDirectory(): string {
    return path.join(this.directory, "logs");
  }

  log(daemon: string): string {
    return path.join(this.logDirectory, `${daemon}.log`);
  }

  era(era: number): EraHome {
    return new EraHome(path.join(this.directory, "eras", String(era)));
  }
}

/** The directories of one chain of a network. */
export class EraHome {
  constructor(readonly directory: string) {}

  get shared(): string {
    return path.join(this.directory, "shared");
  }

  get secrets(): string {
    return path.join(this.directory, "secrets");
  }

  secret(name: string): string {
    return path.join(this.secrets, name);
  }

  get publicKeys(): string {
    return path.join(this.directory, "public-keys.json");
  }

  get genesisRecord(): string {
    return path.join(this.directory, "genesis.json");
  }

  data(daemon: string): string {
    return path.join(this.directory, "data", daemon);
  }
}

/** Directory of all networks of a home. */
export function networksDirectory(home: string): string {
  return path.join(home, "networks");
}

/** Directory of the Pulumi state that local stacks use unless the user has logged in elsewhere. */
export function backendDirectory(home: string): string {
  return path.join(home, "backend");
}

/** File of the passphrase that encrypts that state. */
export function passphraseFile(home: string): string {
  return path.join(home, "passphrase");
}
