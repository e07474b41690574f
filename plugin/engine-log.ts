import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import type { Log } from "./provider";

/** Sends lines to the engine, which shows them beside the resource they are about. */
export class EngineLog {
  private client: EngineClient | undefined;

  constructor(private address: string | undefined) {}

  /** The engine told its address. */
  connect(address: string): void {
    if (address === "" || address === this.address) return;
    this.client?.close();
    this.client = undefined;
    this.address = address;
  }

  /** The log of one resource. */
  of(urn: string): Log {
    return {
      info: (message) => this.send(urn, LogSeverity.INFO, message, false),
      warn: (message) => this.send(urn, LogSeverity.WARNING, message, false),
      status: (message) => this.send(urn, LogSeverity.INFO, message, true),
    };
  }

  private send(urn: string, severity: LogSeverity, message: string, ephemeral: boolean): void {
    if (this.address === undefined) return;
    this.client ??= new EngineClient(this.address, credentials.createInsecure());
    const request = new LogRequest();
    request.setUrn(urn);
    request.setSeverity(severity);
    request.setMessage(message);
    request.setEphemeral(ephemeral);
    // A line that gets lost must not fail the work it tells of.
    this.client.log(request, () => undefined);
  }
}
