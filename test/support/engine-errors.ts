import type { EngineEvent } from "@pulumi/pulumi/automation";

/** Errors that the engine told, as a person reads them, without colours. */
export function errorsIn(events: readonly EngineEvent[]): string {
  return told(events)
    .map(({ message }) => message.replace(/<\{%[^%]*%\}>/g, ""))
    .join("\n");
}

/** Errors that the engine told of resources, by URN. */
export function errorsByUrn(events: readonly EngineEvent[]): ReadonlyMap<string, string> {
  return new Map(
    told(events).flatMap(({ urn, message }) => (urn === undefined ? [] : [[urn, message] as const])),
  );
}

function told(events: readonly EngineEvent[]) {
  return events.flatMap(({ diagnosticEvent: event }) => (event?.severity === "error" ? [event] : []));
}
