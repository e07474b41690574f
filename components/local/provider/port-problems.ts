import type { Problem } from "../../../errors/problem";
import { busyPorts, holdersOf, type BusyPort, type PortHolder, type PortOfMachine } from "../ports";

/** A port and the daemon that is going to listen on it. */
export interface WantedPort extends PortOfMachine {
  readonly daemon: string;
}

/** TN4005 for each port that cannot be bound, except those whose holder is allowed. */
export async function portProblems(
  wanted: readonly WantedPort[],
  isAllowed: (holder: PortHolder) => boolean,
): Promise<Problem[]> {
  const busy = await busyPorts(wanted);
  if (busy.length === 0) return [];
  const holders = holdersOf(busy);
  return busy.flatMap((port, index) => {
    const holder = holders[index];
    if (holder !== undefined && isAllowed(holder)) return [];
    const daemons = wanted
      .filter(({ number, transport }) => number === port.number && transport === port.transport)
      .map(({ daemon }) => daemon);
    return [portProblem(port, daemons.join(", "), holder)];
  });
}

function portProblem(port: BusyPort, daemon: string, holder: PortHolder | undefined): Problem {
  const what = `port ${port.number}/${port.transport}, which ${daemon} needs,`;
  if (port.reason !== "EADDRINUSE") {
    return { code: "TN4005", message: `${what} cannot be used: ${port.reason}` };
  }
  if (holder === undefined) {
    return {
      code: "TN4005",
      message: `${what} is in use by a program that cannot be seen (of another user, or in another container)`,
    };
  }
  const command = holder.command.length > 160 ? `${holder.command.slice(0, 160)}…` : holder.command;
  return { code: "TN4005", message: `${what} is in use by process ${holder.pid}: ${command}` };
}
