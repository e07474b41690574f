import { Interrupted } from "../ui/errors";

/** How long the engine is given to hear of a Ctrl-C from the terminal before it is told by us. */
const TERMINAL_GRACE_MS = 1500;

/**
 * Runs one operation of the engine with a signal of its own, which follows the command's. The Automation API never takes its
 * listener away again: on a signal that outlives the operation it would hold on to the engine's process with all it wrote, and
 * Node warns when there are eleven.
 */
export async function withOwnSignal<T>(
  signal: AbortSignal,
  operation: (own: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = () => controller.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort);
  try {
    return await operation(controller.signal);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/**
 * Runs work that Ctrl-C ends in order. A terminal sends the signal to every process of the foreground group, the engine
 * included, and a second one would make it drop everything: so on a terminal the engine is told only if it has not ended
 * by itself.
 * @throws Interrupted when the work was cut short
 */
export async function interruptible<T>(
  message: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let interrupted = false as boolean; // set in a callback, which the compiler does not follow
  let timer: NodeJS.Timeout | undefined;
  const onSignal = () => {
    if (interrupted) return;
    interrupted = true;
    process.stderr.write("\nStopping in order …\n");
    const abort = () => controller.abort(new Interrupted(message));
    if (process.stdin.isTTY) timer = setTimeout(abort, TERMINAL_GRACE_MS);
    else abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  try {
    return await work(controller.signal);
  } catch (error) {
    throw interrupted ? new Interrupted(message) : error;
  } finally {
    clearTimeout(timer);
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
}
