/** Exit status of what Ctrl-C ended. */
export const INTERRUPTED = 130;

/**
 * Runs what only looks on until it ends or the person presses Ctrl-C; then the status is 130. Nothing has to be put in
 * order, so it ends at once; a second Ctrl-C ends it whatever it does.
 */
export async function untilInterrupted(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const controller = new AbortController();
  const onSignal = () => controller.abort();
  process.once("SIGINT", onSignal);
  process.once("SIGTERM", onSignal);
  try {
    const status = await work(controller.signal);
    return controller.signal.aborted ? INTERRUPTED : status;
  } finally {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
}
