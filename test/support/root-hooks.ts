/**
 * Takes away what Pulumi leaves in this process. A run of an inline program listens for uncaught errors until it has ended
 * (@pulumi/pulumi, automation/server.js). One whose engine ends while a component is being registered never ends: the
 * component's outputs wait for a URN that nobody tells any more. Its two listeners stay, and with the thirty-first such run
 * Node warns of a leak. In tests the runs of a test are over when it is.
 *
 * A command of the CLI makes no more than a few runs, and is left alone: there the listeners keep errors that come late from
 * ending it in the middle of a sentence. Here mocha's own do.
 */
const EVENTS = ["uncaughtException", "unhandledRejection"] as const;

/** Who listens now: mocha, before any test. */
export function listeners(): ReadonlySet<unknown> {
  return new Set(EVENTS.flatMap((event) => process.rawListeners(event)));
}

/** Leaves those who are known, and no others. */
export function removeListenersBut(known: ReadonlySet<unknown>): void {
  for (const event of EVENTS) {
    for (const listener of process.rawListeners(event)) {
      if (!known.has(listener)) process.off(event, listener as () => void);
    }
  }
}

let known: ReadonlySet<unknown> = new Set();

export const mochaHooks = {
  beforeAll(): void {
    known = listeners();
  },
  afterEach(): void {
    removeListenersBut(known);
  },
};
