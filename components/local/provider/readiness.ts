import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { portOf, readinessPort, type Daemon } from "../../../protocols/plan";
import { accepts } from "../ports";
import { Cancelled, type Operation } from "./handler";

const POLL_MS = 100;

/** From when on a person is told what is being waited for. */
const QUIET_SECONDS = 2;

/** How often from then on: where there is no terminal every word becomes a line. */
const TELL_EVERY_SECONDS = 5;

/** A daemon that accepts a connection and then says nothing is asked again. */
const ONE_TRY_MS = 5000;

/** Why a daemon is not ready and never will be. */
export type Unready = { readonly kind: "ended" } | { readonly kind: "timeout"; readonly seconds: number };

/**
 * Waits until a daemon answers its probe, and still lives then: another program may answer in its place. Returns why not
 * where it never will; throws {@link Cancelled}.
 */
export async function waitUntilReady(
  daemon: Daemon,
  isAlive: () => boolean,
  operation: Operation,
): Promise<Unready | undefined> {
  const { signal, log } = operation;
  const started = Date.now();
  const limit = daemon.readiness.timeoutSeconds;
  let tellAt = QUIET_SECONDS;
  for (;;) {
    const answers = await probe(daemon, signal);
    if (signal.aborted) throw new Cancelled(`${daemon.name} was cancelled before it was ready`);
    if (!isAlive()) return { kind: "ended" };
    if (answers) return undefined;
    const waited = (Date.now() - started) / 1000;
    if (waited >= limit) return { kind: "timeout", seconds: limit };
    if (waited >= tellAt) {
      tellAt = waited + TELL_EVERY_SECONDS;
      const number = readinessPort(daemon)?.number ?? "none";
      log.status(
        `waiting for ${daemon.name} to answer on port ${number} (${Math.floor(waited)} of ${limit} s)`,
      );
    }
    // An abort ends the pause; the loop then sees it.
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Asks once. */
async function probe(daemon: Daemon, signal: AbortSignal): Promise<boolean> {
  const { readiness } = daemon;
  if (readiness.kind === "running") return true;
  const { number } = portOf(daemon, readiness.port);
  if (readiness.kind === "tcp") return accepts(number);
  const status = await httpStatus(number, readiness.path, readiness.body, signal);
  return status !== undefined && readiness.statuses.includes(status);
}

function httpStatus(
  port: number,
  path: string,
  body: string | undefined,
  signal: AbortSignal,
): Promise<number | undefined> {
  return new Promise((resolve) => {
    const headers = body === undefined ? {} : { "content-type": "application/json" };
    const method = body === undefined ? "GET" : "POST";
    // No agent: a kept connection would outlive the daemon it was made to.
    const call = request({
      host: "127.0.0.1",
      port,
      path,
      method,
      headers,
      agent: false,
      signal,
      timeout: ONE_TRY_MS,
    });
    call.once("response", (response) => {
      resolve(response.statusCode);
      response.destroy();
    });
    call.once("timeout", () => call.destroy());
    call.once("error", () => resolve(undefined));
    call.once("close", () => resolve(undefined));
    call.end(body);
  });
}
