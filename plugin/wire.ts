import { status, type ServiceError } from "@grpc/grpc-js";
import { Metadata } from "@grpc/grpc-js";
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { TestnetError } from "../errors/problem";
import { Cancelled, PartialFailure, type Properties, Refused } from "./provider";

/** Between the messages of the protocol and plain data. */

/** A value wrapped for the wire carries this key; its value says how it is wrapped. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Trailers have a bounded size; what a person can use stands at the end of a log anyway. */
const LONGEST_MESSAGE = 6000;

/** The properties of a message as plain data. The engine wraps secrets even for providers that did not ask for them. */
export function fromStruct(struct: Struct | undefined): Properties {
  return struct === undefined ? {} : (unwrap(struct.toJavaScript()) as Properties);
}

export function toStruct(properties: object): Struct {
  // JSON first: it drops undefined, at which the library throws.
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)) as Record<string, JavaScriptValue>);
}

function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrap);
  if (value === null || typeof value !== "object") return value;
  const properties = value as Record<string, unknown>;
  if (properties[SIGNATURE] === SECRET) return unwrap(properties.value);
  return Object.fromEntries(Object.entries(properties).map(([key, inner]) => [key, unwrap(inner)]));
}

/** An error as the engine shall show it: a problem of the user in full, a fault of ours with its stack. */
export function toServiceError(error: unknown): Partial<ServiceError> {
  if (error instanceof PartialFailure) return initFailed(error);
  if (error instanceof TestnetError) return plain(status.FAILED_PRECONDITION, error.message);
  if (error instanceof Refused) return plain(status.UNKNOWN, error.message);
  if (error instanceof Cancelled) return plain(status.CANCELLED, error.message);
  // INTERNAL makes the engine say that the resource's state is unknown: true of a fault of ours.
  return plain(status.INTERNAL, error instanceof Error ? (error.stack ?? error.message) : String(error));
}

function plain(code: status, message: string): Partial<ServiceError> {
  return { code, details: clip(message) };
}

function initFailed(failure: PartialFailure): Partial<ServiceError> {
  const message = clip(failure.message);
  const detail = new provider.ErrorResourceInitFailed();
  detail.setId(failure.id);
  detail.setProperties(toStruct(failure.outputs));
  detail.setReasonsList([message]);
  detail.setRefreshBeforeUpdate(true);
  const packed = new Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const full = new Status();
  full.setCode(status.UNKNOWN);
  full.setMessage(message);
  full.addDetails(packed);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(full.serializeBinary()));
  return { code: status.UNKNOWN, details: message, metadata };
}

function clip(message: string): string {
  if (message.length <= LONGEST_MESSAGE) return message;
  const half = LONGEST_MESSAGE / 2;
  return `${message.slice(0, half)}\n…\n${message.slice(-half)}`;
}
