/** Names of keys and files of a Mina network: those who ask for a key and those who refer to it must agree. */

export const libp2pKey = (daemon: string) => `${daemon}-libp2p`;
export const walletKey = (daemon: string) => `${daemon}-wallet`;
export const uptimeKey = (daemon: string) => `${daemon}-uptime`;

/** Whom the fees of a SNARK pool go to. */
export const feesKey = (pool: string) => `${pool}-fees`;

/** An account of a class of the ledger, counted from 0. */
export const accountKey = (accounts: string, index: number) => `${accounts}-${index + 1}-account`;

/** Signs requests to the ITN GraphQL of all daemons that have it. */
export const ITN_KEY = "itn";

/** The files of a key pair that is kept under a password. */
export const keyFile = (key: string) => `${key}/key`;
export const passwordFile = (key: string) => `${key}/password`;

/** The runtime configuration, among the shared files. */
export const RUNTIME_CONFIGURATION = "daemon.json";
