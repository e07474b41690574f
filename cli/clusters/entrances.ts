import * as dns from "node:dns/promises";
import * as net from "node:net";
import { inParallel } from "../observe/parallel";
import { whyNotAsked } from "./chain";
import { checked, type ClusterCheck, type Fault, notAsked } from "./judge";
import type { NetworkTold } from "./outputs";
import type { ClusterReading } from "./reading";

type ToldSeed = NetworkTold["seeds"][number];

const NAME = "seeds";
const TITLE = "every seed answers at its address and name";
const TIMEOUT_MS = 5000;

/** Asks for the seeds as a stranger would: by name, and at the port, from this machine. Never throws. */
export async function judgeSeeds(
  { seeds, paused }: Pick<NetworkTold, "seeds" | "paused">,
  readings: readonly ClusterReading[],
): Promise<ClusterCheck> {
  const reserved = seeds.filter(({ address }) => address !== undefined);
  const why = whyNotAsked(
    readings.flatMap(({ pods }) => pods),
    paused,
  );
  if (why !== undefined) return notAsked(NAME, TITLE, why);
  if (reserved.length === 0) return notAsked(NAME, TITLE, "no seed has a public address");
  const faults = await inParallel(reserved, seedFaults);
  return checked(NAME, TITLE, faults.flat(), `${reserved.length} seeds`);
}

async function seedFaults({ name, host, address = "", ports }: ToldSeed): Promise<Fault[]> {
  const tcp = ports.filter(({ transports }) => transports.includes("tcp"));
  const [named, ...closed] = await Promise.all([
    host === undefined ? undefined : wrongName(host, address),
    ...tcp.map(({ number }) => closedPort(address, number)),
  ]);
  return [named, ...closed].flatMap((text): Fault[] => (text === undefined ? [] : [{ daemon: name, text }]));
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
