import * as http from "node:http";
import type { Observed } from "../../protocols/ethereum/observations";

/**
 * HTTP to daemons of this machine. Not `fetch`: that one refuses some ports a network may well have (10080, 6667 …) and
 * hides behind "fetch failed" what went wrong.
 */

/** How a request is made. */
export interface RequestOptions {
  /** Makes it a POST of this JSON text. */
  readonly body?: string;
  /** Milliseconds until the whole answer must be there. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** A client under load may take seconds; one that takes longer is as good as silent. */
export const REQUEST_TIMEOUT_MS = 5000;

/** Larger answers are none that we asked for. */
const LARGEST_ANSWER_BYTES = 32 * 1024 * 1024;

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "the connection was cut",
  EPIPE: "the connection was cut",
};

/**
 * Sends a request and reads the whole answer, whatever its status. Never throws: what goes wrong, an abort included, is
 * the reason.
 */
export function request(url: string, options: RequestOptions = {}): Promise<Observed<HttpAnswer>> {
  const { body, timeoutMs = REQUEST_TIMEOUT_MS, signal } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const either = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
  return send(url, body, either).then(
    (value): Observed<HttpAnswer> => ({ ok: true, value }),
    (error: unknown): Observed<HttpAnswer> => {
      if (signal?.aborted === true) return { ok: false, reason: "interrupted" };
      if (timeout.aborted) return { ok: false, reason: `no answer within ${timeoutMs / 1000} s` };
      return { ok: false, reason: reasonOf(error) };
    },
  );
}

function send(url: string, body: string | undefined, signal: AbortSignal): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "content-type": "application/json" };
    const call = http.request(url, {
      method: body === undefined ? "GET" : "POST",
      headers: { accept: "application/json", ...headers },
      // A connection of its own: a daemon that restarts leaves no dead one behind.
      agent: false,
      signal,
    });
    call.once("error", reject);
    call.once("response", (response) => {
      const pieces: Buffer[] = [];
      let size = 0;
      response.on("data", (piece: Buffer) => {
        size += piece.length;
        if (size > LARGEST_ANSWER_BYTES) call.destroy(new Error("the answer does not end"));
        else pieces.push(piece);
      });
      response.once("error", reject);
      response.once("end", () => {
        const text = Buffer.concat(pieces).toString("utf8");
        resolve({ status: response.statusCode ?? 0, text });
      });
    });
    call.end(body);
  });
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return WORDS[code ?? ""] ?? message;
}
