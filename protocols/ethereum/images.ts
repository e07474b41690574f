import type { Image } from "../plan";

/**
 * Images of the clients and how their programs are started in them. Users and paths of programs are those of the images'
 * build files as far as they were read (reth, Besu, Teku, Lighthouse, Nimbus, Lodestar); of the others, by their common use.
 */

/** Not root, whatever the image says; a home that hides nothing the image has there. */
const UNPRIVILEGED = { user: { uid: 1000, gid: 1000 }, home: "/home/testnet" } as const;

/** A program that needs no preparation. */
export function plainImage(reference: string, ...command: string[]): Image {
  return { reference, command, ...UNPRIVILEGED };
}

/** Lines of a shell script, of which `$1`, `$2` … are the first arguments and the rest is the program's. */
function scripted(reference: string, ...lines: string[]): Image {
  return { reference, command: ["sh", "-c", ["set -eu", ...lines].join("\n"), "sh"], ...UNPRIVILEGED };
}

/**
 * Erigon writes its genesis in a run of its own, which does no harm where that was done before.
 * Arguments: the data directory and the genesis file, both empty on a public network; then its own.
 */
export function erigonImage(reference: string): Image {
  return scripted(
    reference,
    'if [ -n "$2" ]; then erigon init --datadir="$1" "$2"; fi',
    "shift 2",
    'exec erigon "$@"',
  );
}

/**
 * Nimbus fetches the state it starts from in a run of its own, once.
 * Arguments: the data directory, the network and the address to fetch from, empty without one; then its own.
 */
export function nimbusBeaconImage(reference: string): Image {
  const program = "/home/user/nimbus_beacon_node";
  return scripted(
    reference,
    "umask 077",
    'if [ -n "$3" ] && [ ! -e "$1/db" ]; then',
    `  ${program} trustedNodeSync --data-dir="$1" --network="$2" --trusted-node-url="$3" --backfill=false`,
    "fi",
    "shift 3",
    `exec ${program} "$@"`,
  );
}

/**
 * Nimbus keeps what it has signed beside its keystores, so their directory is on the volume; the keystores in it are links
 * into memory. Arguments: directory on the volume, directory of the keystores; then its own.
 */
export function nimbusValidatorImage(reference: string): Image {
  return scripted(
    reference,
    "umask 077",
    'mkdir -p "$1"',
    'for from in "$2"/0x*; do',
    '  to="$1/${from##*/}"',
    '  mkdir -p "$to"',
    '  ln -sf "$from/keystore.json" "$to/keystore.json"',
    "done",
    "shift 2",
    'exec /home/user/nimbus_validator_client "$@"',
  );
}

/**
 * Lighthouse keeps what it has signed beside the list of its validators, so that is on the volume; the keystores it names
 * are in memory. Arguments: directory on the volume, of the keystores, of their passwords; then its own.
 */
export function lighthouseValidatorImage(reference: string): Image {
  return scripted(
    reference,
    "umask 077",
    'mkdir -p "$1"',
    'list="$1/validator_definitions.yml"',
    'echo "---" >"$list.new"',
    'for from in "$2"/0x*; do',
    "  key=${from##*/}",
    '  echo "- enabled: true" >>"$list.new"',
    '  echo "  voting_public_key: \\"$key\\"" >>"$list.new"',
    '  echo "  type: local_keystore" >>"$list.new"',
    '  echo "  voting_keystore_path: $from/voting-keystore.json" >>"$list.new"',
    '  echo "  voting_keystore_password_path: $3/$key" >>"$list.new"',
    "done",
    'mv "$list.new" "$list"',
    "shift 3",
    'exec lighthouse "$@"',
  );
}
