import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** The plugin's folder, as Pulumi.yaml names it. */
export const PLUGIN_DIRECTORY = path.join(__dirname, "..", "..", "components", "local", "provider");

const PLUGIN = path.join(PLUGIN_DIRECTORY, "pulumi-resource-testnet-local");

/** The plugin as a process of its own, spoken to as the engine does. */
export class PluginProcess {
  private constructor(
    readonly child: ChildProcess,
    readonly client: ResourceProviderClient,
  ) {}

  /** Started and configured. */
  static async start(home: string, engine = "127.0.0.1:1"): Promise<PluginProcess> {
    const child = spawn(PLUGIN, [engine], { stdio: ["pipe", "pipe", "inherit"] });
    const [port] = (await once(createInterface(child.stdout), "line")) as [string];
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    const plugin = new PluginProcess(child, client);
    await call<messages.ConfigureResponse>((done) =>
      client.configure(new messages.ConfigureRequest().setArgs(struct({ home })), done),
    );
    return plugin;
  }

  create(type: string, inputs: object): Promise<messages.CreateResponse> {
    const request = new messages.CreateRequest().setUrn(urn(type)).setProperties(struct(inputs));
    return call((done) => this.client.create(request, done));
  }

  delete(type: string, inputs: object): Promise<unknown> {
    const request = new messages.DeleteRequest().setUrn(urn(type)).setId("x");
    return call((done) => this.client.delete(request.setOldInputs(struct(inputs)), done));
  }

  /** Resolves when the process has ended. */
  async ended(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, "exit");
    this.client.close();
  }
}

export function urn(type: string): string {
  return `urn:pulumi:test::testnet::testnet:local:Network$testnet-local:index:${type}::name`;
}

export function struct(properties: object): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)) as Record<string, string>);
}

/** A call of a client as a promise. */
export function call<Response>(
  start: (done: (error: ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    start((error, response) => (error === null ? resolve(response) : reject(error)));
  });
}
