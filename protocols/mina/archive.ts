import { type Argument, renderArguments } from "../arguments";
import type { Daemon, Image, Resources, Workload } from "../plan";
import { ref } from "../references";
import { archiveImage, DATABASE_VARIABLE, postgresImage } from "./images";
import { RUNTIME_CONFIGURATION } from "./names";
import { PORTS } from "./ports";
import { releaseOf } from "./releases";
import type { MinaNetwork } from "./settings";
import type { MinaPeer } from "./topology";
import { DEFAULT_RESOURCES, peerWorkload, resourcesOf } from "./workload";

/**
 * Postgres listens on the pod's own loopback only and asks for no password: who is in the pod could read one anyway, and
 * there is none to leak.
 */
const DATABASE = { user: "mina", name: "archive" } as const;
const DATABASE_URI = `postgres://${DATABASE.user}@127.0.0.1:${PORTS.database}/${DATABASE.name}`;

const START_SECONDS = 600;

/** How long Postgres may take to write what it has in memory. */
const DATABASE_GRACE_SECONDS = 60;

const ARCHIVE_GRACE_SECONDS = 30;

/** What stands beside an archive's daemon in its pod: the program that writes blocks down, and the database. */
export function archiveCompanions(peer: MinaPeer, settings: MinaNetwork): Daemon[] {
  const database = databaseDaemon(peer, settings);
  return [archiveDaemon(peer, settings, database.name), database];
}

function archiveDaemon(peer: MinaPeer, settings: MinaNetwork, database: string): Daemon {
  const { archive } = releaseOf(settings.version);
  const args: Argument[] = [
    ["postgres-uri", DATABASE_URI],
    ["server-port", PORTS.archive],
    ["metrics-port", PORTS.archiveMetrics],
    // From it the archive knows the genesis block, which no daemon sends.
    ["config-file", `${ref.shared}/${RUNTIME_CONFIGURATION}`],
    ["log-json"],
    ["log-level", peer.settings.logLevel],
  ];
  return {
    ...companion(peer, "archive"),
    role: "archive-program",
    client: "mina",
    version: settings.version,
    program: "mina-archive",
    args: ["run", ...renderArguments(archive, args, "separate")],
    env: { [DATABASE_VARIABLE]: DATABASE_URI },
    ports: [
      { name: "archive", number: PORTS.archive, transports: ["tcp"], exposure: "pod" },
      { name: "metrics", number: PORTS.archiveMetrics, transports: ["tcp"], exposure: "network" },
    ],
    // Not the archive's own port: it writes down each connection that says nothing as an error.
    readiness: { kind: "tcp", port: "metrics", timeoutSeconds: START_SECONDS },
    stop: { graceSeconds: ARCHIVE_GRACE_SECONDS },
    after: [database],
    workload: companionWorkload(peer, settings, {
      image: archiveImage(settings),
      resources: DEFAULT_RESOURCES.archive,
      storageGiB: 0,
      metricsPath: "/metrics",
    }),
  };
}

function databaseDaemon(peer: MinaPeer, settings: MinaNetwork): Daemon {
  const { database } = settings.archives;
  const image = postgresImage(settings);
  return {
    ...companion(peer, "postgres"),
    role: "archive-database",
    client: "postgres",
    version: /:([^:@/]+)(?:@|$)/.exec(image.reference)?.[1] ?? "unknown",
    program: "postgres",
    args: [
      "postgres",
      "-c",
      "listen_addresses=127.0.0.1",
      "-c",
      `port=${PORTS.database}`,
      // Mina's archive is written for it.
      "-c",
      "default_transaction_isolation=serializable",
    ],
    env: {
      PGDATA: `${ref.data}/postgres`,
      POSTGRES_USER: DATABASE.user,
      POSTGRES_DB: DATABASE.name,
      POSTGRES_HOST_AUTH_METHOD: "trust",
    },
    ports: [{ name: "postgres", number: PORTS.database, transports: ["tcp"], exposure: "pod" }],
    readiness: { kind: "tcp", port: "postgres", timeoutSeconds: START_SECONDS },
    stop: { graceSeconds: DATABASE_GRACE_SECONDS },
    after: [],
    workload: companionWorkload(peer, settings, {
      image,
      resources: resourcesOf(database.resources, DEFAULT_RESOURCES.database),
      storageGiB: database.storageGiB,
      metricsPath: undefined,
    }),
  };
}

function companion(peer: MinaPeer, suffix: string) {
  return {
    name: `${peer.name}-${suffix}`,
    node: peer.name,
    files: [],
    afterCrash: "keep",
    restartsWith: [],
  } as const;
}

/** As the daemon's, in whose pod it is, with what is its own. */
function companionWorkload(
  peer: MinaPeer,
  settings: MinaNetwork,
  own: { image: Image; resources: Resources; storageGiB: number; metricsPath: string | undefined },
): Workload {
  return { ...peerWorkload(peer, settings, own.image, []), advertises: "none", ...own };
}
