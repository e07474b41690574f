import * as dns from "node:dns/promises";
import * as net from "node:net";
import { inParallel } from "../observe/parallel";
import { whyNotAsked } from "./chain";
import { checked, type ClusterCheck, type Fault, notAsked } from "./judge";
import type { NetworkTold } from "./outputs";
import type { ClusterReading } from "./reading";

type ToldEntrance = NetworkTold["seeds"][number];

const TIMEOUT_MS = 5000;

/** A kind of entrance: how its check is called, and what one that is open does. */
interface Kind {
  readonly name: string;
  readonly title: string;
  readonly words: string;
  /** Why the entrance does not answer there; undefined where it does. */
  readonly fault: (address: string, port: number) => Promise<string | undefined>;
}

const SEEDS: Kind = {
  name: "seeds",
  title: "every seed answers at its address and name",
  words: "seeds",
  fault: closedPort,
};

const SERVICES: Kind = {
  name: "public-services",
  title: "every public service answers at its address and name",
  words: "public services",
  fault: unserved,
};

/**
 * Asks for seeds and public services as a stranger would: by name, and at the port, from this machine. Never throws. Without
 * public services there is no check of them.
 */
export async function judgeEntrances(
  { seeds, publicServices, paused }: Pick<NetworkTold, "seeds" | "publicServices" | "paused">,
  readings: readonly ClusterReading[],
): Promise<ClusterCheck[]> {
  const why = whyNotAsked(
    readings.flatMap(({ pods }) => pods),
    paused,
  );
  return Promise.all([
    judge(SEEDS, seeds, why),
    ...(publicServices.length === 0 ? [] : [judge(SERVICES, publicServices, why)]),
  ]);
}

async function judge(
  kind: Kind,
  entrances: readonly ToldEntrance[],
  why: string | undefined,
): Promise<ClusterCheck> {
  const { name, title, words } = kind;
  const reserved = entrances.filter(({ address }) => address !== undefined);
  if (why !== undefined) return notAsked(name, title, why);
  if (reserved.length === 0) return notAsked(name, title, `no public address is reserved for ${words}`);
  const faults = await inParallel(reserved, (entrance) => faultsOf(kind, entrance));
  return checked(name, title, faults.flat(), `${reserved.length} ${words}`);
}

async function faultsOf(
  { fault }: Kind,
  { name, host, address = "", ports }: ToldEntrance,
): Promise<Fault[]> {
  const tcp = ports.filter(({ transports }) => transports.includes("tcp"));
  const found = await Promise.all([
    host === undefined ? undefined : wrongName(host, address),
    ...tcp.map(({ number }) => fault(address, number)),
  ]);
  return found.flatMap((text): Fault[] => (text === undefined ? [] : [{ daemon: name, text }]));
}

async function wrongName(host: string, address: string): Promise<string | undefined> {
  try {
    const found = await dns.resolve4(host);
    return found.includes(address)
      ? undefined
      : `is ${host}, which leads to ${found.join(", ")}, not ${address}`;
  } catch (error) {
    return `is ${host}, which is no name yet (${(error as NodeJS.ErrnoException).code ?? "unknown"})`;
  }
}

/** A port may take connections though nobody behind it serves. */
async function unserved(address: string, port: number): Promise<string | undefined> {
  const place = `${address}:${port}`;
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const { status } = await fetch(`http://${place}/healthz`, { signal, redirect: "error" });
    return status === 200 ? undefined : `answers ${status} at ${place}`;
  } catch (error) {
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
    return `does not answer at ${place} (${cause?.code ?? (error as Error).name})`;
  }
}

function closedPort(address: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: address, port, timeout: TIMEOUT_MS });
    const end = (text?: string) => {
      socket.destroy();
      resolve(text);
    };
    socket.once("connect", () => end());
    socket.once("timeout", () => end(`does not answer at ${address}:${port}`));
    socket.once("error", (error: NodeJS.ErrnoException) =>
      end(`does not answer at ${address}:${port} (${error.code ?? error.message})`),
    );
  });
}
