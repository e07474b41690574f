import * as fs from "node:fs";
import { TestnetError } from "../../errors/problem";
import { NetworkHome, networksDirectory } from "./home";
import { isCode, readJson, unusable, writeJson } from "./json-file";
import type { NetworkRecord, PortRange } from "./network-record";

/**
 * Records of the networks of a home, and the allocator of their ports. A network's range is reserved by its record: it
 * is kept until the network's home is removed, so that a network that is down comes up on its old ports.
 */

/** Ports are given out in blocks, so that a network may grow without moving. */
export const PORT_BLOCK = 500;

/** Where networks are put: below the range from which Linux (32768) and macOS (49152) take ports of outgoing connections. */
export const PORT_POOL: PortRange = { from: 20_000, to: 29_999 };

const HIGHEST_PORT = 65_535;

/** What another network, or this one, holds. */
export interface PortReservation {
  readonly network: string;
  readonly ports: PortRange;
}

/** The record of a network; undefined when the network has no home. */
export function readNetworkRecord(home: string, network: string): NetworkRecord | undefined {
  return readJson<NetworkRecord>(new NetworkHome(home, network).networkRecord);
}

/** Replaces the record as a whole. */
export function writeNetworkRecord(home: string, network: string, record: NetworkRecord): void {
  writeJson(new NetworkHome(home, network).networkRecord, record);
}

/** Names of all networks that have a home, sorted. */
export function listNetworks(home: string): string[] {
  const directory = networksDirectory(home);
  try {
    const entries = fs.readdirSync(directory, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if (isCode(error, "ENOENT")) return [];
    throw unusable(directory, error);
  }
}

/** Ranges held by the networks of a home. */
export function portReservations(home: string): PortReservation[] {
  return listNetworks(home).flatMap((network) => {
    const record = readNetworkRecord(home, network);
    return record === undefined ? [] : [{ network, ports: record.ports }];
  });
}

/**
 * Ports for a network that needs `size` of them: its reservation where it has one (grown at its end where it has become
 * too small and there is room), else the lowest free blocks. Nothing is written: the range is reserved when the network's
 * home is made, which refuses a range that another network has taken meanwhile.
 */
export function allocatePorts(home: string, network: string, size: number): PortRange {
  return choosePorts(portReservations(home), network, size);
}

/** As {@link allocatePorts}, from reservations alone. */
export function choosePorts(
  reservations: readonly PortReservation[],
  network: string,
  size: number,
): PortRange {
  const others = reservations.filter((reservation) => reservation.network !== network);
  const isFree = (range: PortRange) => !others.some(({ ports }) => overlap(ports, range));
  const length = Math.max(1, Math.ceil(size / PORT_BLOCK)) * PORT_BLOCK;

  const own = reservations.find((reservation) => reservation.network === network)?.ports;
  if (own !== undefined) {
    if (own.to - own.from + 1 >= size) return own;
    const grown = { from: own.from, to: own.from + length - 1 };
    if (grown.to <= HIGHEST_PORT && isFree(grown)) return grown;
  }
  for (let from = PORT_POOL.from; from + length - 1 <= PORT_POOL.to; from += PORT_BLOCK) {
    const range = { from, to: from + length - 1 };
    if (isFree(range)) return range;
  }
  throw noRoom(others, network, size);
}

/** Whether two ranges share a port. */
export function overlap(left: PortRange, right: PortRange): boolean {
  return left.from <= right.to && right.from <= left.to;
}

function noRoom(others: readonly PortReservation[], network: string, size: number): TestnetError {
  const held = others.map((other) => `${other.network} (${other.ports.from}-${other.ports.to})`).join(", ");
  return new TestnetError({
    code: "TN1010",
    message:
      `network ${network} needs ${size} ports in a row, and ${PORT_POOL.from} to ${PORT_POOL.to} has no room` +
      (held === "" ? "" : `: held by ${held}`),
    remedy:
      others.length === 0
        ? "Make the network smaller, or set its `ports.from`."
        : "Remove a network that is not needed (`testnet down NETWORK`), or set `ports.from` of this one.",
  });
}
