import type { handleUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { differences, isWithin, topLevel } from "./difference";
import type { EngineLog } from "./engine-log";
import {
  Refused,
  type CheckFailure,
  type Diff,
  type Operation,
  type Properties,
  type Provider,
  type ResourceCall,
} from "./provider";
import { fromStruct, toServiceError, toStruct } from "./wire";

/**
 * Pulumi's provider protocol for a {@link Provider}: everything that is the same for all. One server serves one provider
 * resource: calls do not say which one they belong to.
 */
export class PluginServer {
  private readonly running = new Map<AbortController, Promise<unknown>>();

  constructor(
    private readonly provider: Provider,
    private readonly log: EngineLog,
  ) {}

  /** The methods of the gRPC service; those not named answer "unimplemented". */
  get service(): UntypedServiceImplementation {
    const { provider } = this;
    return {
      handshake: unary((request: messages.ProviderHandshakeRequest) => this.handshake(request)),
      attach: unary(() => new Empty()),
      getPluginInfo: unary(() => new PluginInfo().setVersion(provider.version)),
      checkConfig: unary((request: messages.CheckRequest) => this.checkConfig(request)),
      diffConfig: unary((request: messages.DiffRequest) => diffConfig(request)),
      configure: unary((request: messages.ConfigureRequest) => this.configure(request)),
      check: unary((request: messages.CheckRequest) => this.check(request)),
      diff: unary((request: messages.DiffRequest) => this.diff(request)),
      create: unary((request: messages.CreateRequest) => this.create(request)),
      read: unary((request: messages.ReadRequest) => this.read(request)),
      update: unary((request: messages.UpdateRequest) => this.update(request)),
      delete: unary((request: messages.DeleteRequest) => this.delete(request)),
      invoke: unary((request: messages.InvokeRequest) => this.invoke(request)),
      cancel: unary(() => {
        this.cancel();
        return new Empty();
      }),
    };
  }

  /**
   * Aborts what runs now. Later calls are served again: in attach mode the engine cancels at the end of every run and
   * stays for the next one.
   */
  cancel(): void {
    for (const controller of this.running.keys()) controller.abort();
  }

  /** Resolves when no call is being worked on. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled(this.running.values());
  }

  private handshake(request: messages.ProviderHandshakeRequest): messages.ProviderHandshakeResponse {
    this.log.connect(request.getEngineAddress());
    // Accepting nothing special: the engine then sends plain values and marks secrets again by itself.
    return new messages.ProviderHandshakeResponse();
  }

  private checkConfig(request: messages.CheckRequest): messages.CheckResponse {
    const inputs = fromStruct(request.getNews());
    const failures = this.provider.checkConfig?.(inputs) ?? [];
    return toCheckResponse(inputs, failures);
  }

  private async configure(request: messages.ConfigureRequest): Promise<messages.ConfigureResponse> {
    await this.provider.configure(fromStruct(request.getArgs()));
    return new messages.ConfigureResponse().setSupportspreview(true);
  }

  private async check(request: messages.CheckRequest): Promise<messages.CheckResponse> {
    const old = fromStruct(request.getOlds());
    const { inputs, failures } = await this.provider.check({
      ...resourceOf(request.getUrn()),
      inputs: fromStruct(request.getNews()),
      old: Object.keys(old).length > 0 ? old : undefined,
      randomSeed: request.getRandomseed_asU8(),
    });
    return toCheckResponse(inputs, failures);
  }

  private async diff(request: messages.DiffRequest): Promise<messages.DiffResponse> {
    const found = await this.provider.diff({
      ...resourceOf(request.getUrn()),
      id: request.getId(),
      old: fromStruct(request.getOldInputs()),
      inputs: fromStruct(request.getNews()),
      outputs: fromStruct(request.getOlds()),
    });
    const ignored = request.getIgnorechangesList();
    const kept = found.differences.filter(({ path }) => !ignored.some((above) => isWithin(path, above)));
    return toDiffResponse({ ...found, differences: kept });
  }

  private async create(request: messages.CreateRequest): Promise<messages.CreateResponse> {
    const inputs = fromStruct(request.getProperties());
    const preview = request.getPreview();
    const made = await this.operate(request.getUrn(), (operation) =>
      this.provider.create({ ...operation, inputs, preview }),
    );
    const response = new messages.CreateResponse().setProperties(toStruct(made.outputs));
    return response.setId(made.id ?? "").setRefreshBeforeUpdate(this.refreshes);
  }

  private async read(request: messages.ReadRequest): Promise<messages.ReadResponse> {
    const id = request.getId();
    const inputs = fromStruct(request.getInputs());
    const outputs = fromStruct(request.getProperties());
    const found = await this.operate(request.getUrn(), (operation) =>
      this.provider.read({ ...operation, id, inputs, outputs }),
    );
    // An empty answer says that it does not exist.
    if (found === undefined) return new messages.ReadResponse();
    return new messages.ReadResponse()
      .setId(found.id ?? id)
      .setInputs(toStruct(found.inputs))
      .setProperties(toStruct(found.outputs))
      .setRefreshBeforeUpdate(this.refreshes);
  }

  private async update(request: messages.UpdateRequest): Promise<messages.UpdateResponse> {
    const call = {
      id: request.getId(),
      old: fromStruct(request.getOldInputs()),
      inputs: fromStruct(request.getNews()),
      outputs: fromStruct(request.getOlds()),
      preview: request.getPreview(),
    };
    const outputs = await this.operate(request.getUrn(), (operation) =>
      this.provider.update({ ...operation, ...call }),
    );
    return new messages.UpdateResponse()
      .setProperties(toStruct(outputs))
      .setRefreshBeforeUpdate(this.refreshes);
  }

  private async delete(request: messages.DeleteRequest): Promise<Empty> {
    const outputs = fromStruct(request.getProperties());
    const inputs = fromStruct(request.getOldInputs() ?? request.getProperties());
    const id = request.getId();
    await this.operate(request.getUrn(), (operation) =>
      this.provider.delete({ ...operation, id, inputs, outputs }),
    );
    return new Empty();
  }

  private async invoke(request: messages.InvokeRequest): Promise<messages.InvokeResponse> {
    const token = request.getTok();
    const { provider } = this;
    if (provider.invoke === undefined) {
      throw new Refused(`the provider ${provider.name} has no function ${token}`);
    }
    const result = await provider.invoke(token, fromStruct(request.getArgs()));
    return new messages.InvokeResponse().setReturn(toStruct(result));
  }

  private get refreshes(): boolean {
    return this.provider.refreshBeforeUpdate ?? false;
  }

  private async operate<T>(urn: string, work: (operation: Operation) => T | Promise<T>): Promise<T> {
    const controller = new AbortController();
    const operation = { ...resourceOf(urn), signal: controller.signal, log: this.log.of(urn) };
    const done = (async () => work(operation))();
    this.running.set(controller, done);
    try {
      return await done;
    } finally {
      this.running.delete(controller);
    }
  }
}

/** urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME, where the name may hold anything. */
export function resourceOf(urn: string): ResourceCall {
  const [, , types = "", ...name] = urn.split("::");
  return { urn, type: types.split("$").at(-1) ?? "", name: name.join("::") };
}

function unary<Request, Response>(
  work: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    const answer = async () => work(call.request);
    answer().then(
      (response) => callback(null, response),
      (error: unknown) => callback(toServiceError(error)),
    );
  };
}

/** A provider that is configured otherwise is the same one: nothing it holds has to be replaced. */
function diffConfig(request: messages.DiffRequest): messages.DiffResponse {
  const found = differences(fromStruct(request.getOldInputs()), fromStruct(request.getNews()));
  return toDiffResponse({ differences: found, replaces: () => false });
}

function toDiffResponse({ differences: found, replaces, deleteBeforeReplace }: Diff): messages.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  const topLevels = (some: Diff["differences"]) => [...new Set(some.map(({ path }) => topLevel(path)))];
  const response = new messages.DiffResponse()
    .setChanges(found.length === 0 ? DIFF_NONE : DIFF_SOME)
    .setDiffsList(topLevels(found))
    .setReplacesList(topLevels(found.filter(({ path }) => replaces(path))))
    .setDeletebeforereplace(deleteBeforeReplace ?? false)
    .setHasdetaileddiff(true);
  for (const { path, kind } of found) {
    const name =
      `${kind.toUpperCase()}${replaces(path) ? "_REPLACE" : ""}` as keyof typeof messages.PropertyDiff.Kind;
    const detail = new messages.PropertyDiff().setKind(messages.PropertyDiff.Kind[name]).setInputdiff(true);
    response.getDetaileddiffMap().set(path, detail);
  }
  return response;
}

function toCheckResponse(inputs: Properties | object, failures: readonly CheckFailure[]) {
  return new messages.CheckResponse()
    .setInputs(toStruct(inputs))
    .setFailuresList(
      failures.map(({ property, reason }) =>
        new messages.CheckFailure().setProperty(property ?? "").setReason(reason),
      ),
    );
}
