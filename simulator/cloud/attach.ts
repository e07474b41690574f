import {
  Server,
  ServerCredentials,
  type handleUnaryCall,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { EngineLog } from "../../plugin/engine-log";
import { PluginServer } from "../../plugin/server";
import type { Clock } from "./clock";
import type { Caller } from "./methods";
import { SimulatedProvider } from "./provider";
import type { World } from "./world";

/**
 * A server of its own on 127.0.0.1 for one provider resource: calls do not say which provider they are for. It ends with
 * the connection of the plugin that asked for it.
 */
export async function attach(world: World, provider: string, caller: Caller): Promise<{ port: number }> {
  const cloud = world.clouds[provider];
  if (cloud === undefined) throw new Error(`no simulated cloud ${provider}`);
  const plugin = new PluginServer(new SimulatedProvider(world, cloud), new EngineLog(undefined));
  const server = new Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.addService(ResourceProviderService, touching(plugin.service, world.clock));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  caller.onLeave(() => {
    plugin.cancel();
    void plugin.idle().then(() => server.forceShutdown());
  });
  return { port };
}

/** Each call and each answer keeps the simulated time still for a moment: the engine is at work. */
function touching(service: UntypedServiceImplementation, clock: Clock): UntypedServiceImplementation {
  const wrapped = Object.entries(service).map(([name, handle]) => {
    const inner = handle as handleUnaryCall<unknown, unknown>;
    const outer: handleUnaryCall<unknown, unknown> = (call, callback) => {
      clock.touch();
      inner(call, (...answer) => {
        clock.touch();
        callback(...answer);
      });
    };
    return [name, outer] as const;
  });
  return Object.fromEntries(wrapped);
}
