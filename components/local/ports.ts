import { createSocket } from "node:dgram";
import * as fs from "node:fs";
import { createServer, connect } from "node:net";
import { execFileSync } from "node:child_process";
import type { Transport } from "../../protocols/plan";
import { commandOf } from "./processes";

/** Ports of 127.0.0.1: whether they are free, and who holds those that are not. */

const LOOPBACK = "127.0.0.1";

/** How many sockets are opened at once while many ports are tried. */
const AT_ONCE = 64;

export interface PortOfMachine {
  readonly number: number;
  readonly transport: Transport;
}

/** A port that cannot be bound, and why. */
export interface BusyPort extends PortOfMachine {
  /** Code of the operating system, e.g. `EADDRINUSE`. */
  readonly reason: string;
}

export interface PortHolder {
  readonly pid: number;
  /** Its command line. */
  readonly command: string;
}

/** Those of the ports that a program could not listen on now. Every port is really bound for a moment. */
export async function busyPorts(ports: readonly PortOfMachine[]): Promise<BusyPort[]> {
  const busy: BusyPort[] = [];
  for (let start = 0; start < ports.length; start += AT_ONCE) {
    const tried = ports.slice(start, start + AT_ONCE).map(async (port) => {
      const reason = await (port.transport === "tcp" ? tryTcp(port.number) : tryUdp(port.number));
      return reason === undefined ? [] : [{ ...port, reason }];
    });
    busy.push(...(await Promise.all(tried)).flat());
  }
  return busy;
}

/**
 * The process that holds a port of this machine; undefined when none does, or when it belongs to another user whose
 * files may not be looked at.
 */
export function holderOf(port: number, transport: Transport): PortHolder | undefined {
  return holdersOf([{ number: port, transport }])[0];
}

/** The holders of several ports, in their order, for the price of one look at the machine. */
export function holdersOf(ports: readonly PortOfMachine[]): (PortHolder | undefined)[] {
  const find = process.platform === "linux" ? finderOnLinux() : findWithLsof;
  return ports.map((port) => {
    const pid = find(port);
    return pid === undefined ? undefined : { pid, command: commandOf(pid) ?? "unknown" };
  });
}

async function tryTcp(port: number): Promise<string | undefined> {
  const failure = await new Promise<string | undefined>((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
  if (failure !== undefined || process.platform === "linux") return failure;
  // Other systems let 127.0.0.1 be bound beside a program that listens on all addresses.
  return (await accepts(port)) ? "EADDRINUSE" : undefined;
}

function tryUdp(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.once("error", (error: NodeJS.ErrnoException) => {
      socket.close();
      resolve(error.code ?? error.message);
    });
    socket.bind({ address: LOOPBACK, port, exclusive: true }, () => socket.close(() => resolve(undefined)));
  });
}

/** Whether somebody accepts a connection on the port. */
export function accepts(port: number, timeoutMs = 1000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: LOOPBACK, port, timeout: timeoutMs });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => finish(true));
    socket.once("timeout", () => finish(false));
    socket.once("error", () => finish(false));
  });
}

/** Finds by the socket's inode: /proc/net names it for each port, /proc/PID/fd for each process. */
function finderOnLinux(): (port: PortOfMachine) => number | undefined {
  const inodes = {
    tcp: [...socketInodes("tcp"), ...socketInodes("tcp6")],
    udp: [...socketInodes("udp"), ...socketInodes("udp6")],
  };
  let owners: Map<string, number> | undefined;
  return ({ number, transport }) => {
    owners ??= socketOwners();
    for (const socket of inodes[transport]) {
      const owner = socket.port === number ? owners.get(socket.inode) : undefined;
      if (owner !== undefined) return owner;
    }
    return undefined;
  };
}

interface Socket {
  readonly port: number;
  readonly inode: string;
}

/** Sockets of one table of the kernel, listening ones first: an outgoing connection may have a port, too. */
function socketInodes(table: string): Socket[] {
  const LISTENING = "0A";
  let text: string;
  try {
    text = fs.readFileSync(`/proc/net/${table}`, "utf8");
  } catch {
    return []; // a machine without IPv6 has no table of it
  }
  const rows = text
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
  const sockets = rows.flatMap((row) => {
    const port = row[1]?.split(":")[1];
    const inode = row[9];
    if (port === undefined || inode === undefined || inode === "0") return [];
    return [{ port: Number.parseInt(port, 16), inode, listens: row[3] === LISTENING }];
  });
  return sockets.sort((left, right) => Number(right.listens) - Number(left.listens));
}

/** Which process holds which socket, as far as this user may see. */
function socketOwners(): Map<string, number> {
  const owners = new Map<string, number>();
  for (const pid of fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    for (const link of linksOf(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
      if (inode !== undefined) owners.set(inode, Number(pid));
    }
  }
  return owners;
}

function linksOf(directory: string): string[] {
  try {
    return fs.readdirSync(directory).flatMap((name) => {
      try {
        return [fs.readlinkSync(`${directory}/${name}`)];
      } catch {
        return []; // closed since it was listed
      }
    });
  } catch {
    return []; // the process ended, or belongs to another user
  }
}

function findWithLsof({ number, transport }: PortOfMachine): number | undefined {
  const only = transport === "tcp" ? ["-sTCP:LISTEN"] : [];
  try {
    const args = ["-nP", "-t", `-i${transport.toUpperCase()}:${number}`, ...only];
    const output = execFileSync("lsof", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    const pid = Number.parseInt(output, 10);
    return Number.isNaN(pid) ? undefined : pid;
  } catch {
    return undefined; // lsof missing, or nothing found
  }
}
