import { TestnetError } from "../../../errors/problem";
import type { NetworkHome } from "../home";
import { overlap, portReservations, readNetworkRecord, writeNetworkRecord } from "../network-records";
import type { PortHolder } from "../ports";
import type { HomeArgs } from "../resources";
import type { ResourceHandler } from "./handler";
import { livingProcesses, refuseWhileRunning } from "./living";
import { makeDirectories, networkHome, remove } from "./places";
import { portProblems } from "./port-problems";
import { stopInterruptedStarts } from "./stop-daemon";

interface HomeOutputs {
  readonly directory: string;
}

/** Directories and reserved ports of a network; see HomeResource. */
export function homeHandler(): ResourceHandler<HomeArgs, HomeOutputs> {
  return {
    computed: { directory: "stable" },
    replacedBy: ["network"],

    async create(inputs, { home }) {
      return { id: inputs.network, outputs: await establish(inputs, home) };
    },

    read(inputs, { home }) {
      const exists = readNetworkRecord(home, inputs.network) !== undefined;
      return exists ? { directory: networkHome(home, inputs.network).directory } : undefined;
    },

    update({ inputs }, { home }) {
      return establish(inputs, home);
    },

    async delete(inputs, operation) {
      const network = networkHome(operation.home, inputs.network);
      await stopInterruptedStarts(network, operation);
      refuseWhileRunning(network, inputs.network);
      remove(network.directory);
    },
  };
}

/** Nothing is written before every port is known to be free. */
async function establish(inputs: HomeArgs, home: string): Promise<HomeOutputs> {
  const network = networkHome(home, inputs.network);
  await refuseBusyPorts(network, inputs.listening);
  makeDirectories(network.directory, network.runDirectory, network.logDirectory);
  reserve(inputs, home);
  return { directory: network.directory };
}

/**
 * Writes the record and looks at the others' only then: of two networks that take a range at the same moment at least
 * one sees the other.
 */
function reserve(inputs: HomeArgs, home: string): void {
  const before = readNetworkRecord(home, inputs.network);
  writeNetworkRecord(home, inputs.network, { ports: inputs.ports, era: inputs.era });
  const taken = portReservations(home).find(
    (other) => other.network !== inputs.network && overlap(other.ports, inputs.ports),
  );
  if (taken === undefined) return;
  if (before === undefined) remove(networkHome(home, inputs.network).networkRecord);
  else writeNetworkRecord(home, inputs.network, before);
  throw new TestnetError({
    code: "TN1010",
    at: "testnet:network.ports",
    message: `ports ${inputs.ports.from} to ${inputs.ports.to} of ${inputs.network} are in part those of network ${taken.network}`,
    given: inputs.ports,
    allowed: `ports outside ${taken.ports.from} to ${taken.ports.to}`,
    remedy: `Run the command again to get other ports, set \`ports.from\`, or remove ${taken.network} with \`testnet down ${taken.network}\`.`,
  });
}

/** Every port that somebody else holds, with the daemon that wants it. The network's own daemons may hold theirs. */
async function refuseBusyPorts(network: NetworkHome, listening: HomeArgs["listening"]): Promise<void> {
  const wanted = Object.entries(listening).flatMap(([daemon, ports]) =>
    ports.flatMap(({ number, transports }) => transports.map((transport) => ({ daemon, number, transport }))),
  );
  const own = new Set(livingProcesses(network).map(({ pid }) => pid));
  const problems = await portProblems(wanted, (holder) => own.has(holder.pid) || mentions(holder, network));
  if (problems.length > 0) throw new TestnetError(problems);
}

/** A daemon whose start was interrupted has no record with its pid, but the network's paths on its command line. */
function mentions(holder: PortHolder, network: NetworkHome): boolean {
  return holder.command.includes(`${network.directory}/eras/`);
}
