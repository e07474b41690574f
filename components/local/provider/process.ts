import { readProcessRecord, recordIsAlive } from "../processes";
import type { ProcessArgs, StoppedFirst } from "../resources";
import { areEqual } from "../../../plugin/difference";
import { Cancelled, PartialFailure, type Operation, type ResourceHandler } from "./handler";
import { fileName, networkHome, referenceResolver } from "./places";
import { programEnvironment, programOf, type ResolveProgram } from "./program";
import { startDaemon, type Launch } from "./start-daemon";
import { stopDaemon } from "./stop-daemon";

interface ProcessOutputs {
  readonly pid: number;
  readonly log: string;
}

/**
 * One daemon as a process; see ProcessResource.
 *
 * A start that fails or is cancelled stops the process again. A create then fails plainly: nothing exists, nothing is in
 * the state, and it holds even if the engine cannot save its state any more. An update fails with the resource kept as
 * not initialised, because the old process is gone: the next `up` sees that and starts a new one.
 */
export function processHandler(resolveProgram: ResolveProgram): ResourceHandler<ProcessArgs, ProcessOutputs> {
  return {
    computed: { pid: "volatile", log: "stable" },
    replacedBy: [],
    compared,

    async create(inputs, operation) {
      const launch = await prepare(inputs, resolveProgram, operation);
      const id = `${inputs.network}/${inputs.daemon.name}`;
      if (livingOutputs(inputs, operation.home) === undefined) await stopFirst(inputs, operation);
      try {
        return { id, outputs: await start(launch, operation) };
      } catch (error) {
        // It could not even be stopped again: that must not be forgotten.
        const outputs = livingOutputs(inputs, operation.home);
        throw outputs === undefined ? error : new PartialFailure(id, outputs, error as Error);
      }
    },

    read: (inputs, { home }) => livingOutputs(inputs, home),

    async update({ id, old, inputs, outputs }, operation) {
      const launch = await prepare(inputs, resolveProgram, operation);
      // Without a change the engine asks to finish what failed before.
      if (!areEqual(compared(old), compared(inputs))) {
        await stopFirst(inputs, operation);
        await stop(old, operation);
      }
      try {
        return await start(launch, operation);
      } catch (error) {
        throw new PartialFailure(id, outputs, error as Error);
      }
    },

    delete: stop,
  };
}

/** Whom a daemon stops before its start is no reason to start it again. */
function compared(inputs: ProcessArgs): object {
  return { ...inputs, stopsFirst: [] };
}

/** Finds out everything a start needs before the running process is touched. */
async function prepare(
  { network: name, era: number, daemon }: ProcessArgs,
  resolveProgram: ResolveProgram,
  operation: Operation,
): Promise<Launch> {
  const network = networkHome(operation.home, name);
  const era = network.era(number);
  const resolve = referenceResolver({ era, daemon: daemon.name });
  const args = daemon.args.map(resolve);
  const files = daemon.files.map((file) => ({ path: file.path, content: resolve(file.content) }));
  const own = Object.entries(daemon.env).map(([variable, value]) => [variable, resolve(value)]);
  const env = programEnvironment(Object.fromEntries(own) as Record<string, string>);
  const program = await programOf(daemon.program, resolveProgram, operation);
  if (operation.signal.aborted) throw new Cancelled(`${daemon.name} was cancelled before it was touched`);
  return { network, era: number, daemon, program, args, files, env, data: era.data(fileName(daemon.name)) };
}

async function start(launch: Launch, operation: Operation): Promise<ProcessOutputs> {
  const { pid } = await startDaemon(launch, operation);
  return { pid, log: launch.network.log(launch.daemon.name) };
}

function stop({ network, era, daemon }: ProcessArgs, operation: Operation): Promise<void> {
  const { name, program, stop } = daemon;
  return stopNamed(network, era, { name, program, graceSeconds: stop.graceSeconds }, operation);
}

/** The resources of these daemons see that a process they restart with is a new one, and start them again. */
async function stopFirst({ network, era, stopsFirst }: ProcessArgs, operation: Operation): Promise<void> {
  await Promise.all((stopsFirst ?? []).map((daemon) => stopNamed(network, era, daemon, operation)));
}

function stopNamed(name: string, era: number, daemon: StoppedFirst, operation: Operation): Promise<void> {
  const network = networkHome(operation.home, name);
  const data = [network.era(era).data(fileName(daemon.name))];
  return stopDaemon({ network, ...daemon, data }, operation);
}

function livingOutputs({ network: name, daemon }: ProcessArgs, home: string): ProcessOutputs | undefined {
  const network = networkHome(home, name);
  const record = readProcessRecord(network.processRecord(fileName(daemon.name)));
  if (record?.identity === undefined || !recordIsAlive(record)) return undefined;
  return { pid: record.identity.pid, log: record.log };
}
