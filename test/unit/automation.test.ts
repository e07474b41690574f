import assert from "node:assert/strict";
import * as grpc from "@grpc/grpc-js";
import { automationApi } from "../../tools/automation";

interface Settings {
  readonly grpcClientOptions: grpc.ClientOptions;
}

describe("clients of the engine", () => {
  it("reach an engine on the port of one that is gone, whose clients nobody closed", async () => {
    automationApi();
    const { grpcClientOptions } = require("@pulumi/pulumi/runtime/settings") as Settings;
    const port = await new Promise<number>((resolve, reject) => {
      const server = new grpc.Server();
      server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
        server.forceShutdown();
        if (error === null) resolve(bound);
        else reject(error);
      });
    });
    const client = () =>
      new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), grpcClientOptions);
    const ask = (one: grpc.Client) =>
      new Promise<grpc.status | undefined>((resolve) => {
        const bytes = (value: Buffer) => value;
        one.makeUnaryRequest("/pulumirpc.Engine/GetRootResource", bytes, bytes, Buffer.alloc(0), (error) =>
          resolve(error?.code),
        );
      });
    const left = client();
    assert.equal(await ask(left), grpc.status.UNAVAILABLE);
    const next = new grpc.Server();
    await new Promise<void>((resolve, reject) => {
      next.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error) =>
        error === null ? resolve() : reject(error),
      );
    });
    const fresh = client();
    try {
      assert.equal(await ask(fresh), grpc.status.UNIMPLEMENTED, "it was reached, and knows no such method");
    } finally {
      for (const one of [left, fresh]) one.close();
      next.forceShutdown();
    }
  });
});
