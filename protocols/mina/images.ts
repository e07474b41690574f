import type { Image } from "../plan";
import { releaseOf } from "./releases";
import type { MinaNetwork } from "./settings";

/** Environment variable that tells the start command where the daemon's directory is. */
export const CONFIGURATION_VARIABLE = "TESTNET_CONFIGURATION";

/** Where images keep the configuration of the public network they were made for. */
const PACKAGED_CONFIGURATION = "/var/lib/coda/config_*.json";

/**
 * What runs before a daemon; its arguments follow.
 *
 * A packaged configuration is always read first, and no later file can take its `proof.fork` and `epoch_data` away: a daemon
 * would draw its slots from the ledger of a public network.
 *
 * A lock that a killed daemon left behind names a process by a number that in a fresh container may be the daemon's own. The
 * image's entry point, which is not used here, removes it too. What keeps two daemons apart is the pod's Lease (T5).
 */
const START_DAEMON = [
  "/bin/sh",
  "-c",
  `rm -f ${PACKAGED_CONFIGURATION} "$${CONFIGURATION_VARIABLE}/.mina-lock"; exec mina "$@"`,
  "mina",
] as const;

/** The same for an outsider's container, which is new at each start. */
export const START_JOINED = ["-c", `rm -f ${PACKAGED_CONFIGURATION}; exec mina "$@"`, "mina"] as const;

/** Environment variable that names the database to the archive's start command. */
export const DATABASE_VARIABLE = "TESTNET_DATABASE";

/**
 * What runs before an archive program: it waits for the database, and gives an empty one the schema of its own version, all
 * or nothing.
 */
const START_ARCHIVE = [
  "/bin/sh",
  "-c",
  [
    "set -e",
    `database="$${DATABASE_VARIABLE}"`,
    'until pg_isready --quiet --dbname "$database"; do sleep 1; done',
    'known=$(psql --no-psqlrc --tuples-only --no-align --dbname "$database" --command "SELECT to_regclass(\'public.blocks\')")',
    'if [ -z "$known" ]; then psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --single-transaction --dbname "$database" --file /etc/mina/archive/create_schema.sql; fi',
    'exec mina-archive "$@"',
  ].join("\n"),
  "mina-archive",
] as const;

/** Postgres as its publisher makes it; 999 is its user `postgres`. */
const POSTGRES_IMAGE = "docker.io/library/postgres:17.6-bookworm";
const POSTGRES_USER = { uid: 999, gid: 999 } as const;

/** Mina's images run as root: their programs and home belong to it. */
const ROOT = { user: undefined, home: "/root" } as const;

/** Image of a daemon, given the one its group names. */
export function daemonImage(settings: MinaNetwork, own: string | undefined): Image {
  return { reference: daemonReference(settings, own), command: START_DAEMON, ...ROOT };
}

/** Image of a worker: nothing to clear away, as it reads no configuration and holds no lock. */
export function workerImage(settings: MinaNetwork, own: string | undefined): Image {
  return { reference: daemonReference(settings, own), command: ["mina"], ...ROOT };
}

export function archiveImage(settings: MinaNetwork): Image {
  const reference = settings.images.archive ?? releaseOf(settings.version).images.archive;
  return { reference, command: START_ARCHIVE, ...ROOT };
}

export function postgresImage(settings: MinaNetwork): Image {
  return {
    reference: settings.images.postgres ?? POSTGRES_IMAGE,
    command: ["docker-entrypoint.sh"],
    user: POSTGRES_USER,
    home: "/var/lib/postgresql",
  };
}

export function daemonReference(settings: MinaNetwork, own?: string): string {
  return own ?? settings.images.daemon ?? releaseOf(settings.version).images.daemon;
}
