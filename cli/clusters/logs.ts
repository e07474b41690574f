import { PassThrough } from "node:stream";
import { TestnetError } from "../../errors/problem";
import { nearest } from "../../stacks/config/nearest";
import { clientLibrary, type ClusterDoor, reasonOf } from "./door";
import { wantedPods } from "./judge";
import type { ClusterNetworkView } from "./network";
import { type PodReading, readCluster } from "./reading";

/** A container whose log is read. */
export interface LogPlace {
  readonly door: ClusterDoor;
  readonly network: string;
  readonly pod: PodReading;
  readonly container: string;
}

/**
 * Where the log of a daemon is; that of the first pod where it has several copies.
 * @throws TestnetError TN1015 for a daemon the network does not have, TN3010, TN3011 where it has no pod
 */
export async function logPlace({ plan, doors }: ClusterNetworkView, daemon: string): Promise<LogPlace> {
  const found = plan.daemons.find(({ name }) => name === daemon)?.workload;
  const service = wantedPods(plan).find(({ name }) => name === daemon);
  const place =
    found ?? (service === undefined ? undefined : { cluster: service.cluster, pod: service.name });
  if (place === undefined) throw unknownDaemon(plan, daemon);
  const door = doors.find(({ name }) => name === place.cluster);
  if (door === undefined) throw new Error(`no way into the cluster ${place.cluster}`);
  const { pods, problem } = await readCluster(door, plan.network);
  if (problem !== undefined) throw new TestnetError({ code: "TN3010", at: door.name, message: problem });
  const [pod] = pods.filter((one) => one.daemon === place.pod && !one.leaving);
  if (pod !== undefined) return { door, network: plan.network, pod, container: daemon };
  throw new TestnetError({ code: "TN3011", at: daemon, message: `it has no pod in ${door.name}` });
}

function unknownDaemon({ network, daemons }: ClusterNetworkView["plan"], daemon: string): TestnetError {
  const names = daemons.map(({ name }) => name);
  const guess = nearest(daemon, names);
  return new TestnetError({
    code: "TN1015",
    at: network,
    message: "the network has no daemon of that name",
    given: daemon,
    allowed: names.join(", "),
    ...(guess !== undefined && { remedy: `Did you mean ${guess}?` }),
  });
}

export interface PodLogOptions {
  readonly lines: number;
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
  /** Bytes at most; all of those lines by default. */
  readonly limitBytes?: number;
}

/** The end of a container's log, and with `follow` what comes, until the signal. @throws TestnetError TN3011 */
export async function* podLog(
  { door, network, pod, container }: LogPlace,
  { lines, follow = false, signal, limitBytes }: PodLogOptions,
): AsyncGenerator<Buffer> {
  const { Log } = clientLibrary();
  const stream = new PassThrough();
  const options = { follow, tailLines: lines, ...(limitBytes !== undefined && { limitBytes }) };
  const refused = (error: unknown) =>
    new TestnetError(
      { code: "TN3011", at: pod.name, message: pod.simulated ? SIMULATED : reasonOf(error) },
      { cause: error },
    );
  let call: AbortController;
  try {
    call = await new Log(door.config).log(network, pod.name, container, stream, options);
  } catch (error) {
    throw refused(error);
  }
  const stop = () => {
    call.abort();
    stream.end();
  };
  signal?.addEventListener("abort", stop, { once: true });
  try {
    for await (const piece of stream) yield piece as Buffer;
  } catch (error) {
    if (signal?.aborted !== true) throw refused(error);
  } finally {
    signal?.removeEventListener("abort", stop);
    call.abort();
  }
}

const SIMULATED = "nothing runs in it: the machine is simulated";
